import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Param,
  ParseUUIDPipe,
  Post,
  Res,
  Sse,
  UseGuards,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { concatMap, distinctUntilChanged, map, type Observable, takeWhile, timer } from 'rxjs';
import type { Static } from 'typebox';
import { validate as isUUID } from 'uuid';
import { problem, validatePreviewRequest } from '@clearance/contracts';
import type { Identity } from '@clearance/platform/tokens';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer, events, FOLLOWED_AT } from '../http/answers.ts';
import { Caller, httpOf } from '../http/call.ts';
import { Idempotent } from '../http/idempotent.ts';
import { ApiId } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { Allow } from '../http/roles.ts';
import { accepted, valid } from '../lists/draft-answers.ts';
import { readDraft } from '../lists/keep-drafts.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { previewsOf, readPreview } from './keep-previews.ts';
import { type Preview, PREVIEW_EXAMPLES, PREVIEW_REQUEST, PreviewSchema, PreviewsSchema } from './preview-schema.ts';

interface HttpAnswer {
  setHeader(name: string, value: string): unknown;
}

const LOOK_EVERY_MS = 500;

/** Lets only ids of previews in that there are: once events have begun, nothing can be refused any more. */
@Injectable()
export class KnownPreview implements CanActivate {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const previewId = String(httpOf(context)?.request.params?.['previewId']);
    // What is no id at all is refused as such, by the parameter's pipe.
    if (!isUUID(previewId)) return true;
    if ((await readPreview(this.host.gateway().database, previewId)) !== undefined) return true;
    throw new ProblemError(problem('unknown'));
  }
}

/** What a draft would change, before anybody approves it. */
@ApiTags('previews')
@ApiBearerAuth()
@Controller('api/v1')
export class PreviewsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Post('drafts/:draftId/previews')
  @HttpCode(202)
  @Idempotent()
  @Allow('policy', 'policy-approver', 'coordinator')
  @ApiOperation({ summary: '预演草案 Replay real traffic against a draft' })
  @ApiId('draftId')
  @ApiBody(PREVIEW_REQUEST)
  @ApiAcceptedResponse(
    answer(PreviewSchema, PREVIEW_EXAMPLES.begun, {
      headers: FOLLOWED_AT,
    }),
  )
  async start(
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<Preview> {
    const request = valid(validatePreviewRequest(body));
    const preview = accepted(await this.host.previews().start(draftId, request, caller.subject));
    response.setHeader('Location', `/api/v1/previews/${preview.previewId}`);
    return preview;
  }

  @Get('drafts/:draftId/previews')
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '草案的预演 The previews of a draft, newest first' })
  @ApiId('draftId')
  @ApiOkResponse(answer(PreviewsSchema, PREVIEW_EXAMPLES.previews))
  async list(@Param('draftId', ParseUUIDPipe) draftId: string): Promise<Static<typeof PreviewsSchema>> {
    const { database } = this.host.gateway();
    const previews = await previewsOf(database, draftId);
    if (previews.length === 0 && (await readDraft(database, draftId)) === undefined) {
      throw new ProblemError(problem('unknown'));
    }
    return { previews };
  }

  @Get('previews/:previewId')
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '一次预演 A preview: how far it is, and what it found' })
  @ApiId('previewId')
  @ApiOkResponse(answer(PreviewSchema, PREVIEW_EXAMPLES.done))
  async read(@Param('previewId', ParseUUIDPipe) previewId: string): Promise<Preview> {
    const preview = await readPreview(this.host.gateway().database, previewId);
    if (preview === undefined) throw new ProblemError(problem('unknown'));
    return preview;
  }

  @Sse('previews/:previewId/events')
  @UseGuards(KnownPreview)
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '预演进度 A preview’s progress as server-sent events; the last one has the report' })
  @ApiId('previewId')
  @ApiOkResponse(events(PreviewSchema, PREVIEW_EXAMPLES.begun, '随时的进度，最后一个带有报告 The last one has ended'))
  follow(@Param('previewId', ParseUUIDPipe) previewId: string): Observable<{ data: Preview }> {
    return timer(0, LOOK_EVERY_MS).pipe(
      concatMap(() => this.read(previewId)),
      distinctUntilChanged((one, other) => JSON.stringify(one) === JSON.stringify(other)),
      takeWhile(({ state }) => state === 'running', true),
      map((data) => ({ data })),
    );
  }
}
