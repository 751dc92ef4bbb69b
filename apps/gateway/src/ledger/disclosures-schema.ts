import type { ApiResponseSchemaHost } from '@nestjs/swagger';

type Schema = ApiResponseSchemaHost['schema'];

/** The answer of `GET /api/v1/results/{id}/disclosures`, for OpenAPI. */
export const DISCLOSURES_SCHEMA: Schema = {
  type: 'object',
  required: ['resultId', 'issuer', 'kind', 'disclosures'],
  properties: {
    resultId: { type: 'string', format: 'uuid' },
    issuer: { type: 'string', example: 'ln.customs' },
    kind: { type: 'string', example: 'customs.examination' },
    disclosures: {
      type: 'array',
      items: {
        type: 'object',
        required: ['version', 'consumer', 'listVersion', 'decidedAt', 'receiptAt', 'withheld', 'tokenDigest', 'ledger'],
        properties: {
          version: { type: 'integer' },
          consumer: { type: 'string', example: 'hl.border' },
          listVersion: { type: 'string', example: '2026.11-1' },
          decidedAt: { type: 'string', format: 'date-time' },
          receiptAt: { oneOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
          withheld: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                path: { type: 'string' },
                entry: { type: 'string' },
                legalBasis: { type: 'string' },
                access: { type: 'string', enum: ['on-request', 'none'] },
              },
            },
          },
          tokenDigest: { type: 'string' },
          ledger: { type: 'object', properties: { sequence: { type: 'integer' }, hash: { type: 'string' } } },
        },
      },
    },
  },
};
