import type { ApiResponseSchemaHost } from '@nestjs/swagger';

type Schema = ApiResponseSchemaHost['schema'];

const time = { type: 'string', format: 'date-time' } as const;
const unit = { type: 'string', example: 'hl.border' } as const;

/** The answer of `GET /api/v1/stragglers`, for OpenAPI. */
export const STRAGGLERS_SCHEMA: Schema = {
  type: 'object',
  required: ['at', 'stragglers', 'results'],
  properties: {
    at: time,
    stragglers: {
      type: 'array',
      items: {
        type: 'object',
        required: ['unit', 'waiting', 'oldestSince', 'ageSeconds'],
        properties: {
          unit,
          waiting: { type: 'integer', description: 'Versions that it has not confirmed' },
          oldestSince: time,
          ageSeconds: { type: 'integer' },
        },
      },
    },
    results: {
      type: 'array',
      description: 'What is not confirmed, the oldest first',
      items: {
        type: 'object',
        required: ['resultId', 'version', 'issuer', 'kind', 'disclosedAt', 'waitingFor'],
        properties: {
          resultId: { type: 'string', format: 'uuid' },
          version: { type: 'integer' },
          issuer: { type: 'string', example: 'ln.customs' },
          kind: { type: 'string', example: 'customs.examination' },
          disclosedAt: time,
          waitingFor: { type: 'array', items: unit },
        },
      },
    },
    cursor: { type: 'string', description: 'There when there is more' },
  },
};
