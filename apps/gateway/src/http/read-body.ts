import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { json } from 'express';
import type { Observable } from 'rxjs';
import { problem } from '@clearance/contracts';
import { callOf, httpOf, type HttpRequest, type HttpResponse, isRead } from './call.ts';
import { ProblemError } from './problem-filter.ts';

const LIMIT_KEY = 'clearance:body-limit';
const MIB = 1024 ** 2;
const DEFAULT_LIMIT = MIB;
/** A list of 10 MiB may have to be refused with its findings, so it must be read first. */
export const LIST_LIMIT = 12 * MIB;

/** How large a route's body may be, bytes; a mebibyte unless told. */
export const BodyLimit = (bytes: number): MethodDecorator => SetMetadata(LIMIT_KEY, bytes);

type Parser = (request: HttpRequest, response: HttpResponse, next: (error?: unknown) => void) => void;

/**
 * Reads a write's JSON body once its caller is known and let in: from anybody else nothing is read. The body's digest is
 * kept with the call, for idempotency keys.
 */
@Injectable()
export class ReadBody implements NestInterceptor {
  private readonly parsers = new Map<number, Parser>();

  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = httpOf(context);
    if (http === undefined || isRead(http.request)) return next.handle();
    const { request, response } = http;
    if (!isJson(request)) throw new ProblemError(problem('unsupported-media-type'));
    const limit = this.reflector.get<number | undefined>(LIMIT_KEY, context.getHandler()) ?? DEFAULT_LIMIT;
    const parse = this.parserOf(limit);
    await new Promise<void>((resolve, reject) => {
      parse(request, response, (error) => (error === undefined ? resolve() : reject(error as Error)));
    });
    return next.handle();
  }

  private parserOf(limit: number): Parser {
    const known = this.parsers.get(limit);
    if (known !== undefined) return known;
    const parser = json({
      limit,
      verify: (request, _response, bytes) => {
        const call = callOf(request as unknown as HttpRequest);
        if (call !== undefined) call.bodyDigest = createHash('sha256').update(bytes).digest('base64url');
      },
    }) as unknown as Parser;
    this.parsers.set(limit, parser);
    return parser;
  }
}

/** Whether a request has no body, or one that says it is JSON; Express would pass over any other as if there were none. */
function isJson({ headers }: HttpRequest): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return !hasBody || /^application\/json[ \t]*(?:;|$)/i.test(headers['content-type'] ?? '');
}
