import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  problem,
  type ReviewDetails,
  ReviewDetailsSchema,
  type Reviews,
  ReviewsSchema,
  validateCatchUpRequest,
} from '@clearance/contracts';
import type { Identity } from '@clearance/platform/tokens';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer, FOLLOWED_AT } from '../http/answers.ts';
import { Caller } from '../http/call.ts';
import { Idempotent } from '../http/idempotent.ts';
import { DEFAULT_PAGE, encodeTimePlace, MAX_PAGE, readPageByTime } from '../http/page-by-time.ts';
import { ApiId, ApiPage } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { Allow } from '../http/roles.ts';
import { valid } from '../lists/draft-answers.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { CATCH_UP_REQUEST, REVIEW_EXAMPLES } from './review-examples.ts';
import { openCatchUp } from './open-reviews.ts';
import { findReviews, readReview } from './read-reviews.ts';

interface HttpAnswer {
  setHeader(name: string, value: string): unknown;
}

const NOT_ITS_OWN = {
  zh: '单位只能为自己申请补发',
  en: 'A unit may ask for a catch-up for itself only.',
};

/** What was given and is decided anew: taken back under a stricter list, completed under a looser one. */
@ApiTags('reviews')
@ApiBearerAuth()
@Controller('api/v1')
export class ReviewsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get('reviews')
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '收回与补发 Recalls and catch-ups, the newest first' })
  @ApiPage({ usual: DEFAULT_PAGE, most: MAX_PAGE })
  @ApiOkResponse(answer(ReviewsSchema, REVIEW_EXAMPLES.page))
  async list(@Query() parameters: Record<string, unknown>): Promise<Reviews> {
    const { reviews, next } = await findReviews(this.host.gateway().database, readPageByTime(parameters));
    return { reviews, ...(next === undefined ? {} : { cursor: encodeTimePlace(next) }) };
  }

  @Get('reviews/:reviewId')
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({
    summary: '一次收回或补发：进度与未回执单位 A recall or catch-up: how far it is, and who is waited for',
  })
  @ApiId('reviewId')
  @ApiOkResponse(answer(ReviewDetailsSchema, REVIEW_EXAMPLES.details))
  async read(@Param('reviewId', ParseUUIDPipe) reviewId: string): Promise<ReviewDetails> {
    const review = await readReview(this.host.gateway().database, reviewId);
    if (review === undefined) throw new ProblemError(problem('unknown'));
    return review;
  }

  @Post('catch-ups')
  @HttpCode(202)
  @Idempotent()
  @Allow('policy', 'coordinator', 'unit')
  @ApiOperation({
    summary: '补发现在可见的内容 Give what may be seen by now of results that were given before, at once or later',
  })
  @ApiBody(CATCH_UP_REQUEST)
  @ApiAcceptedResponse(
    answer(ReviewDetailsSchema, REVIEW_EXAMPLES.catchUp, {
      headers: FOLLOWED_AT,
    }),
  )
  async catchUp(
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: HttpAnswer,
  ): Promise<ReviewDetails> {
    const request = valid(validateCatchUpRequest(body));
    const forAnyone = caller.roles.includes('policy') || caller.roles.includes('coordinator');
    if (!forAnyone && !(request.consumers?.length === 1 && request.consumers[0] === caller.unit)) {
      throw new ProblemError(problem('forbidden', { detail: NOT_ITS_OWN }));
    }
    const gateway = this.host.gateway();
    const reviewId = await openCatchUp(gateway, request, caller.subject);
    response.setHeader('Location', `/api/v1/reviews/${reviewId}`);
    return (await readReview(gateway.database, reviewId))!;
  }
}
