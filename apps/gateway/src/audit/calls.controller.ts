import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { problem, type Violation, violation } from '@clearance/contracts';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer } from '../http/answers.ts';
import { ApiInstant, ApiPage } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { Allow } from '../http/roles.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { CALLS_EXAMPLE, type CallsAnswer, CallsSchema } from './calls-schema.ts';
import { type CallsQuery, findCalls } from './find-calls.ts';

const DEFAULT_PAGE = 100;
const MAX_PAGE = 500;
const MAX_TEXT = 600;
const TEXT = { type: 'string', maxLength: MAX_TEXT } as const;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const SEQUENCE = /^[1-9]\d{0,17}$/;

/** Who called this interface, what for, and what they were answered. */
@ApiTags('audit')
@ApiBearerAuth()
@Controller('api/v1/audit/calls')
export class CallsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get()
  @Allow('auditor')
  @ApiOperation({ summary: '谁在何时调用了什么 Who called what, and when; the newest first' })
  @ApiQuery({ name: 'subject', required: false, schema: { ...TEXT, example: 'clearance-mesh#local-policy' } })
  @ApiQuery({ name: 'route', required: false, schema: { ...TEXT, example: '/api/v1/lists/{version}' } })
  @ApiInstant('from', 'Called then or later')
  @ApiInstant('to', 'Called before')
  @ApiPage({ usual: DEFAULT_PAGE, most: MAX_PAGE })
  @ApiOkResponse(answer(CallsSchema, CALLS_EXAMPLE))
  async find(@Query() parameters: Record<string, unknown>): Promise<CallsAnswer> {
    const { query, limit, before } = readQuery(parameters);
    const { calls, next } = await findCalls(this.host.gateway().database, query, { limit, before });
    return { calls, ...(next === undefined ? {} : { cursor: encodeCursor(next) }) };
  }
}

/** @throws ProblemError listing every parameter at fault. */
function readQuery(parameters: Record<string, unknown>): {
  query: CallsQuery;
  limit: number;
  before: string | undefined;
} {
  const errors: Violation[] = [];
  const { subject, route, from, to, limit = String(DEFAULT_PAGE), cursor, ...others } = parameters;
  for (const name of Object.keys(others)) errors.push(violation(`/${name}`, 'unknown-member'));
  const text = (name: string, value: unknown): void => {
    if (value === undefined || (typeof value === 'string' && value.length <= MAX_TEXT && !value.includes('\0'))) return;
    errors.push(violation(`/${name}`, 'bad-format', { expected: `1…${MAX_TEXT}` }));
  };
  text('subject', subject);
  text('route', route);
  const instant = (name: string, value: unknown): number | undefined => {
    if (value === undefined) return undefined;
    const at = typeof value === 'string' && RFC_3339.test(value) ? Date.parse(value) : NaN;
    if (Number.isNaN(at)) errors.push(violation(`/${name}`, 'bad-format', { expected: 'RFC 3339' }));
    return at;
  };
  const since = instant('from', from);
  const until = instant('to', to);
  const size = typeof limit === 'string' && /^[1-9][0-9]{0,2}$/.test(limit) ? Number(limit) : Infinity;
  if (size > MAX_PAGE) errors.push(violation('/limit', 'out-of-range', { expected: `1…${MAX_PAGE}` }));
  const before = typeof cursor === 'string' ? decodeCursor(cursor) : undefined;
  if (cursor !== undefined && before === undefined)
    errors.push(violation('/cursor', 'bad-format', { expected: 'cursor' }));
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  const query = {
    ...(subject === undefined ? {} : { subject: subject as string }),
    ...(route === undefined ? {} : { route: route as string }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  };
  return { query, limit: size, before };
}

/** A cursor is opaque to its holder; inside it is the number of the last row of the page. */
function encodeCursor(sequence: string): string {
  return Buffer.from(sequence, 'latin1').toString('base64url');
}

function decodeCursor(cursor: string): string | undefined {
  const sequence = Buffer.from(cursor, 'base64url').toString('latin1');
  return SEQUENCE.test(sequence) && encodeCursor(sequence) === cursor ? sequence : undefined;
}
