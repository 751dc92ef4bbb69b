import { Type, type Static } from 'typebox';
import { WITHHELD_ACCESS } from '../result/view.ts';
import { closed, timestamp, uuid7 } from '../result/scalars.ts';

/** Characters of a token, at most: a crew of 2,000 persons makes 1.8 million. */
export const MAX_TOKEN_CHARACTERS = 3 * 1_048_576;

/** An SD-JWT with its disclosures: base64url, dots and tildes. */
const token = () => Type.String({ minLength: 1, maxLength: MAX_TOKEN_CHARACTERS, pattern: '^[A-Za-z0-9_.~-]+$' });

/** W3C Trace Context of the request that the result came with. */
const traceparent = () =>
  Type.Optional(Type.String({ pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$', maxLength: 55 }));

const version = () => Type.Integer({ minimum: 1, maximum: 2_147_483_647 });

/** Results in one internal message, at most; `limits.packResults` of a mesh is at or below it. */
export const MAX_PACK = 1024;

export const WithheldSchema = Type.Object(
  {
    path: Type.String({ maxLength: 1024 }),
    entry: Type.String({ minLength: 1, maxLength: 64 }),
    legalBasis: Type.String({ maxLength: 2000 }),
    access: Type.Enum([...WITHHELD_ACCESS]),
  },
  closed,
);

/** OFFERS: results that a unit issued, as signed. */
export const OfferMessageSchema = Type.Object(
  {
    results: Type.Array(Type.Object({ token: token(), traceparent: traceparent() }, closed), {
      minItems: 1,
      maxItems: MAX_PACK,
    }),
  },
  closed,
);
export type OfferMessage = Static<typeof OfferMessageSchema>;

/** COPIES: one issuer's results as this unit may see them, under one version of the negative list. */
export const CopiesMessageSchema = Type.Object(
  {
    /** Version of the negative list; 'none' when none was active and all was withheld. */
    listVersion: Type.String({ minLength: 1, maxLength: 64 }),
    copies: Type.Array(
      Type.Object(
        {
          token: token(),
          withheld: Type.Array(WithheldSchema, { maxItems: 32_768 }),
          /**
           * Absent for the view that was given first. A version that is decided anew, since a stricter list has come
           * into force or more may be seen, is given as another view: the highest number takes the place of the others.
           */
          view: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
          traceparent: traceparent(),
        },
        closed,
      ),
      { minItems: 1, maxItems: MAX_PACK },
    ),
  },
  closed,
);
export type CopiesMessage = Static<typeof CopiesMessageSchema>;

/** SHA-256 of a token, base64url. */
const tokenDigest = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43 });

/** RECEIPTS: versions that this unit has durably taken, and as which view: the ledger may hold several of one version. */
export const ReceiptsMessageSchema = Type.Object(
  {
    receipts: Type.Array(
      Type.Object(
        {
          resultId: uuid7(),
          version: version(),
          tokenDigest: tokenDigest(),
          /** Of the receiving; only while the trace is recorded. */
          traceparent: traceparent(),
        },
        closed,
      ),
      { minItems: 1, maxItems: MAX_PACK },
    ),
  },
  closed,
);
export type ReceiptsMessage = Static<typeof ReceiptsMessageSchema>;

/** SETTLEMENTS: versions for which every entitled unit has given its receipt. */
/** `keyId` is the key that signed what is settled; a version that was signed anew meanwhile is not settled by it. */
const SettlementSchema = Type.Object(
  {
    resultId: uuid7(),
    version: version(),
    settledAt: timestamp(),
    keyId: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    /** Of the last receipt; only while the trace is recorded. */
    traceparent: traceparent(),
  },
  closed,
);

export const SettlementsMessageSchema = Type.Object(
  {
    settlements: Type.Array(SettlementSchema, {
      minItems: 1,
      maxItems: MAX_PACK,
    }),
  },
  closed,
);
export type SettlementsMessage = Static<typeof SettlementsMessageSchema>;
