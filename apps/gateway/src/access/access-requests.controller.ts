import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import {
  ACCESS_STATES,
  type AccessDetails,
  AccessDetailsSchema,
  type AccessRequests,
  AccessRequestsSchema,
  type AccessState,
  isUnitId,
  problem,
  type UnitId,
  validateRemindOwner,
  type Violation,
  violation,
  validateAccessAnswer,
  validateAccessEnding,
} from '@clearance/contracts';
import type { Identity, Role } from '@clearance/platform/tokens';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer } from '../http/answers.ts';
import { Caller, Presented, type PresentedToken } from '../http/call.ts';
import { Idempotent } from '../http/idempotent.ts';
import { DEFAULT_PAGE, encodeTimePlace, MAX_PAGE, readPageByTime } from '../http/page-by-time.ts';
import { ApiId, ApiPage, ApiUnit } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { Refuses } from '../http/refusals.ts';
import { Allow } from '../http/roles.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { valid } from '../lists/draft-answers.ts';
import { ACCESS_EXAMPLES, ANSWER_REQUEST, ENDING_REQUEST, REMIND_REQUEST } from './access-examples.ts';
import { askOwner, type PersonSays } from './ask-owner.ts';
import { findRequests, readRequest, type RequestsQuery } from './find-requests.ts';
import { remindOwner } from './remind-owner.ts';

/** What a request can be by the time that the gateway has it. */
const STATES = ACCESS_STATES.filter((state) => state !== 'submitted' && state !== 'rejected');

/** What a token needs that is bound to a key. */
const PROOF =
  'A token that is bound to a key (DPoP, RFC 9449) needs a proof whose claim `body_digest` is `sha-256:` and the base64url SHA-256 of the body’s canonical JSON (RFC 8785).';

/** Who sees all requests; a unit sees those that concern it. */
const SEE_ALL = ['policy', 'policy-approver', 'coordinator', 'auditor'] as const satisfies readonly Role[];

/** Requests for conditional data: who asks whom for what, and what became of it. */
@ApiTags('access')
@ApiBearerAuth()
@Controller('api/v1/access-requests')
export class AccessRequestsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get()
  @Allow(...SEE_ALL, 'unit')
  @ApiOperation({
    summary:
      '有条件共享申请 Requests for conditional data, the newest first; a unit sees its own and those that it is asked',
  })
  @ApiQuery({ name: 'state', required: false, schema: { type: 'string', enum: STATES, example: 'open' } })
  @ApiUnit('requester')
  @ApiUnit('owner')
  @ApiQuery({
    name: 'overdue',
    required: false,
    description: 'true: those alone that were not answered in time',
    schema: { type: 'string', enum: ['true', 'false'], example: 'false' },
  })
  @ApiPage({ usual: DEFAULT_PAGE, most: MAX_PAGE })
  @ApiOkResponse(answer(AccessRequestsSchema, ACCESS_EXAMPLES.page))
  async list(@Query() parameters: Record<string, unknown>, @Caller() caller: Identity): Promise<AccessRequests> {
    const { query, page } = readQuery(parameters);
    const { database, now } = this.host.gateway();
    const own = onlyOwn(caller);
    const concerning = own === undefined ? {} : { concerning: own };
    const { requests, next } = await findRequests(database, { ...query, ...concerning }, page, now());
    return { requests, ...(next === undefined ? {} : { cursor: encodeTimePlace(next) }) };
  }

  @Get(':requestId')
  @Allow(...SEE_ALL, 'unit')
  @ApiOperation({ summary: '一份申请与各方签名的陈述 One request, with what its parties have signed' })
  @ApiId('requestId')
  @ApiOkResponse(answer(AccessDetailsSchema, ACCESS_EXAMPLES.details))
  async read(@Param('requestId', ParseUUIDPipe) requestId: string, @Caller() caller: Identity): Promise<AccessDetails> {
    const { database, now } = this.host.gateway();
    const request = await readRequest(database, requestId, now());
    const own = onlyOwn(caller);
    // Of what concerns others a unit is not told that it is there.
    const hidden = own !== undefined && own !== request?.requester && own !== request?.owner;
    if (request === undefined || hidden) throw new ProblemError(problem('unknown'));
    return request;
  }

  @Post(':requestId/reminders')
  @HttpCode(202)
  @Idempotent()
  @Allow('coordinator')
  @Refuses(409)
  @ApiOperation({ summary: '催办 Remind the owner of a request that waits for an answer' })
  @ApiId('requestId')
  @ApiBody(REMIND_REQUEST)
  @ApiAcceptedResponse(answer(AccessDetailsSchema, ACCESS_EXAMPLES.details))
  async remind(@Param('requestId', ParseUUIDPipe) requestId: string, @Body() body: unknown): Promise<AccessDetails> {
    valid(validateRemindOwner(body));
    const gateway = this.host.gateway();
    const reminded = await remindOwner(gateway, requestId);
    if (!reminded.ok) throw new ProblemError(reminded.problem);
    return (await readRequest(gateway.database, requestId, gateway.now()))!;
  }

  @Post(':requestId/decision')
  @HttpCode(200)
  @Idempotent()
  @Allow('unit')
  @Refuses(409)
  @ApiOperation({
    summary: '答复申请 Answer a request that one’s unit is asked; the unit’s own service judges the token, and signs',
    description: PROOF,
  })
  @ApiId('requestId')
  @ApiBody(ANSWER_REQUEST)
  @ApiOkResponse(answer(AccessDetailsSchema, ACCESS_EXAMPLES.decided))
  async decide(
    @Param('requestId', ParseUUIDPipe) requestId: string,
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Presented() presented: PresentedToken,
  ): Promise<AccessDetails> {
    const said = { requestId, answer: valid(validateAccessAnswer(body)) };
    const request = await this.say(caller, presented, said);
    if (request.said.decision === undefined) throw new ProblemError(problem('not-ready'));
    return request;
  }

  @Post(':requestId/revocation')
  @HttpCode(200)
  @Idempotent()
  @Allow('unit')
  @Refuses(409)
  @ApiOperation({
    summary: '撤销授权 End what one’s unit has granted; the unit’s own service judges the token, and signs',
    description: PROOF,
  })
  @ApiId('requestId')
  @ApiBody(ENDING_REQUEST)
  @ApiOkResponse(answer(AccessDetailsSchema, ACCESS_EXAMPLES.revoked))
  async revoke(
    @Param('requestId', ParseUUIDPipe) requestId: string,
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Presented() presented: PresentedToken,
  ): Promise<AccessDetails> {
    const said = { requestId, ending: valid(validateAccessEnding(body)) };
    const request = await this.say(caller, presented, said);
    if (request.said.revocation === undefined) throw new ProblemError(problem('not-ready'));
    return request;
  }

  /** Passes a word on to the caller's unit. @returns the request as it is then @throws ProblemError when it is refused */
  private async say({ unit }: Identity, presented: PresentedToken, said: PersonSays): Promise<AccessDetails> {
    const gateway = this.host.gateway();
    const read = () => readRequest(gateway.database, said.requestId, gateway.now());
    const before = await read();
    // Of what concerns others a unit is not told that it is there, whatever else the caller may see.
    if (before === undefined || (unit !== before.owner && unit !== before.requester))
      throw new ProblemError(problem('unknown'));
    if (unit !== before.owner) throw new ProblemError(problem('forbidden', { detail: ANSWERED_BY_OWNER }));
    const heard = await askOwner(gateway, unit, presented, said);
    if (!heard.ok) throw new ProblemError(heard.problem);
    return (await read())!;
  }
}

const ANSWERED_BY_OWNER = { zh: '申请由提供单位答复', en: 'A request is answered by its owner.' };

/** The unit to whose requests a caller is kept; undefined for those who see all. */
function onlyOwn({ roles, unit }: Identity): UnitId | undefined {
  // Another role beside that of a unit, a firm's, opens nothing more.
  return SEE_ALL.some((role) => roles.includes(role)) ? undefined : unit;
}

/** @throws ProblemError listing every parameter at fault. */
function readQuery(parameters: Record<string, unknown>): {
  query: RequestsQuery;
  page: ReturnType<typeof readPageByTime>;
} {
  const { state, requester, owner, overdue, ...others } = parameters;
  const errors: Violation[] = [];
  const bad = (name: string, expected: string): void =>
    void errors.push(violation(`/${name}`, 'bad-format', { expected }));
  if (state !== undefined && !STATES.some((known) => known === state)) bad('state', STATES.join(', '));
  const units = { requester, owner };
  for (const [name, value] of Object.entries(units)) {
    if (value !== undefined && !(typeof value === 'string' && isUnitId(value))) bad(name, 'ln.customs');
  }
  if (overdue !== undefined && overdue !== 'true' && overdue !== 'false') bad('overdue', 'true, false');
  let page: ReturnType<typeof readPageByTime> | undefined;
  try {
    page = readPageByTime(others);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    errors.push(...error.problem.errors);
  }
  if (page === undefined || errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  const query: RequestsQuery = {
    ...(state === undefined ? {} : { state: state as AccessState }),
    ...(requester === undefined ? {} : { requester: requester as UnitId }),
    ...(owner === undefined ? {} : { owner: owner as UnitId }),
    ...(overdue === undefined ? {} : { overdue: overdue === 'true' }),
  };
  return { query, page };
}
