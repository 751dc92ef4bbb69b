import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { durationMilliseconds, problem, validateReconcileRequest, violation } from '@clearance/contracts';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer } from '../http/answers.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { Allow } from '../http/roles.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { dayOf, ON_THE_WAY_MS } from './keep-reconciling.ts';
import { reconcile, type Reconciliation } from './reconcile.ts';
import { RECONCILE_REQUEST, RECONCILIATION_EXAMPLE, ReconciliationSchema } from './reconciliations-schema.ts';

const DAY_MS = 86_400_000;
/** Days of one run; a longer time is asked for in parts. */
const MAX_DAYS = 31;

const BUSY = { zh: '另一次对账正在进行，请稍后重试', en: 'Another reconciliation is under way; try again later.' };

/** Reconciliation on demand: the coordinator's question whether everybody has what they should. */
@ApiTags('reconciliation')
@ApiBearerAuth()
@Controller('api/v1/reconciliations')
export class ReconciliationsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Post()
  @HttpCode(200)
  @Allow('coordinator')
  @ApiOperation({
    summary: '对账：比较签发、披露与接收，并修复差异 Compare what was issued, disclosed and received, and repair it',
  })
  @ApiBody(RECONCILE_REQUEST)
  @ApiOkResponse(answer(ReconciliationSchema, RECONCILIATION_EXAMPLE))
  @ApiConflictResponse({ description: BUSY.en })
  async reconcile(@Body() body: unknown): Promise<Static<typeof ReconciliationSchema>> {
    const gateway = this.host.gateway();
    const report = await reconcile(gateway, readRequest(body, gateway.now()));
    if (report === 'busy') throw new ProblemError(problem('conflict', { detail: BUSY }));
    return report;
  }
}

/** @throws ProblemError listing what is wrong with the body. */
function readRequest(body: unknown, now: number): Reconciliation {
  const checked = validateReconcileRequest(body);
  if (!checked.ok) throw new ProblemError(problem('invalid', { errors: checked.violations }));
  const { from = dayOf(now - DAY_MS), to = dayOf(now), repair, olderThan } = checked.value;
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1 || days > MAX_DAYS) {
    const errors = [violation('/to', 'out-of-range', { expected: `/from + 0…${MAX_DAYS - 1} d` })];
    throw new ProblemError(problem('invalid', { errors }));
  }
  const olderThanMs = olderThan === undefined ? ON_THE_WAY_MS : durationMilliseconds(olderThan)!;
  return { from, to, repair, olderThanMs };
}
