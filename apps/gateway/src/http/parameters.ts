import { applyDecorators } from '@nestjs/common';
import { ApiParam, ApiQuery } from '@nestjs/swagger';
import { UNIT_ID_PATTERN } from '@clearance/contracts';
import { DEFAULT_DAYS } from './read-parameters.ts';

// Parameters that several routes take, as OpenAPI tells of them.

/** An id in the path that this mesh gave: a result's, a draft's. */
export const ApiId = (name: string): MethodDecorator =>
  ApiParam({ name, schema: { type: 'string', format: 'uuid', example: '019aa5a1-7c5b-7000-8000-000000000001' } });

/** A unit in the query. */
export const ApiUnit = (name: string, required = false): MethodDecorator =>
  ApiQuery({ name, required, schema: { type: 'string', pattern: UNIT_ID_PATTERN, example: 'hl.border' } });

/** A moment in the query, RFC 3339. */
export const ApiInstant = (name: string, description: string): MethodDecorator =>
  ApiQuery({
    name,
    required: false,
    description,
    schema: { type: 'string', format: 'date-time', example: '2026-11-01T00:00:00+08:00' },
  });

const day = { type: 'string', format: 'date' } as const;
/** A period of days in the query, see `readPeriod`. */
export const ApiPeriod = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({
      name: 'from',
      required: false,
      description: `First day (Asia/Shanghai); ${DEFAULT_DAYS} days before \`to\` when absent`,
      schema: { ...day, example: '2026-11-01' },
    }),
    ApiQuery({
      name: 'to',
      required: false,
      description: 'The day after the last (Asia/Shanghai); tomorrow when absent',
      schema: { ...day, example: '2026-12-01' },
    }),
  );

/** A version of the list. */
const LIST_VERSION = { type: 'string', minLength: 1, maxLength: 64, example: '2026.11-1' } as const;
/** The same in the path. */
export const ApiListVersion = (): MethodDecorator => ApiParam({ name: 'version', schema: LIST_VERSION });
/** The same in the query: what something is compared with. */
export const ApiSince = (description: string): MethodDecorator =>
  ApiQuery({ name: 'since', required: false, description, schema: LIST_VERSION });

/** The parameters by which an answer is read page by page: how many at once, and from where on. */
export const ApiPage = ({ usual, most }: { usual: number; most: number }): MethodDecorator =>
  applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: most, default: usual },
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      description: 'From the page before; with the other parameters unchanged',
      schema: { type: 'string' },
    }),
  );
