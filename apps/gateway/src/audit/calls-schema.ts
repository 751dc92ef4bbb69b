import { type Static, Type } from 'typebox';
import { ROLES } from '@clearance/platform/tokens';
import { closed, count, cursor, orNull, time, unit } from '../http/answers.ts';

export const AuditedCallSchema = Type.Object(
  {
    callId: Type.String({ format: 'uuid', description: 'The header Request-Id of the answer' }),
    at: time('Of several, when the last of them came'),
    subject: orNull(Type.String({ description: 'Issuer and subject of the token; null without a good one' })),
    roles: Type.Array(Type.Enum([...ROLES])),
    unit: orNull(unit()),
    method: Type.String(),
    route: orNull(Type.String({ description: 'Null where there is no such route' })),
    resources: Type.Record(Type.String(), Type.String(), { description: 'Ids in the path' }),
    status: orNull(
      Type.Integer({ description: 'Null of a write whose answer is not known; 499 of a caller who went away' }),
    ),
    durationMs: orNull(count()),
    traceparent: Type.String(),
    times: Type.Integer({ minimum: 1, description: 'Calls that this tells of; more than one only of refused ones' }),
  },
  closed,
);
/** A call as it is told to an auditor. */
export type AuditedCall = Static<typeof AuditedCallSchema>;

export const CallsSchema = Type.Object({ calls: Type.Array(AuditedCallSchema), cursor: cursor() }, closed);
/** The answer of `GET /api/v1/audit/calls`. */
export type CallsAnswer = Static<typeof CallsSchema>;

/** Such an answer. */
export const CALLS_EXAMPLE: CallsAnswer = {
  calls: [
    {
      callId: '019aa5a1-7c5b-7000-8000-0000000000c1',
      at: '2026-11-21T08:00:00.000Z',
      subject: 'clearance-mesh#local-policy',
      roles: ['policy'],
      unit: null,
      method: 'GET',
      route: '/api/v1/lists/{version}',
      resources: { version: '2026.11-1' },
      status: 200,
      durationMs: 12,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      times: 1,
    },
  ],
};
