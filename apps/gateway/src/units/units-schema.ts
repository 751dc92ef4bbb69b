import { type Static, Type } from 'typebox';
import { AGENCIES, PROVINCES } from '@clearance/contracts';
import { closed, count, orNull, time, unit } from '../http/answers.ts';

const waiting = () =>
  Type.Object({ versions: count(), since: orNull(time('Since when the oldest of them waits')) }, closed);

const UnitSchema = Type.Object(
  {
    unit: unit(),
    agency: Type.String({ description: `One of ${AGENCIES.join(', ')}; another consumer has its own` }),
    province: Type.String({ description: `One of ${PROVINCES.map(({ code }) => code).join(', ')}` }),
    issues: Type.Boolean({ description: 'Whether it issues results; else it is a consumer alone' }),
    connected: Type.Boolean({ description: 'Whether this gateway is connected to its account' }),
    queues: orNull(
      Type.Array(
        Type.Object(
          {
            stream: Type.String(),
            messages: count('Messages that wait; each may hold many results'),
            oldestAt: orNull(time()),
            consumers: count(),
          },
          closed,
        ),
        { description: 'Its work queues; null when they cannot be looked at' },
      ),
    ),
    unconfirmed: waiting(),
    unsettled: waiting(),
    deadLetters: count('Messages of its account that the gateway could not use'),
    keys: Type.Array(
      Type.Object(
        {
          keyId: Type.String(),
          state: Type.Enum(['valid', 'rotated-out', 'revoked']),
          notBefore: time(),
          notAfter: orNull(time()),
          revokedAt: orNull(time()),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** The answer of `GET /api/v1/units`. */
export const UnitsSchema = Type.Object(
  {
    at: time(),
    units: Type.Array(UnitSchema),
    list: orNull(Type.String({ description: 'The list by which this gateway decides; null: none' })),
  },
  closed,
);

const FlowSchema = Type.Object(
  {
    unit: unit(),
    results: count('Versions of its results that were decided'),
    available: count('… that every entitled unit has confirmed'),
    decided: count('Recognitions that it decided'),
    recognised: count('Checks that it recognised'),
    required: count('Checks that it requires'),
  },
  closed,
);

/** One event of `GET /api/v1/stream`: what has happened on this day so far. */
export const FlowsSchema = Type.Object(
  {
    at: time(),
    day: Type.String({ format: 'date', description: 'Asia/Shanghai' }),
    waiting: count('Versions and recognitions that are yet to be counted'),
    units: Type.Array(FlowSchema),
  },
  closed,
);
export type Flows = Static<typeof FlowsSchema>;

/** Such answers. */
export const UNITS_EXAMPLE: Static<typeof UnitsSchema> = {
  at: '2026-11-21T10:00:00.000Z',
  units: [
    {
      ...{ unit: 'ln.customs', agency: 'customs', province: 'ln', issues: true, connected: true },
      queues: [{ stream: 'OFFERS', messages: 2, oldestAt: '2026-11-21T09:59:59.000Z', consumers: 1 }],
      unconfirmed: { versions: 3, since: '2026-11-21T09:59:58.000Z' },
      unsettled: { versions: 2, since: '2026-11-21T09:59:59.000Z' },
      deadLetters: 0,
      keys: [
        {
          ...{ keyId: 'ln.customs#2026-11-21', state: 'valid', notBefore: '2026-11-21T00:00:00.000Z' },
          ...{ notAfter: null, revokedAt: null },
        },
      ],
    },
  ],
  list: '2026.11-1',
};
export const FLOWS_EXAMPLE: Flows = {
  ...{ at: '2026-11-21T10:00:00.000Z', day: '2026-11-21', waiting: 0 },
  units: [{ unit: 'ln.customs', results: 120, available: 118, decided: 12, recognised: 30, required: 6 }],
};
