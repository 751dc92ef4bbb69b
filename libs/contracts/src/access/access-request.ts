import { Type, type Static } from 'typebox';
import { closed, timestamp, unitId, uuid7 } from '../result/scalars.ts';
import { ACCESS_DECIDERS, ACCESS_DECISIONS, ACCESS_STATES } from './codes.ts';
import { accessPaths, AccessScopeSchema, purposeCode } from './scope.ts';

const message = Type.Object({ zh: Type.String(), en: Type.String() }, closed);

/** What is wrong with a request by the list in force, as in a problem's `errors`. */
export const AccessErrorsSchema = Type.Array(
  Type.Object({ pointer: Type.String(), code: Type.String(), message }, closed),
  { maxItems: 1_000 },
);
export type AccessErrors = Static<typeof AccessErrorsSchema>;

export const AccessRequestSchema = Type.Object(
  {
    requestId: uuid7(),
    reference: Type.String(),
    state: Type.Enum([...ACCESS_STATES]),
    requester: unitId(),
    /** The issuer of the results, who decides. */
    owner: unitId(),
    about: AccessScopeSchema,
    paths: accessPaths(),
    purpose: purposeCode(),
    legalReference: Type.String(),
    until: timestamp(),
    requestedAt: timestamp(),
    /** When an answer is due; absent until the gateway has taken it. */
    dueAt: Type.Optional(timestamp()),
    /** When the owner was reminded last, and when the coordinators were told that no answer came in time. */
    remindedAt: Type.Optional(timestamp()),
    escalatedAt: Type.Optional(timestamp()),
    decision: Type.Optional(
      Type.Object(
        {
          decision: Type.Enum([...ACCESS_DECISIONS]),
          by: Type.Enum([...ACCESS_DECIDERS]),
          /** The owner's rule that decided. */
          rule: Type.Optional(Type.String()),
          reason: Type.Optional(Type.String()),
          /** What is granted, and until when. */
          paths: Type.Optional(accessPaths()),
          until: Type.Optional(timestamp()),
          decidedAt: timestamp(),
        },
        closed,
      ),
    ),
    revoked: Type.Optional(Type.Object({ reason: Type.String(), at: timestamp() }, closed)),
    /** Of a rejected one: what the list in force does not admit. */
    errors: Type.Optional(AccessErrorsSchema),
  },
  { ...closed, title: 'AccessRequest' },
);
/** A request for access, as requester, owner and coordinators see it. Its id names the grant too, if there is one. */
export type AccessRequest = Static<typeof AccessRequestSchema>;

/** Reply to `access.find`. */
export const FindAccessReplySchema = Type.Object(
  { requests: Type.Array(AccessRequestSchema), cursor: Type.Optional(Type.String()) },
  closed,
);
export type FindAccessReply = Static<typeof FindAccessReplySchema>;
