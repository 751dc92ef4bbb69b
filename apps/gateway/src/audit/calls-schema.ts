import type { ApiResponseSchemaHost } from '@nestjs/swagger';
import { ROLES } from '../http/token-claims.ts';

type Schema = ApiResponseSchemaHost['schema'];

const orNull = (schema: object) => ({ oneOf: [schema, { type: 'null' }] });

/** The answer of `GET /api/v1/audit/calls`, for OpenAPI. */
export const CALLS_SCHEMA: Schema = {
  type: 'object',
  required: ['calls'],
  additionalProperties: false,
  properties: {
    calls: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: [
          'callId',
          'at',
          'subject',
          'roles',
          'unit',
          'method',
          'route',
          'resources',
          'status',
          'durationMs',
          'traceparent',
          'times',
        ],
        properties: {
          callId: { type: 'string', format: 'uuid', description: 'The header Request-Id of the answer' },
          at: { type: 'string', format: 'date-time' },
          subject: orNull({
            type: 'string',
            description: 'Issuer and subject of the token; null without a good one',
            example: 'clearance-mesh#local-policy',
          }),
          roles: { type: 'array', items: { type: 'string', enum: [...ROLES] } },
          unit: orNull({ type: 'string', example: 'ln.customs' }),
          method: { type: 'string', example: 'POST' },
          route: orNull({ type: 'string', example: '/api/v1/lists/{version}' }),
          resources: {
            type: 'object',
            description: 'Ids in the path',
            additionalProperties: { type: 'string' },
            example: { version: '2026.11-1' },
          },
          status: orNull({
            type: 'integer',
            description: 'Null of a write whose answer is not known; 499 of a caller who went away',
          }),
          durationMs: orNull({ type: 'integer' }),
          traceparent: { type: 'string' },
          times: { type: 'integer', description: 'Calls that this tells of; more than one only of refused ones' },
        },
      },
    },
    cursor: { type: 'string', description: 'There when there is more' },
  },
};
