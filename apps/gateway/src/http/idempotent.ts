import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { problem, violation } from '@clearance/contracts';
import { type DataSource, describeError, type Logger } from '@clearance/platform';
import { type Call, callOf, httpOf, type HttpRequest, type HttpResponse } from './call.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { ProblemError, problemOf } from './problem-filter.ts';
import {
  claimKey,
  keepAnswer,
  type KeyedRequest,
  releaseKey,
  RENEW_MS,
  renewClaim,
  type StoredAnswer,
} from './stored-answers.ts';

const IDEMPOTENT_KEY = 'clearance:idempotent';

/**
 * A write that may be sent again: with the header `Idempotency-Key` the same caller's same request (method, path and
 * query, `If-Match`, body) is done once, and gets its first answer again for 24 hours. The same key with another request
 * is answered 422, while the first is under way 409. What was answered with 429 or 5xx is done again. For handlers that
 * return their answer; one whose process died half way is done again, so the work itself must bear that.
 */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(IDEMPOTENT_KEY, true),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: '同一请求重发时只执行一次 The same request, sent again, is done once',
      schema: {
        type: 'string',
        minLength: 1,
        maxLength: 255,
        pattern: '^[\\x21-\\x7e]+$',
        example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
      },
    }),
  );

/** Where answers are kept. */
export interface AnswerStore {
  /** @throws NotReadyError while it is not open. */
  database(): DataSource;
  log: Logger;
}
export const ANSWER_STORE = Symbol('AnswerStore');

/** Headers that belong to an answer, and are given again with it. */
const ANSWER_HEADERS = ['ETag', 'Location'];

/** Gives first answers again; see {@link Idempotent}. */
@Injectable()
export class IdempotentAnswers implements NestInterceptor {
  constructor(
    @Inject(ANSWER_STORE) private readonly store: AnswerStore,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = httpOf(context);
    if (http === undefined) return next.handle();
    const { request, response } = http;
    const header = request.headers['idempotency-key'];
    const call = callOf(request);
    if (header === undefined || call?.identity === undefined) return next.handle();
    if (this.reflector.get<boolean | undefined>(IDEMPOTENT_KEY, context.getHandler()) !== true) return next.handle();
    const keyed = keyedRequest(header, request, call.identity.subject, call);
    const claim = await claimKey(this.store.database(), keyed);
    switch (claim.state) {
      case 'another-request':
        throw new ProblemError(problem('key-reused'));
      case 'running':
        throw new ProblemError(problem('in-progress'));
      case 'answered':
        return of(giveAgain(claim.answer, response));
      case 'ours':
        return of(await this.work(claim.attempt, keyed, next, response));
    }
  }

  private async work(
    attempt: string,
    keyed: KeyedRequest,
    next: CallHandler,
    response: HttpResponse,
  ): Promise<unknown> {
    const database = this.store.database();
    const renewing = setInterval(() => {
      renewClaim(database, attempt, keyed).catch((error: unknown) =>
        this.store.log.warn({ err: describeError(error) }, 'a claim of an idempotency key could not be renewed'),
      );
    }, RENEW_MS);
    const done = await lastValueFrom(next.handle(), { defaultValue: undefined })
      .then((value: unknown) => ({ ok: true as const, value }))
      .catch((error: unknown) => ({ ok: false as const, error }))
      .finally(() => clearInterval(renewing));
    // What cannot be kept of work that was done leaves the key claimed: it is not done again at once.
    if (done.ok) {
      const body = (JSON.stringify(done.value) as string | undefined) ?? '';
      const headers = answerHeaders(response);
      await keepAnswer(database, attempt, keyed, { status: response.statusCode, headers, body });
      return done.value;
    }
    const { problem: answer, status } = problemOf(done.error);
    // After the refusal of a moment the request is to be done, not to be refused again.
    if (status >= 500 || answer.retryAfter !== undefined) {
      await releaseKey(database, attempt, keyed).catch(() => undefined);
    } else await keepAnswer(database, attempt, keyed, { status, headers: {}, body: JSON.stringify(answer) });
    throw done.error;
  }
}

function answerHeaders(response: HttpResponse): Record<string, string> {
  const given = ANSWER_HEADERS.map((name) => [name, response.getHeader(name)] as const);
  return Object.fromEntries(given.flatMap(([name, text]) => (text === undefined ? [] : [[name, String(text)]])));
}

/** @throws ProblemError 400 when the header holds no key */
function keyedRequest(header: string, request: HttpRequest, subject: string, { bodyDigest }: Call): KeyedRequest {
  const key = readIdempotencyKey(header);
  if (key === undefined) {
    const errors = [violation('/Idempotency-Key', 'bad-format', { expected: '1–255 × U+0021–U+007E' })];
    throw new ProblemError(problem('invalid', { errors }));
  }
  const parts = [request.method, request.originalUrl, request.headers['if-match'] ?? null, bodyDigest ?? null];
  return { subject, key, digest: createHash('sha256').update(JSON.stringify(parts)).digest('base64url') };
}

const NOT_KEPT = {
  zh: '该请求已执行，其应答过大未予保留，请查询结果',
  en: 'The request was carried out; its answer was too large to be kept. Read what it made.',
};

/** The first answer's value; its status and headers go onto the response. @throws ProblemError when it was a refusal */
function giveAgain({ status, headers, body }: StoredAnswer, response: HttpResponse): unknown {
  response.setHeader('Idempotency-Replayed', 'true');
  if (body === undefined) throw new ProblemError(problem('conflict', { detail: NOT_KEPT }));
  const value: unknown = body === '' ? undefined : JSON.parse(body);
  if (status >= 400) throw new ProblemError(value as ProblemError['problem'], status);
  for (const [name, text] of Object.entries(headers)) response.setHeader(name, text);
  response.status(status);
  return value;
}
