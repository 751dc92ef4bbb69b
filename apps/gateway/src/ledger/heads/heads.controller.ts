import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { problem, type Violation, violation } from '@clearance/contracts';
import type { GatewayHost } from '../../accounts/gateway-host.ts';
import { answer } from '../../http/answers.ts';
import { ApiPage } from '../../http/parameters.ts';
import { ProblemError } from '../../http/problem-filter.ts';
import { Allow } from '../../http/roles.ts';
import { GATEWAY_HOST } from '../../tokens.ts';
import { HEADS_EXAMPLE, HeadsSchema } from './heads-schema.ts';
import { readHeads } from './read-heads.ts';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 200;

/** How far the ledger is signed, and whether it still is what was signed. */
@ApiTags('ledger')
@ApiBearerAuth()
@Controller('api/v1/ledger/heads')
export class HeadsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get()
  @Allow('auditor', 'coordinator')
  @ApiOperation({ summary: '台账头及其核验 Signed heads of the ledger, the newest first, and whether they hold' })
  @ApiPage({ usual: DEFAULT_PAGE, most: MAX_PAGE })
  @ApiOkResponse(answer(HeadsSchema, HEADS_EXAMPLE))
  async find(@Query() parameters: Record<string, unknown>): Promise<Static<typeof HeadsSchema>> {
    const page = readPage(parameters);
    const gateway = this.host.gateway();
    const { next, ...found } = await readHeads(gateway.database, gateway.keyRing(), page);
    return { ...found, ...(next === undefined ? {} : { cursor: encodeCursor(next) }) };
  }
}

/** @throws ProblemError listing every parameter at fault. */
function readPage(parameters: Record<string, unknown>): { limit: number; before: number | undefined } {
  const errors: Violation[] = [];
  const { limit = String(DEFAULT_PAGE), cursor, ...others } = parameters;
  for (const name of Object.keys(others)) errors.push(violation(`/${name}`, 'unknown-member'));
  const size = typeof limit === 'string' && /^[1-9][0-9]{0,2}$/.test(limit) ? Number(limit) : Infinity;
  if (size > MAX_PAGE) errors.push(violation('/limit', 'out-of-range', { expected: `1…${MAX_PAGE}` }));
  const before = typeof cursor === 'string' ? decodeCursor(cursor) : undefined;
  if (cursor !== undefined && before === undefined)
    errors.push(violation('/cursor', 'bad-format', { expected: 'cursor' }));
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  return { limit: size, before };
}

/** A cursor is opaque to its holder; inside it is the place of the last head of the page. */
function encodeCursor(sequence: number): string {
  return Buffer.from(String(sequence), 'latin1').toString('base64url');
}

function decodeCursor(cursor: string): number | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!/^[1-9][0-9]{0,14}$/.test(text)) return undefined;
  return encodeCursor(Number(text)) === cursor ? Number(text) : undefined;
}
