import { type Static, Type } from 'typebox';
import { WITHHELD_ACCESS } from '@clearance/contracts';
import { closed, digest, ordinal, orNull, time, unit, uuid } from '../http/answers.ts';

/** One thing that the negative list took out of a view. */
export const withheldItem = {
  path: Type.String({ description: 'JSON Pointer into the result as it was issued; empty: the whole' }),
  entry: Type.String(),
  legalBasis: Type.String(),
  access: Type.Enum([...WITHHELD_ACCESS]),
};

/** The grants under which something was shown in a view. */
export const grantsOfView = () =>
  Type.Optional(
    Type.Array(uuid(), {
      description: 'Grants without which more would have been withheld; absent where there was none',
    }),
  );

/** Where something stands in the ledger. */
export const ledgerPlace = () =>
  Type.Object({ sequence: ordinal(), hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, closed);

export const DisclosureSchema = Type.Object(
  {
    version: ordinal(),
    consumer: unit(),
    listVersion: Type.String(),
    decidedAt: time('When the gateway decided, and wrote it down'),
    receiptAt: orNull(
      time('When the consumer confirmed that it holds this view; null while it has not, or if it holds another one'),
    ),
    withheld: Type.Array(Type.Object(withheldItem, closed)),
    grants: grantsOfView(),
    tokenDigest: digest('SHA-256 of the token that was given'),
    ledger: ledgerPlace(),
  },
  closed,
);
/** That one consumer was given one view of one version of a result. */
export type Disclosure = Static<typeof DisclosureSchema>;

export const DisclosuresSchema = Type.Object(
  { resultId: uuid(), issuer: unit(), kind: Type.String(), disclosures: Type.Array(DisclosureSchema) },
  closed,
);
/** Who was shown what of a result, under which entries: the answer of `GET /api/v1/results/{id}/disclosures`. */
export type DisclosuresOfResult = Static<typeof DisclosuresSchema>;

/** Such an answer. */
export const DISCLOSURES_EXAMPLE: DisclosuresOfResult = {
  resultId: '019aa5a1-7c5b-7000-8000-000000000001',
  issuer: 'ln.border',
  kind: 'border.crew',
  disclosures: [
    {
      version: 1,
      consumer: 'hl.customs',
      listVersion: '2026.11-1',
      decidedAt: '2026-11-21T08:00:00.000Z',
      receiptAt: '2026-11-21T08:00:00.250Z',
      withheld: [
        {
          path: '/border/persons/0/birthDate',
          entry: 'NL-001',
          legalBasis: '《出境入境管理法》第八十五条第（三）项',
          access: 'on-request',
        },
      ],
      tokenDigest: 'mF3K1cO0b0b2s1q3J3v9h8Yw2dYcYb6l0mZk9J7p0Qk',
      ledger: { sequence: 12, hash: '6b3a2f0c9d6c1d0a8f4a5c27e0f5b6d1c3e2a9b80f7d6e5c4b3a29181706f5e4' },
    },
  ],
};
