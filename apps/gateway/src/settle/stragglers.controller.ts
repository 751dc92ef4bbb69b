import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { durationMilliseconds, isUnitId, problem, type UnitId, type Violation, violation } from '@clearance/contracts';
import type { Static } from 'typebox';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer } from '../http/answers.ts';
import { ApiPage, ApiUnit } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { Allow } from '../http/roles.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { findStragglers, findUnconfirmed, type StragglerPlace, type StragglersQuery } from './find-stragglers.ts';
import { decodeCursor, encodeCursor } from './straggler-cursor.ts';
import { STRAGGLERS_EXAMPLE, StragglersSchema } from './stragglers-schema.ts';

const DEFAULT_OLDER_THAN = 'PT5M';
const DEFAULT_PAGE = 50;
const MAX_PAGE = 500;

/** Which unit has not confirmed what, and for how long. */
@ApiTags('settlement')
@ApiBearerAuth()
@Controller('api/v1/stragglers')
export class StragglersController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get()
  @Allow('coordinator', 'auditor')
  @ApiOperation({ summary: '尚未回执的单位与结果 Which unit has not confirmed what, and for how long' })
  @ApiUnit('unit')
  @ApiQuery({
    name: 'olderThan',
    required: false,
    description: 'ISO 8601 duration',
    schema: { type: 'string', default: DEFAULT_OLDER_THAN },
  })
  @ApiPage({ usual: DEFAULT_PAGE, most: MAX_PAGE })
  @ApiOkResponse(answer(StragglersSchema, STRAGGLERS_EXAMPLE))
  async find(@Query() parameters: Record<string, unknown>): Promise<Static<typeof StragglersSchema>> {
    const { query, limit, after } = readQuery(parameters);
    const gateway = this.host.gateway();
    const now = gateway.now();
    const [stragglers, page] = await Promise.all([
      findStragglers(gateway.database, query, now),
      findUnconfirmed(gateway.database, query, { now, limit, after }),
    ]);
    const at = new Date(now).toISOString();
    const { results, next } = page;
    return { at, stragglers, results, ...(next === undefined ? {} : { cursor: encodeCursor(next) }) };
  }
}

/** @throws ProblemError listing every parameter at fault. */
function readQuery(parameters: Record<string, unknown>): {
  query: StragglersQuery;
  limit: number;
  after: StragglerPlace | undefined;
} {
  const errors: Violation[] = [];
  const { unit, olderThan = DEFAULT_OLDER_THAN, limit = String(DEFAULT_PAGE), cursor, ...others } = parameters;
  for (const name of Object.keys(others)) errors.push(violation(`/${name}`, 'unknown-member'));
  if (unit !== undefined && !(typeof unit === 'string' && isUnitId(unit)))
    errors.push(violation('/unit', 'bad-format', { expected: 'ln.customs' }));
  const olderThanMs = typeof olderThan === 'string' ? durationMilliseconds(olderThan) : undefined;
  if (olderThanMs === undefined) errors.push(violation('/olderThan', 'bad-format', { expected: 'ISO 8601, PT5M' }));
  const size = typeof limit === 'string' && /^[1-9][0-9]{0,2}$/.test(limit) ? Number(limit) : Infinity;
  if (size > MAX_PAGE) errors.push(violation('/limit', 'out-of-range', { expected: `1…${MAX_PAGE}` }));
  const after = typeof cursor === 'string' ? decodeCursor(cursor) : undefined;
  if (cursor !== undefined && after === undefined)
    errors.push(violation('/cursor', 'bad-format', { expected: 'cursor' }));
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  const query = { olderThanMs: olderThanMs!, ...(unit === undefined ? {} : { unit: unit as UnitId }) };
  return { query, limit: size, after };
}
