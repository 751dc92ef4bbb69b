import { type Static, Type } from 'typebox';
import { closed, count, cursor, ordinal, orNull, time } from '../../http/answers.ts';

const chainHash = () => Type.String({ pattern: '^[0-9a-f]{64}$' });

/** The answer of `GET /api/v1/ledger/heads`. */
export const HeadsSchema = Type.Object(
  {
    end: orNull(Type.Object({ sequence: ordinal(), hash: chainHash() }, closed)),
    unsigned: count('Rows after the newest head: it is signed every few seconds'),
    heads: Type.Array(
      Type.Object(
        {
          sequence: ordinal(),
          hash: chainHash(),
          at: time('When it was signed'),
          signature: Type.String({ description: 'Detached JWS' }),
          keyId: orNull(Type.String()),
          verified: Type.Boolean({ description: 'Whether the signature holds' }),
          stands: Type.Boolean({ description: 'Whether the ledger has at this place what was signed' }),
        },
        closed,
      ),
    ),
    cursor: cursor(),
  },
  closed,
);

const HASH = '6b3a2f0c9d6c1d0a8f4a5c27e0f5b6d1c3e2a9b80f7d6e5c4b3a29181706f5e4';

/** Such an answer. */
export const HEADS_EXAMPLE: Static<typeof HeadsSchema> = {
  end: { sequence: 4711, hash: HASH },
  unsigned: 0,
  heads: [
    {
      sequence: 4711,
      hash: HASH,
      at: '2026-11-21T08:00:10.000Z',
      signature: 'eyJhbGciOiJFZERTQSJ9..c2lnbmF0dXJl',
      keyId: 'gateway/20261101-1ce1',
      verified: true,
      stands: true,
    },
  ],
};
