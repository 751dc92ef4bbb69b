import { Type, type Static } from 'typebox';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed, timestamp, uuid } from '../result/scalars.ts';

/** Versions on one page of a list of holdings, and in one request to offer again, at most. */
export const MAX_HOLDINGS = 1_000;

/** Longer names of issuers are cut: only a row that nobody signed can have one. */
export const MAX_ISSUER_NAME = 64;

/** SHA-256, base64url. */
const digest = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43 });
const count = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
// What a unit holds may be forged: it is told as it lies there, and judged by the gateway.
const issuer = () => Type.String({ maxLength: MAX_ISSUER_NAME });
const version = () => Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });

/** `to` is exclusive; both are compared with the time at which versions were issued. */
const period = { from: timestamp(), to: timestamp() };

const TallySchema = Type.Object({ count: count(), digest: digest() }, closed);
/**
 * How many versions, and SHA-256 over the lines `resultId version signedDigest`, joined by line feeds, in the order of
 * issue time, result id and version.
 */
export type Tally = Static<typeof TallySchema>;

const SummariseHoldingsSchema = Type.Object(period, closed);
/** `reconciliation.summarise`: what a unit holds of the versions that were issued in a period. */
export type SummariseHoldings = Static<typeof SummariseHoldingsSchema>;

const HoldingsSummarySchema = Type.Object(
  {
    /** By issuer, the unit's own results among them; an issuer of which nothing is held is not named. */
    held: Type.Array(Type.Object({ issuer: issuer(), ...TallySchema.properties }, closed), { maxItems: 1_000 }),
    /** Own versions that the unit still offers; absent when there are none. */
    offered: Type.Optional(TallySchema),
  },
  closed,
);
export type HoldingsSummary = Static<typeof HoldingsSummarySchema>;

/** RFC 3339 in UTC to the microsecond, always of the same length: sorted as text it is sorted as time. */
export const exactTime = () =>
  Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z$',
    maxLength: 27,
  });

export const HoldingPlaceSchema = Type.Object({ issuedAt: exactTime(), resultId: uuid(), version: version() }, closed);
/** Where a version stands in the order of a list of holdings. */
export type HoldingPlace = Static<typeof HoldingPlaceSchema>;

const ListHoldingsSchema = Type.Object(
  {
    issuer: issuer(),
    ...period,
    /** The page begins after this place. */
    after: Type.Optional(HoldingPlaceSchema),
    limit: Type.Integer({ minimum: 1, maximum: MAX_HOLDINGS }),
  },
  closed,
);
/** `reconciliation.list`: which versions of an issuer a unit holds, page by page. */
export type ListHoldings = Static<typeof ListHoldingsSchema>;

const HeldVersionSchema = Type.Object(
  {
    ...HoldingPlaceSchema.properties,
    /** SHA-256 of the part of the token that the issuer signed: the same in every view of the version. */
    signedDigest: digest(),
    /** Whether the unit, as its issuer, still offers it: it is not settled. */
    offered: Type.Boolean(),
  },
  closed,
);
export type HeldVersion = Static<typeof HeldVersionSchema>;

const HoldingsPageSchema = Type.Object(
  { versions: Type.Array(HeldVersionSchema, { maxItems: MAX_HOLDINGS }), more: Type.Boolean() },
  closed,
);
export type HoldingsPage = Static<typeof HoldingsPageSchema>;

const versionOfResult = { resultId: uuid(), version: version() };
const OfferAgainSchema = Type.Object(
  { results: Type.Array(Type.Object(versionOfResult, closed), { minItems: 1, maxItems: MAX_HOLDINGS }) },
  closed,
);
/** `reconciliation.reoffer`: own versions that the unit is to offer again, now. */
export type OfferAgain = Static<typeof OfferAgainSchema>;

/** Why a version is not offered again: it is none of the unit's own, or its token would be refused. */
export const REOFFER_REFUSALS = ['unknown', 'unverifiable'] as const;

const OfferAgainReplySchema = Type.Object(
  {
    refused: Type.Array(Type.Object({ ...versionOfResult, reason: Type.Enum([...REOFFER_REFUSALS]) }, closed), {
      maxItems: MAX_HOLDINGS,
    }),
  },
  closed,
);
export type OfferAgainReply = Static<typeof OfferAgainReplySchema>;

/** Validators of what the gateway asks when it reconciles, and of what units answer. */
export const validateSummariseHoldings: (input: unknown) => Checked<SummariseHoldings> =
  validatorOf(SummariseHoldingsSchema);
export const validateHoldingsSummary: (input: unknown) => Checked<HoldingsSummary> = validatorOf(HoldingsSummarySchema);
export const validateListHoldings: (input: unknown) => Checked<ListHoldings> = validatorOf(ListHoldingsSchema);
export const validateHoldingsPage: (input: unknown) => Checked<HoldingsPage> = validatorOf(HoldingsPageSchema);
export const validateOfferAgain: (input: unknown) => Checked<OfferAgain> = validatorOf(OfferAgainSchema);
export const validateOfferAgainReply: (input: unknown) => Checked<OfferAgainReply> = validatorOf(OfferAgainReplySchema);
