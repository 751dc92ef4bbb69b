import {
  applyDecorators,
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  ParseUUIDPipe,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  type ApiBodyOptions,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import {
  problem,
  validateActOnDraft,
  validateApproveDraft,
  validateRestoreList,
  validateWriteDraft,
} from '@clearance/contracts';
import type { Identity } from '@clearance/platform/tokens';
import type { Static } from 'typebox';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer } from '../http/answers.ts';
import { Caller } from '../http/call.ts';
import { etagOf, requireMatch } from '../http/etag.ts';
import { Idempotent } from '../http/idempotent.ts';
import { DEFAULT_PAGE, encodeTimePlace, MAX_PAGE, readPageByTime } from '../http/page-by-time.ts';
import { ApiId, ApiPage, ApiSince } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { BodyLimit, LIST_LIMIT } from '../http/read-body.ts';
import { Refuses } from '../http/refusals.ts';
import { Allow } from '../http/roles.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { type ActedOnDraft, actOnDraft, beginDraft, lintDraft } from './act-on-draft.ts';
import { approveDraft, type ApprovedList } from './approve-draft.ts';
import { accepted, valid } from './draft-answers.ts';
import { DRAFT_REQUESTS } from './draft-requests.ts';
import {
  ApprovedListSchema,
  DRAFT_EXAMPLES,
  type DraftAnswer,
  DraftHistorySchema,
  DraftSchema,
  DraftsSchema,
} from './draft-schema.ts';
import { type Changes, CHANGES_EXAMPLE, ChangesSchema } from './changes-schema.ts';
import { changesSince, readSince } from './changes-since.ts';
import { listDrafts, readDraft, readDraftEvents } from './keep-drafts.ts';
import { restoredText } from './restore-list.ts';

interface HttpAnswer {
  setHeader(name: string, value: string): unknown;
}

/** What describes a write to a draft: which one, as it was seen, and the body. */
const OfDraft = (takes: ApiBodyOptions): MethodDecorator =>
  applyDecorators(
    ApiId('draftId'),
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'the ETag that reading the draft gave',
      schema: { type: 'string', example: '"1"' },
    }),
    ApiBody(takes),
  );

const DRAFT_ANSWER = answer(DraftSchema, DRAFT_EXAMPLES.draft, {
  headers: {
    ETag: {
      required: true,
      description: 'Its revision, for If-Match',
      schema: { type: 'string', pattern: '^"[0-9]+"$' },
    },
  },
});

/**
 * Drafts of the negative list, from the first word to the approval by a second person. Whoever acts upon a draft says
 * which revision of it they have seen (`If-Match`, the ETag that reading it gave).
 */
@ApiTags('drafts')
@ApiBearerAuth()
@Controller('api/v1/drafts')
export class DraftsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Post()
  @HttpCode(201)
  @Idempotent()
  @BodyLimit(LIST_LIMIT)
  @Allow('policy')
  @ApiOperation({
    summary: '起草清单 Begin a draft; its text may be unfinished, and findings say what is wrong with it',
  })
  @ApiBody(DRAFT_REQUESTS.write)
  @ApiCreatedResponse(DRAFT_ANSWER)
  async begin(
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<DraftAnswer> {
    const { document, reason } = valid(validateWriteDraft(body));
    return answerWith(response, await beginDraft(this.host.gateway(), { actor: caller.subject, reason, document }));
  }

  @Post('restore')
  @HttpCode(201)
  @Idempotent()
  @Refuses(404)
  @Allow('policy')
  @ApiOperation({
    summary: '恢复旧清单为新草案 Begin a draft with the entries of a former list: a new version, never the old one',
  })
  @ApiBody(DRAFT_REQUESTS.restore)
  @ApiCreatedResponse(DRAFT_ANSWER)
  async restore(
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<DraftAnswer> {
    const { restore, reason, ...changes } = valid(validateRestoreList(body));
    const gateway = this.host.gateway();
    const [former]: { document: string }[] = await gateway.database.query(
      'select document from negative_list where version = $1',
      [restore],
    );
    if (former === undefined) throw new ProblemError(problem('unknown'));
    const document = restoredText(former.document, changes);
    return answerWith(response, await beginDraft(gateway, { actor: caller.subject, reason, document }));
  }

  @Get()
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '草案一览 Drafts, those that were changed last first' })
  @ApiPage({ usual: DEFAULT_PAGE, most: MAX_PAGE })
  @ApiOkResponse(answer(DraftsSchema, DRAFT_EXAMPLES.drafts))
  async list(@Query() parameters: Record<string, unknown>): Promise<Static<typeof DraftsSchema>> {
    const { drafts, next } = await listDrafts(this.host.gateway().database, readPageByTime(parameters));
    return { drafts, ...(next === undefined ? {} : { cursor: encodeTimePlace(next) }) };
  }

  @Get(':draftId')
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '一份草案 A draft, and what lint says of it now' })
  @ApiId('draftId')
  @ApiOkResponse(DRAFT_ANSWER)
  async read(
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<DraftAnswer> {
    const gateway = this.host.gateway();
    const draft = await readDraft(gateway.database, draftId);
    if (draft === undefined) throw new ProblemError(problem('unknown'));
    return answerWith(response, { draft, findings: lintDraft(gateway, draft.document) });
  }

  @Get(':draftId/history')
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '草案的经过：谁、何时、为何 What was done with a draft: who, when, why' })
  @ApiId('draftId')
  @ApiOkResponse(answer(DraftHistorySchema, DRAFT_EXAMPLES.history))
  async history(@Param('draftId', ParseUUIDPipe) draftId: string): Promise<Static<typeof DraftHistorySchema>> {
    const events = await readDraftEvents(this.host.gateway().database, draftId);
    if (events.length === 0) throw new ProblemError(problem('unknown'));
    return { events };
  }

  @Get(':draftId/changes')
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({
    summary: '草案与清单的差异 What a draft changes, in words: of the list in force, or of another version',
  })
  @ApiId('draftId')
  @ApiSince('The list in force when absent')
  @ApiOkResponse(answer(ChangesSchema, CHANGES_EXAMPLE))
  async changes(
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Query() parameters: Record<string, unknown>,
  ): Promise<Changes> {
    const gateway = this.host.gateway();
    const draft = await readDraft(gateway.database, draftId);
    if (draft === undefined) throw new ProblemError(problem('unknown'));
    const since = readSince(parameters) ?? gateway.listInForce(gateway.now())?.version;
    return accepted(await changesSince(gateway, draft.document, since));
  }

  @Put(':draftId')
  @Idempotent()
  @BodyLimit(LIST_LIMIT)
  @Allow('policy')
  @ApiOperation({ summary: '修改草案 Replace a draft’s text' })
  @OfDraft(DRAFT_REQUESTS.write)
  @ApiOkResponse(DRAFT_ANSWER)
  async edit(
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Headers('if-match') seen: string | undefined,
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<DraftAnswer> {
    const written = valid(validateWriteDraft(body));
    const revision = await this.revisionSeen(draftId, seen);
    const action = { act: 'edited', actor: caller.subject, revision, ...written } as const;
    return answerWith(response, accepted(await actOnDraft(this.host.gateway(), draftId, action)));
  }

  @Post(':draftId/submit')
  @HttpCode(200)
  @Idempotent()
  @Allow('policy')
  @ApiOperation({
    summary: '提交审批 Lay a draft before its approvers; refused with every finding while lint finds errors',
  })
  @OfDraft(DRAFT_REQUESTS.act)
  @ApiOkResponse(DRAFT_ANSWER)
  submit(
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Headers('if-match') seen: string | undefined,
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<DraftAnswer> {
    return this.act('submitted', draftId, { seen, body, caller, response });
  }

  @Post(':draftId/return')
  @HttpCode(200)
  @Idempotent()
  @Allow('policy-approver')
  @ApiOperation({ summary: '退回修改 Give a draft back to its authors' })
  @OfDraft(DRAFT_REQUESTS.act)
  @ApiOkResponse(DRAFT_ANSWER)
  giveBack(
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Headers('if-match') seen: string | undefined,
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<DraftAnswer> {
    return this.act('returned', draftId, { seen, body, caller, response });
  }

  @Post(':draftId/withdraw')
  @HttpCode(200)
  @Idempotent()
  @Allow('policy')
  @ApiOperation({ summary: '撤回草案 End a draft; nothing becomes of it' })
  @OfDraft(DRAFT_REQUESTS.act)
  @ApiOkResponse(DRAFT_ANSWER)
  withdraw(
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Headers('if-match') seen: string | undefined,
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<DraftAnswer> {
    return this.act('withdrawn', draftId, { seen, body, caller, response });
  }

  @Post(':draftId/approve')
  @HttpCode(200)
  @Idempotent()
  @Allow('policy-approver')
  @ApiOperation({
    summary:
      '批准：由第二人以政策密钥签署 Put a draft into the schedule, as a second person, with the policy key’s signature',
  })
  @OfDraft(DRAFT_REQUESTS.approve)
  @ApiOkResponse(answer(ApprovedListSchema, DRAFT_EXAMPLES.approved))
  async approve(
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Headers('if-match') seen: string | undefined,
    @Body() body: unknown,
    @Caller() caller: Identity,
  ): Promise<ApprovedList> {
    const approved = valid(validateApproveDraft(body));
    const approval = { revision: await this.revisionSeen(draftId, seen), actor: caller.subject, ...approved };
    const list = accepted(await approveDraft(this.host.gateway(), draftId, approval));
    await this.host.lists().reload();
    this.host.announceLists();
    return list;
  }

  /** The draft's revision, if it is the one that `If-Match` names. */
  private async revisionSeen(draftId: string, seen: string | undefined): Promise<number> {
    const draft = await readDraft(this.host.gateway().database, draftId);
    if (draft === undefined) throw new ProblemError(problem('unknown'));
    requireMatch(seen, etagOf(draft.revision));
    return draft.revision;
  }

  private async act(
    act: 'submitted' | 'returned' | 'withdrawn',
    draftId: string,
    {
      seen,
      body,
      caller,
      response,
    }: { seen: string | undefined; body: unknown; caller: Identity; response: HttpAnswer },
  ): Promise<DraftAnswer> {
    const { reason } = valid(validateActOnDraft(body));
    const action = { act, actor: caller.subject, revision: await this.revisionSeen(draftId, seen), reason };
    return answerWith(response, accepted(await actOnDraft(this.host.gateway(), draftId, action)));
  }
}

function answerWith(response: HttpAnswer, { draft, findings }: ActedOnDraft): DraftAnswer {
  response.setHeader('ETag', etagOf(draft.revision));
  return { ...draft, findings };
}
