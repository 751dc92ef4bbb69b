import type { ApiResponseSchemaHost } from '@nestjs/swagger';
import { DIFFERENCES } from '@clearance/contracts';

type Schema = ApiResponseSchemaHost['schema'];

const day = { type: 'string', format: 'date', example: '2026-11-21' } as const;
const count = { type: 'integer', minimum: 0 } as const;

/** The answer of `POST /api/v1/reconciliations`, for OpenAPI. */
export const RECONCILIATION_SCHEMA: Schema = {
  type: 'object',
  required: ['from', 'to', 'pairs', 'versions', 'differences', 'repaired', 'onTheirWay', 'unreachable'],
  properties: {
    from: day,
    to: day,
    pairs: { ...count, description: 'Issuers × receivers × days of which both sides answered' },
    versions: { ...count, description: 'Versions that the gateway has disclosed of these days' },
    differences: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'message', 'alarm', 'issuer', 'receiver', 'day', 'count', 'repaired', 'examples'],
        properties: {
          code: { type: 'string', enum: Object.keys(DIFFERENCES) },
          message: { type: 'object', properties: { zh: { type: 'string' }, en: { type: 'string' } } },
          alarm: { type: 'boolean', description: 'A leak, a forgery or an altered token: never repaired' },
          issuer: { type: 'string', example: 'ln.customs' },
          receiver: { oneOf: [{ type: 'string', example: 'hl.border' }, { type: 'null' }] },
          day,
          count,
          repaired: { ...count, description: 'Of these, how many were set going again' },
          examples: {
            type: 'array',
            maxItems: 20,
            items: {
              type: 'object',
              properties: { resultId: { type: 'string', format: 'uuid' }, version: { type: 'integer' } },
            },
          },
        },
      },
    },
    repaired: count,
    onTheirWay: { ...count, description: 'Offers and copies that have not arrived and that their issuer still offers' },
    unreachable: { type: 'array', items: { type: 'string', example: 'nm.border' } },
  },
};
