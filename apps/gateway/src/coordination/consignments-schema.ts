import { type Static, Type } from 'typebox';
import {
  CHECK_TYPES,
  RebuildRequestSchema,
  RECOGNITION_OUTCOMES,
  RECOGNITION_REASONS,
  RESULT_STATUSES,
} from '@clearance/contracts';
import { TIMELINE_STEPS } from '@clearance/coordination';
import { actor, body, closed, count, cursor, ordinal, orNull, time, unit, uuid } from '../http/answers.ts';

const traceId = () => Type.String({ pattern: '^[0-9a-f]{32}$', description: 'W3C trace id' });

const ConsignmentSchema = Type.Object(
  {
    consignmentId: uuid(),
    firstAt: time('Of the first of its examinations'),
    lastAt: time('Of the last'),
    results: count(),
    issuers: Type.Array(unit()),
    locations: Type.Array(Type.String({ description: 'UN/LOCODE' })),
    declarationNumbers: Type.Array(Type.String()),
    transportDocuments: Type.Array(Type.String()),
    containers: Type.Array(Type.String()),
    unsettled: count('Results of which not every unit has confirmed its copy'),
  },
  closed,
);

/** The answer of `GET /api/v1/consignments`. */
export const ConsignmentsSchema = Type.Object(
  { consignments: Type.Array(ConsignmentSchema), cursor: cursor() },
  closed,
);

const check = () => Type.Enum([...CHECK_TYPES]);
const StepSchema = Type.Object(
  {
    step: Type.Enum([...TIMELINE_STEPS]),
    at: time(),
    unit: unit(),
    resultId: Type.Optional(uuid()),
    version: Type.Optional(ordinal()),
    sinceSubmitted: Type.Optional(Type.Number({ description: 'Seconds since the version was submitted' })),
    recognitionId: Type.Optional(uuid()),
    outcome: Type.Optional(Type.Enum([...RECOGNITION_OUTCOMES])),
    location: Type.Optional(Type.String({ description: 'UN/LOCODE' })),
    recognised: Type.Optional(Type.Array(check())),
    required: Type.Optional(
      Type.Array(Type.Object({ check: check(), reasons: Type.Array(Type.Enum([...RECOGNITION_REASONS])) }, closed)),
    ),
    listVersion: Type.Optional(Type.String()),
    consumers: Type.Optional(Type.Array(unit())),
    withheldFrom: Type.Optional(Type.Array(unit(), { description: 'Of the consumers, who was not shown all of it' })),
    traceId: Type.Optional(traceId()),
  },
  closed,
);

/** The answer of `GET /api/v1/consignments/{id}/timeline`. */
export const TimelineSchema = Type.Object(
  {
    consignment: ConsignmentSchema,
    results: Type.Array(
      Type.Object(
        {
          resultId: uuid(),
          version: ordinal(),
          status: Type.Enum([...RESULT_STATUSES]),
          issuer: unit(),
          kind: orNull(Type.String({ description: 'Null where it is withheld from somebody; so the next two' })),
          location: orNull(Type.String()),
          conclusion: orNull(Type.String()),
          issuedAt: time(),
          settledAt: orNull(time()),
          traceId: orNull(traceId()),
        },
        closed,
      ),
    ),
    steps: Type.Array(StepSchema),
    more: Type.Boolean({ description: 'Whether it has more results than are told of' }),
  },
  closed,
);

/** The answer of `POST /api/v1/consignments/rebuilds`, and of asking how far one is. */
export const RebuildSchema = Type.Object(
  {
    rebuildId: uuid(),
    requestedBy: actor(),
    reason: Type.String(),
    startedAt: time(),
    finishedAt: orNull(time()),
    total: orNull(count('Versions; null until it has begun')),
    done: count(),
    missing: count('Of these, versions that their issuers did not give: what was kept of them stays'),
    unreachable: Type.Array(unit()),
    waiting: count('Versions that are yet to be joined into their consignments'),
  },
  closed,
);

const RESULT = '019aa5a1-7c5b-7000-8000-000000000001';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CONSIGNMENT: Static<typeof ConsignmentSchema> = {
  consignmentId: RESULT,
  firstAt: '2026-11-21T03:10:00.000Z',
  lastAt: '2026-11-21T03:10:00.000Z',
  results: 1,
  issuers: ['ln.customs'],
  locations: ['CNDLC'],
  declarationNumbers: ['090220261000000123'],
  transportDocuments: ['COSU6123456780'],
  containers: ['CSQU3054383'],
  unsettled: 0,
};

/** Why all of it is to be made anew. */
export const REBUILD_REQUEST = body(RebuildRequestSchema, { reason: '数据库恢复之后' });

/** Such answers. */
export const CONSIGNMENTS_EXAMPLE: Static<typeof ConsignmentsSchema> = { consignments: [CONSIGNMENT] };
export const REBUILD_EXAMPLE: Static<typeof RebuildSchema> = {
  rebuildId: '019aa5a1-7c5b-7000-8000-0000000000b1',
  requestedBy: 'clearance-mesh#local-coordinator',
  reason: '数据库恢复之后',
  startedAt: '2026-11-21T10:00:00.000Z',
  finishedAt: null,
  total: 12_000,
  done: 5_500,
  missing: 0,
  unreachable: [],
  waiting: 200,
};
export const TIMELINE_EXAMPLE: Static<typeof TimelineSchema> = {
  consignment: CONSIGNMENT,
  results: [
    {
      resultId: RESULT,
      version: 1,
      status: 'issued',
      issuer: 'ln.customs',
      kind: 'customs.examination',
      location: 'CNDLC',
      conclusion: 'released',
      issuedAt: '2026-11-21T03:12:00.000Z',
      settledAt: '2026-11-21T03:12:04.000Z',
      traceId: TRACE,
    },
  ],
  steps: [
    {
      ...{ step: 'submitted', at: '2026-11-21T03:12:00.000Z', unit: 'ln.customs', resultId: RESULT, version: 1 },
      ...{ sinceSubmitted: 0, traceId: TRACE },
    },
    {
      ...{ step: 'decided', at: '2026-11-21T03:12:02.000Z', unit: 'ln.customs', resultId: RESULT, version: 1 },
      ...{ sinceSubmitted: 2, listVersion: '2026.11-1', consumers: ['hl.border', 'hl.customs'] },
      ...{ withheldFrom: ['hl.border'], traceId: TRACE },
    },
    {
      ...{ step: 'recognised', at: '2026-11-21T09:00:00.000Z', unit: 'hl.customs', resultId: RESULT, version: 1 },
      ...{ recognitionId: '019aa5a1-7c5b-7000-8000-00000000000a', outcome: 'partial', location: 'CNHRB' },
      ...{ recognised: ['x-ray'], required: [{ check: 'quarantine', reasons: ['no-result'] }] },
    },
  ],
  more: false,
};
