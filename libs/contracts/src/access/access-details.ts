import { Type, type Static } from 'typebox';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed } from '../result/scalars.ts';
import { AccessRequestSchema } from './access-request.ts';
import { SignedDecisionSchema, SignedRequestSchema, SignedRevocationSchema } from './statements.ts';

export const AccessDetailsSchema = Type.Object(
  {
    ...AccessRequestSchema.properties,
    /** What the units said, as they signed it: whoever has the mesh's keys can verify it. */
    said: Type.Object(
      {
        request: SignedRequestSchema,
        decision: Type.Optional(SignedDecisionSchema),
        revocation: Type.Optional(SignedRevocationSchema),
      },
      closed,
    ),
  },
  closed,
);
/** A request for access, with what was signed. */
export type AccessDetails = Static<typeof AccessDetailsSchema>;

/** What `GET /api/v1/access-requests` answers. */
export const AccessRequestsSchema = Type.Object(
  { requests: Type.Array(AccessRequestSchema, { maxItems: 200 }), cursor: Type.Optional(Type.String()) },
  closed,
);
export type AccessRequests = Static<typeof AccessRequestsSchema>;

/** Body of `POST /api/v1/access-requests/{requestId}/reminders`: there is nothing to say. */
export const RemindOwnerSchema = Type.Object({}, closed);

/** Checks a {@link RemindOwnerSchema}. */
export const validateRemindOwner: (input: unknown) => Checked<object> = validatorOf(RemindOwnerSchema);
