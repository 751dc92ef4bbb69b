import type { ApiResponseSchemaHost } from '@nestjs/swagger';

type Schema = ApiResponseSchemaHost['schema'];

const time = { type: 'string', format: 'date-time' } as const;

/** The answer of `GET /api/v1/keys/{kid}/results`, for OpenAPI. */
export const SIGNED_SCHEMA: Schema = {
  type: 'object',
  required: ['kid', 'owner', 'notBefore', 'since', 'results'],
  properties: {
    kid: { type: 'string', example: 'ln.customs/20261121-9f3a' },
    owner: { type: 'string', example: 'ln.customs' },
    notBefore: time,
    notAfter: time,
    revokedAt: time,
    since: time,
    results: {
      type: 'array',
      items: {
        type: 'object',
        required: [
          'resultId',
          'version',
          'issuer',
          'kind',
          'issuedAt',
          'disclosedAt',
          'since',
          'replacedAt',
          'holders',
        ],
        properties: {
          resultId: { type: 'string', format: 'uuid' },
          version: { type: 'integer' },
          issuer: { type: 'string', example: 'ln.customs' },
          kind: { type: 'string', example: 'customs.examination' },
          issuedAt: time,
          disclosedAt: time,
          since: { type: 'string', enum: ['issued', 'disclosed'] },
          replacedAt: { oneOf: [time, { type: 'null' }] },
          holders: { type: 'array', items: { type: 'string' } },
        },
      },
    },
    cursor: { type: 'string' },
  },
};
