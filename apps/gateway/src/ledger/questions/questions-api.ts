import { applyDecorators } from '@nestjs/common';
import { ApiQuery, type ApiQueryOptions } from '@nestjs/swagger';
import { DEFAULT_PAGE, EXPORT_FORMATS, MAX_PAGE, MAX_PATH, QUESTIONS } from './read-questions.ts';

const time = { type: 'string', format: 'date-time' } as const;
const unit = { type: 'string', pattern: '^[a-z]{2}\\.[a-z][a-z0-9-]{0,31}$' } as const;
const sequence = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;

/** Every parameter of the questions, as OpenAPI tells of it. */
const PARAMETERS = {
  resultId: { schema: { type: 'string', format: 'uuid', example: '019aa5a1-7c5b-7000-8000-000000000001' } },
  path: {
    description: 'JSON Pointer (RFC 6901) into the result as it was issued; `*` for every element. Empty: the whole',
    schema: { type: 'string', maxLength: MAX_PATH, example: '/goods/0/value' },
  },
  consumer: { description: 'The unit that was given it', schema: { ...unit, example: 'hl.border' } },
  issuer: { schema: { ...unit, example: 'ln.customs' } },
  grant: {
    description: 'Id of a request for access that was granted: only where something was shown under it',
    schema: { type: 'string', format: 'uuid', example: '019aa5a1-7c5b-7000-8000-00000000a001' },
  },
  entry: { description: 'Id of an entry of the negative list', schema: { type: 'string', example: 'NL-001' } },
  kind: { schema: { type: 'string', maxLength: 64, example: 'customs.examination' } },
  listVersion: { schema: { type: 'string', maxLength: 64, example: '2026.11-1' } },
  from: { description: 'Decided then or later', schema: { ...time, example: '2026-11-01T00:00:00+08:00' } },
  to: { description: 'Decided before', schema: { ...time, example: '2026-12-01T00:00:00+08:00' } },
  first: { description: 'First row', schema: { ...sequence, example: 1 } },
  last: { description: 'Last row', schema: { ...sequence, example: 1000 } },
  version: { description: 'All versions if not given', schema: { type: 'integer', minimum: 1, example: 1 } },
  limit: { schema: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE } },
  cursor: { description: 'From the page before; with the other parameters unchanged', schema: { type: 'string' } },
  question: { schema: { type: 'string', enum: Object.keys(QUESTIONS), example: 'withheld' } },
  format: { schema: { type: 'string', enum: [...EXPORT_FORMATS], example: 'jsonl' } },
  complete: {
    description: 'JSON lines: every row of the range with what it records, which proves that no row was left out',
    schema: { type: 'boolean', default: false },
  },
  bom: {
    description: 'CSV: begin with a byte order mark, for spreadsheets',
    schema: { type: 'boolean', default: false },
  },
} as const satisfies Record<string, { schema: object; description?: string }>;

/** Conditions that the questions about a period share. */
export const CONDITIONS = {
  issuer: 'optional',
  kind: 'optional',
  listVersion: 'optional',
  from: 'optional',
  to: 'optional',
} as const;

/** The parameters that a route takes; any other is refused. */
export function ApiParameters(
  names: Partial<Record<keyof typeof PARAMETERS, 'required' | 'optional'>>,
): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...Object.entries(names).map(([name, need]) =>
      ApiQuery({
        ...PARAMETERS[name as keyof typeof PARAMETERS],
        name,
        required: need === 'required',
      } as ApiQueryOptions),
    ),
  );
}
