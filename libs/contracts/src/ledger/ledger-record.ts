import { Type, type Static } from 'typebox';
import { RESULT_STATUSES } from '../codes/results.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed, unitId, uuid7 } from '../result/scalars.ts';
import { GrantSchema } from '../access/scope.ts';
import { WithheldSchema } from '../wire/internal-messages.ts';

/** An instant as the ledger writes it, in one form only: RFC 3339, UTC, milliseconds. */
export const instant = () =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$', maxLength: 24 });

/** SHA-256 in hexadecimal: a row of the ledger, or its place in the chain. */
export const hexDigest = () => Type.String({ pattern: '^[0-9a-f]{64}$', maxLength: 64 });

/** SHA-256 in base64url: a token, or a list's text. */
export const digest = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43 });

/** A detached JWS in compact form. */
export const detachedSignature = () =>
  Type.String({ pattern: '^[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_-]+$', maxLength: 2048 });

/** Place of a row in the ledger, from 1. */
export const ledgerSequence = () => Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** A person or program, as the token that it came with names it. */
const actor = () => Type.String({ minLength: 1, maxLength: 512 });

const listVersion = () => Type.String({ minLength: 1, maxLength: 64 });

export const DisclosureRecordSchema = Type.Object(
  {
    type: Type.Literal('disclosure'),
    resultId: uuid7(),
    version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    status: Type.Enum([...RESULT_STATUSES]),
    issuer: unitId(),
    kind: Type.String({ maxLength: 64 }),
    /** Version of the negative list that was decided by. */
    listVersion: listVersion(),
    /** Hash of that list's own row in the ledger: which text, under which signature, received when. */
    listRecord: hexDigest(),
    /** Sorted: everyone who was given exactly this view. */
    consumers: Type.Array(unitId(), { minItems: 1, maxItems: 10_000 }),
    withheld: Type.Array(WithheldSchema, { maxItems: 10_000 }),
    /**
     * Of a view that took the place of another one: something is still withheld that was before, though the list would show it,
     * since only what may be seen no more was taken back. What more may be seen is given when it is asked for.
     */
    keeps: Type.Optional(Type.Literal(true)),
    /**
     * Ids of the grants under which something is shown here that the list makes conditional, sorted; absent where there is none. The
     * consumer is the requester of all of them then.
     */
    grants: Type.Optional(Type.Array(uuid7(), { minItems: 1, maxItems: 1_000, uniqueItems: true })),
    /** SHA-256 of the token that was given. */
    tokenDigest: digest(),
    decidedAt: instant(),
  },
  closed,
);
/** What the ledger says of one view: who was shown what of which result, and what was withheld under which entry. */
export type DisclosureRecord = Static<typeof DisclosureRecordSchema>;

export const ListRecordSchema = Type.Object(
  {
    type: Type.Literal('list'),
    version: listVersion(),
    effectiveFrom: instant(),
    /** SHA-256 of the list's text. */
    documentDigest: digest(),
    /** The policy key's, over the list's text. */
    signature: detachedSignature(),
    receivedAt: instant(),
    /** Who wrote it: the subjects of their tokens, sorted. */
    authors: Type.Array(actor(), { minItems: 1, maxItems: 1_000 }),
    /** Who approved it, none of the authors. */
    approvedBy: actor(),
  },
  closed,
);
/** What the ledger says of a negative list that was taken into the schedule. */
export type ListRecord = Static<typeof ListRecordSchema>;

export const GrantRecordSchema = Type.Object(
  {
    type: Type.Literal('grant'),
    /** Of the request that was granted: the grant's id too. */
    requestId: uuid7(),
    owner: unitId(),
    requester: unitId(),
    grant: GrantSchema,
    /** SHA-256 of the owner's statement in canonical form, and the owner's signature over it. */
    decision: digest(),
    signature: detachedSignature(),
    /** From then on it holds. */
    receivedAt: instant(),
  },
  closed,
);
/** What the ledger says of a grant: which unit may see what of whose results that the list makes conditional. */
export type GrantRecord = Static<typeof GrantRecordSchema>;

/** Why a grant ended before its time: the owner took it back, or the key that it was signed with was revoked. */
export const GRANT_ENDS = ['revoked', 'key-revoked'] as const;

export const GrantEndRecordSchema = Type.Object(
  {
    type: Type.Literal('grant-end'),
    requestId: uuid7(),
    reason: Type.Enum([...GRANT_ENDS]),
    /** Of 'revoked': SHA-256 of the owner's statement, and the signature over it. */
    revocation: Type.Optional(digest()),
    signature: Type.Optional(detachedSignature()),
    receivedAt: instant(),
  },
  closed,
);
/** What the ledger says of the end of a grant before its time: no later row rests on it. */
export type GrantEndRecord = Static<typeof GrantEndRecordSchema>;

export const LedgerRecordSchema = Type.Union([
  DisclosureRecordSchema,
  ListRecordSchema,
  GrantRecordSchema,
  GrantEndRecordSchema,
]);
/** What one row of the ledger records. */
export type LedgerRecord = DisclosureRecord | ListRecord | GrantRecord | GrantEndRecord;

/** Checks a row's record. */
export const validateLedgerRecord: (input: unknown) => Checked<LedgerRecord> = validatorOf(LedgerRecordSchema);
