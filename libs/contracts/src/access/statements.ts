import { Type, type Static } from 'typebox';
import { closed, referenceNumber, text, timestamp, unitId, uuid7 } from '../result/scalars.ts';
import { ACCESS_DECIDERS, ACCESS_DECISIONS } from './codes.ts';
import { accessPaths, AccessScopeSchema, GrantSchema, purposeCode } from './scope.ts';

/** SHA-256 of a statement's canonical form (RFC 8785), base64url. */
const digest = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43 });

const RequestStatementSchema = Type.Object(
  {
    type: Type.Literal('access-request'),
    requestId: uuid7(),
    reference: referenceNumber(64),
    requester: unitId(),
    about: AccessScopeSchema,
    paths: accessPaths(),
    purpose: purposeCode(),
    legalReference: text(500),
    until: timestamp(),
    requestedAt: timestamp(),
  },
  closed,
);
/** What the requester says. */
export type RequestStatement = Static<typeof RequestStatementSchema>;

const DecisionStatementSchema = Type.Object(
  {
    type: Type.Literal('access-decision'),
    requestId: uuid7(),
    /** The request that is answered. */
    request: digest(),
    owner: unitId(),
    requester: unitId(),
    decision: Type.Enum([...ACCESS_DECISIONS]),
    by: Type.Enum([...ACCESS_DECIDERS]),
    rule: Type.Optional(referenceNumber(64)),
    reason: Type.Optional(text(1_000)),
    /** Unless it is a refusal. It begins when the gateway has taken it. */
    grant: Type.Optional(GrantSchema),
    decidedAt: timestamp(),
  },
  closed,
);
/** What the owner says to a request. */
export type DecisionStatement = Static<typeof DecisionStatementSchema>;

const RevocationStatementSchema = Type.Object(
  {
    type: Type.Literal('access-revocation'),
    requestId: uuid7(),
    /** The decision that is taken back. */
    decision: digest(),
    owner: unitId(),
    requester: unitId(),
    reason: text(1_000),
    revokedAt: timestamp(),
  },
  closed,
);
/** What the owner says to end what it granted. */
export type RevocationStatement = Static<typeof RevocationStatementSchema>;

/** What a unit says about access. */
export type AccessStatement = RequestStatement | DecisionStatement | RevocationStatement;

const signed = <
  T extends typeof RequestStatementSchema | typeof DecisionStatementSchema | typeof RevocationStatementSchema,
>(
  statement: T,
) =>
  Type.Object(
    {
      statement,
      /** Detached JWS over the statement's canonical form, by a key of the unit that says it. */
      signature: Type.String({ pattern: '^[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_-]+$', maxLength: 2048 }),
    },
    closed,
  );

export const SignedRequestSchema = signed(RequestStatementSchema);
export const SignedDecisionSchema = signed(DecisionStatementSchema);
export const SignedRevocationSchema = signed(RevocationStatementSchema);
export const SignedStatementSchema = Type.Union([SignedRequestSchema, SignedDecisionSchema, SignedRevocationSchema]);

/** A statement with the signature of the unit that says it. */
export interface SignedStatement<S extends AccessStatement = AccessStatement> {
  statement: S;
  signature: string;
}
