import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { Static } from 'typebox';
import { isUnitId, problem, validateRebuild, type Violation, violation } from '@clearance/contracts';
import type { Identity } from '@clearance/platform/tokens';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer, FOLLOWED_AT } from '../http/answers.ts';
import { Caller } from '../http/call.ts';
import { Idempotent } from '../http/idempotent.ts';
import { DEFAULT_PAGE, encodeTimePlace, MAX_PAGE, readPageByTime } from '../http/page-by-time.ts';
import { ApiId, ApiPage, ApiUnit } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { Refuses } from '../http/refusals.ts';
import { Allow } from '../http/roles.ts';
import { valid } from '../lists/draft-answers.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import {
  CONSIGNMENTS_EXAMPLE,
  ConsignmentsSchema,
  REBUILD_EXAMPLE,
  REBUILD_REQUEST,
  RebuildSchema,
  TIMELINE_EXAMPLE,
  TimelineSchema,
} from './consignments-schema.ts';
import { type ConsignmentsQuery, findConsignments, readConsignment } from './find-consignments.ts';
import { readTimeline } from './read-timeline.ts';
import { readRebuild, requestRebuild } from './rebuild.ts';

/** Goods as they move, over declarations, containers and transport documents: what happened to them, and where. */
@ApiTags('coordination')
@ApiBearerAuth()
@Controller('api/v1/consignments')
export class ConsignmentsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get()
  @Allow('coordinator', 'auditor')
  @ApiOperation({
    summary:
      '按箱号、报关单号、运单号或结果号查票 Consignments by container, declaration, transport document or result',
  })
  @ApiQuery({ name: 'container', required: false, schema: { type: 'string', example: 'CSQU3054383' } })
  @ApiQuery({ name: 'declarationNumber', required: false, schema: { type: 'string', example: '090220261000000123' } })
  @ApiQuery({ name: 'transportDocument', required: false, schema: { type: 'string', example: 'COSU6123456780' } })
  @ApiQuery({
    name: 'resultId',
    required: false,
    schema: { type: 'string', format: 'uuid', example: '019aa5a1-7c5b-7000-8000-000000000001' },
  })
  @ApiUnit('issuer')
  @ApiPage({ usual: DEFAULT_PAGE, most: MAX_PAGE })
  @ApiOkResponse(answer(ConsignmentsSchema, CONSIGNMENTS_EXAMPLE))
  async find(@Query() parameters: Record<string, unknown>): Promise<Static<typeof ConsignmentsSchema>> {
    const { container, declarationNumber, transportDocument, resultId, issuer, ...paging } = parameters;
    const query = readQuery({ container, declarationNumber, transportDocument, resultId, issuer });
    const { consignments, next } = await findConsignments(this.host.gateway().database, query, readPageByTime(paging));
    return { consignments, ...(next === undefined ? {} : { cursor: encodeTimePlace(next) }) };
  }

  @Post('rebuilds')
  @HttpCode(202)
  @Idempotent()
  @Refuses(409)
  @Allow('coordinator')
  @ApiOperation({
    summary:
      '由台账与各单位重建 Makes all consignments anew from the ledger and from the units; meanwhile some are not found',
  })
  @ApiBody(REBUILD_REQUEST)
  @ApiAcceptedResponse(answer(RebuildSchema, REBUILD_EXAMPLE, { headers: FOLLOWED_AT }))
  async rebuild(
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<Static<typeof RebuildSchema>> {
    const gateway = this.host.gateway();
    const { reason } = valid(validateRebuild(body));
    const rebuildId = await requestRebuild(gateway, caller.subject, reason);
    if (rebuildId === 'busy') throw new ProblemError(problem('conflict', { detail: BUSY }));
    response.setHeader('Location', `/api/v1/consignments/rebuilds/${rebuildId}`);
    return (await readRebuild(gateway.database, rebuildId))!;
  }

  @Get('rebuilds/:rebuildId')
  @Allow('coordinator', 'auditor')
  @ApiOperation({ summary: '重建进度 How far that is' })
  @ApiId('rebuildId')
  @ApiOkResponse(answer(RebuildSchema, REBUILD_EXAMPLE))
  async rebuilt(@Param('rebuildId', ParseUUIDPipe) id: string): Promise<Static<typeof RebuildSchema>> {
    const rebuild = await readRebuild(this.host.gateway().database, id);
    if (rebuild === undefined) throw new ProblemError(problem('unknown'));
    return rebuild;
  }

  @Get(':id/timeline')
  @Allow('coordinator', 'auditor')
  @ApiOperation({
    summary: '一票货物的全程 What happened to a consignment, by its id or that of any of its results',
  })
  @ApiId('id')
  @ApiOkResponse(answer(TimelineSchema, TIMELINE_EXAMPLE))
  async timeline(@Param('id', ParseUUIDPipe) id: string): Promise<Static<typeof TimelineSchema>> {
    const { database } = this.host.gateway();
    const consignment = await readConsignment(database, id.toLowerCase());
    if (consignment === undefined) throw new ProblemError(problem('unknown'));
    const { results, steps, more } = await readTimeline(database, consignment);
    return { consignment, results, steps: steps as Static<typeof TimelineSchema>['steps'], more };
  }
}

const BUSY = { zh: '重建正在进行', en: 'They are being made anew already.' };

/** Of the response, what is set on it. */
interface HttpAnswer {
  setHeader(name: string, value: string): unknown;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Whatever carriers write, but nothing that is no character. */
const TRANSPORT_DOCUMENT = /^[^\p{Cc}\p{Cs}]{1,35}$/u;

/** @throws ProblemError listing every parameter at fault. */
function readQuery(given: Record<keyof ConsignmentsQuery, unknown>): ConsignmentsQuery {
  const errors: Violation[] = [];
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const expected = expectedOf(name as keyof ConsignmentsQuery, value);
    if (expected === undefined) query[name] = name === 'resultId' ? String(value).toLowerCase() : String(value);
    else errors.push(violation(`/${name}`, 'bad-format', { expected }));
  }
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  return query;
}

/** What a parameter should have been; undefined when it is that. */
function expectedOf(name: keyof ConsignmentsQuery, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return 'one value';
  switch (name) {
    case 'container':
      return /^[A-Z]{3}[UJZ][0-9]{7}$/.test(value) ? undefined : 'CSQU3054383';
    case 'declarationNumber':
      return /^[0-9]{18}$/.test(value) ? undefined : '090220261000000123';
    case 'transportDocument':
      return TRANSPORT_DOCUMENT.test(value) ? undefined : 'COSU6123456780';
    case 'resultId':
      return UUID.test(value) ? undefined : 'UUID';
    case 'issuer':
      return isUnitId(value) ? undefined : 'ln.customs';
    default:
      return name satisfies never;
  }
}
