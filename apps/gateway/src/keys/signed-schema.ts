import { type Static, Type } from 'typebox';
import { closed, cursor, ordinal, orNull, time, unit, uuid } from '../http/answers.ts';

export const SignedVersionSchema = Type.Object(
  {
    resultId: uuid(),
    version: ordinal(),
    issuer: unit(),
    kind: Type.String(),
    issuedAt: time('What the token says of its time'),
    disclosedAt: time('When the gateway first disclosed it'),
    since: Type.Enum(['issued', 'disclosed'], {
      description:
        'issued: it says itself that it was signed then; disclosed: it says earlier, and was disclosed then, so that it ' +
        'may be backdated',
    }),
    replacedAt: orNull(time('When its issuer had signed it anew, and it was given to all again')),
    holders: Type.Array(unit(), { description: 'Units that confirmed that they hold it under this signature' }),
  },
  closed,
);
/** A version that was disclosed under the signature of a key in question. */
export type SignedVersion = Static<typeof SignedVersionSchema>;

export const SignedSchema = Type.Object(
  {
    kid: Type.String(),
    owner: Type.String({ description: 'A unit, the gateway, or the policy' }),
    notBefore: time(),
    notAfter: Type.Optional(time()),
    revokedAt: Type.Optional(time()),
    since: time('From when on results are named'),
    results: Type.Array(SignedVersionSchema),
    cursor: cursor(),
  },
  closed,
);
/** The answer of `GET /api/v1/keys/{kid}/results`. */
export type SignedAnswer = Static<typeof SignedSchema>;

/** Such an answer. */
export const SIGNED_EXAMPLE: SignedAnswer = {
  kid: 'ln.customs/20261121-9f3a',
  owner: 'ln.customs',
  notBefore: '2026-11-01T00:00:00.000Z',
  revokedAt: '2026-11-21T09:00:00.000Z',
  since: '2026-11-21T07:00:00.000Z',
  results: [
    {
      resultId: '019aa5a1-7c5b-7000-8000-000000000001',
      version: 1,
      issuer: 'ln.customs',
      kind: 'customs.examination',
      issuedAt: '2026-11-21T08:00:00.000Z',
      disclosedAt: '2026-11-21T08:00:00.120Z',
      since: 'issued',
      replacedAt: null,
      holders: ['hl.border', 'jl.customs'],
    },
  ],
};
