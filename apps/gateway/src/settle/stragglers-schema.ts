import { type Static, Type } from 'typebox';
import { closed, count, cursor, ordinal, time, unit, uuid } from '../http/answers.ts';

/** The answer of `GET /api/v1/stragglers`. */
export const StragglersSchema = Type.Object(
  {
    at: time(),
    stragglers: Type.Array(
      Type.Object(
        {
          unit: unit(),
          waiting: count('Versions that it has not confirmed'),
          oldestSince: time(),
          ageSeconds: count(),
        },
        closed,
      ),
    ),
    results: Type.Array(
      Type.Object(
        {
          resultId: uuid(),
          version: ordinal(),
          issuer: unit(),
          kind: Type.String(),
          disclosedAt: time('When it was given, or given anew because the copy had been lost'),
          waitingFor: Type.Array(unit()),
        },
        closed,
      ),
      { description: 'What is not confirmed, the oldest first' },
    ),
    cursor: cursor(),
  },
  closed,
);

/** Such an answer. */
export const STRAGGLERS_EXAMPLE: Static<typeof StragglersSchema> = {
  at: '2026-11-21T08:10:00.000Z',
  stragglers: [{ unit: 'hl.border', waiting: 1, oldestSince: '2026-11-21T08:00:00.000Z', ageSeconds: 600 }],
  results: [
    {
      resultId: '019aa5a1-7c5b-7000-8000-000000000001',
      version: 1,
      issuer: 'ln.customs',
      kind: 'customs.examination',
      disclosedAt: '2026-11-21T08:00:00.000Z',
      waitingFor: ['hl.border'],
    },
  ],
};
