import { Type, type Static } from 'typebox';
import { RESULT_KINDS } from '../codes/results.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed, text, timestamp, unitId, uuid } from '../result/scalars.ts';
import { REOFFER_REFUSALS } from '../wire/reconciliation.ts';

/**
 * Why versions that were given before are decided anew: `recall` (收回) — from then on less may be seen, and what was given
 * is taken back from everybody; `catch-up` (补发) — more may be seen, and is given.
 */
export const REVIEW_MODES = ['recall', 'catch-up'] as const;
/**
 * How far a review is: `scheduled` — it begins later; `under-way` — versions are still to be decided, or receipts are
 * missing; `confirmed` — everybody has confirmed that they hold what may be seen, and nothing else; `incomplete` — so it
 * is but for versions that their issuers cannot offer again.
 */
export const REVIEW_STATES = ['scheduled', 'under-way', 'confirmed', 'incomplete'] as const;

const units = () => Type.Array(unitId(), { minItems: 1, maxItems: 1_000, uniqueItems: true });

export const CatchUpRequestSchema = Type.Object(
  {
    /** Results of these kinds; of all when absent. */
    kinds: Type.Optional(Type.Array(Type.Enum([...RESULT_KINDS]), { minItems: 1, uniqueItems: true })),
    /** Of these issuers; of all when absent. */
    issuers: Type.Optional(units()),
    /** These results alone. */
    resultIds: Type.Optional(Type.Array(uuid(), { minItems: 1, maxItems: 500, uniqueItems: true })),
    /** Issued since then. */
    issuedSince: Type.Optional(timestamp()),
    /** Who is to be given what may be seen by now; everybody when absent. */
    consumers: Type.Optional(units()),
    /** When it begins; at once when absent. */
    notBefore: Type.Optional(timestamp()),
    reason: text(1_000),
  },
  closed,
);
/** Asks that what may be seen by now of results that were given before is given. */
export type CatchUpRequest = Static<typeof CatchUpRequestSchema>;
/** Checks a request for a catch-up. */
export const validateCatchUpRequest: (input: unknown) => Checked<CatchUpRequest> = validatorOf(CatchUpRequestSchema);

const count = () => Type.Integer({ minimum: 0 });
const nullable = <T extends ReturnType<typeof text> | ReturnType<typeof timestamp>>(schema: T) =>
  Type.Union([schema, Type.Null()]);

const reviewMembers = {
  reviewId: uuid(),
  mode: Type.Enum([...REVIEW_MODES]),
  state: Type.Enum([...REVIEW_STATES]),
  /** The list that begins, or of which an entry begins or ends; null for all others, which are decided by the list in force. */
  listVersion: nullable(text(64)),
  /** When the list, an entry of it or a grant begins or ends; or when a catch-up may begin. */
  at: timestamp(),
  /** The grant that begins or ends with it; null where it has to do with none. */
  grant: nullable(text(36)),
  /** Who asked for it, and why; null for what follows from the list or from a grant. */
  requestedBy: nullable(text(512)),
  reason: nullable(text(1_000)),
  /** Versions that are looked at. */
  versions: count(),
  /** Of these, decided anew. */
  decided: count(),
  /** Of these, given to somebody as another view. */
  changed: count(),
  /** Copies that were given in the place of others. */
  copies: count(),
  /** Copies whose receipt is missing. */
  waiting: count(),
  /** Versions that their issuers cannot offer again. */
  refused: count(),
};

export const ReviewSchema = Type.Object(reviewMembers, { ...closed, title: 'Review' });
/** A review, as people see it. */
export type Review = Static<typeof ReviewSchema>;

export const ReviewDetailsSchema = Type.Object(
  {
    ...reviewMembers,
    /** Units that still hold what was given before, as far as is known, the oldest first. */
    stragglers: Type.Array(Type.Object({ unit: unitId(), waiting: count(), since: timestamp() }, closed)),
    /** Issuers that are yet to offer versions again. */
    issuers: Type.Array(Type.Object({ unit: unitId(), toDecide: count() }, closed)),
    /** Some of the versions that cannot be offered again. */
    refusals: Type.Array(
      Type.Object(
        {
          resultId: uuid(),
          version: Type.Integer({ minimum: 1 }),
          issuer: unitId(),
          reason: Type.Enum([...REOFFER_REFUSALS]),
        },
        closed,
      ),
      { maxItems: 100 },
    ),
  },
  closed,
);
/** A review, and who is waited for. */
export type ReviewDetails = Static<typeof ReviewDetailsSchema>;

/** What `GET /api/v1/reviews` answers. */
export const ReviewsSchema = Type.Object(
  { reviews: Type.Array(ReviewSchema, { maxItems: 200 }), cursor: Type.Optional(Type.String()) },
  closed,
);
export type Reviews = Static<typeof ReviewsSchema>;
