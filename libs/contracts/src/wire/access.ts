import { Type, type Static } from 'typebox';
import {
  SignedDecisionSchema,
  SignedRequestSchema,
  SignedRevocationSchema,
  SignedStatementSchema,
} from '../access/statements.ts';
import { AccessErrorsSchema } from '../access/access-request.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed, timestamp, uuid7 } from '../result/scalars.ts';

/** Statements, or notices, that are given at once, at most. */
export const MAX_GIVEN = 50;

const GiveStatementsSchema = Type.Object(
  { statements: Type.Array(SignedStatementSchema, { minItems: 1, maxItems: MAX_GIVEN }) },
  closed,
);
/** `statements.give`: what a unit says about access, to the gateway. */
export type GiveStatements = Static<typeof GiveStatementsSchema>;

const StatementsTakenSchema = Type.Object(
  {
    /** In their order: taken, with the time at which an answer is due if one is asked for; or what is wrong. */
    outcomes: Type.Array(
      Type.Union([
        Type.Object({ taken: Type.Literal(true), dueAt: Type.Optional(timestamp()) }, closed),
        Type.Object({ taken: Type.Literal(false), errors: AccessErrorsSchema }, closed),
      ]),
      { maxItems: MAX_GIVEN },
    ),
  },
  closed,
);
/** The gateway's reply: what is taken is in its database, and need not be given again. */
export type StatementsTaken = Static<typeof StatementsTakenSchema>;

const noticeId = uuid7();
const about = { noticeId, requestId: uuid7(), at: timestamp() };
const NoticeSchema = Type.Union([
  /** To the owner: somebody asks. */
  Type.Object({ notice: Type.Literal('requested'), ...about, signed: SignedRequestSchema, dueAt: timestamp() }, closed),
  /** To the requester: the owner has answered; has taken back what it granted. */
  Type.Object({ notice: Type.Literal('decided'), ...about, signed: SignedDecisionSchema }, closed),
  Type.Object({ notice: Type.Literal('revoked'), ...about, signed: SignedRevocationSchema }, closed),
  /** To both: the key of the owner that granted it is revoked, and the grant with it; its time is over. */
  Type.Object({ notice: Type.Literal('void'), ...about }, closed),
  Type.Object({ notice: Type.Literal('expired'), ...about }, closed),
  /** To the owner: an answer is due soon. To both: none came in time, and the coordinators know. */
  Type.Object({ notice: Type.Literal('reminded'), ...about }, closed),
  Type.Object({ notice: Type.Literal('escalated'), ...about }, closed),
]);
/** What the gateway tells a unit about access. */
export type AccessNotice = Static<typeof NoticeSchema>;

const GiveNoticesSchema = Type.Object(
  { notices: Type.Array(NoticeSchema, { minItems: 1, maxItems: MAX_GIVEN }) },
  closed,
);
/** `notices.give`: from the gateway to a unit. */
export type GiveNotices = Static<typeof GiveNoticesSchema>;

const NoticesTakenSchema = Type.Object({ taken: Type.Array(noticeId, { maxItems: MAX_GIVEN }) }, closed);
/** The unit's reply: which of them are in its database. */
export type NoticesTaken = Static<typeof NoticesTakenSchema>;

export const validateGiveStatements: (input: unknown) => Checked<GiveStatements> = validatorOf(GiveStatementsSchema);
export const validateStatementsTaken: (input: unknown) => Checked<StatementsTaken> = validatorOf(StatementsTakenSchema);
export const validateGiveNotices: (input: unknown) => Checked<GiveNotices> = validatorOf(GiveNoticesSchema);
export const validateNoticesTaken: (input: unknown) => Checked<NoticesTaken> = validatorOf(NoticesTakenSchema);
