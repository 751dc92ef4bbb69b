import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { type Problem, problem, type ProblemCode } from '@clearance/contracts';
import { describeError, isTransient, type Logger } from '@clearance/platform';
import { PROOF_ALGORITHMS } from '@clearance/platform/tokens';
import type { HttpResponse } from './call.ts';

/** A problem on its way to the client; `status` differs from the problem's own only where HTTP is finer (401). */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number = problem.status,
  ) {
    super(problem.title);
  }
}

const CODE_OF: Record<number, ProblemCode> = {
  400: 'invalid',
  401: 'forbidden',
  403: 'forbidden',
  404: 'unknown',
  413: 'too-large',
  415: 'unsupported-media-type',
};

/** The problem as which a fault is answered: nothing of the fault itself but its code. */
export function problemOf(fault: unknown): ProblemError {
  if (fault instanceof ProblemError) return fault;
  const status = fault instanceof HttpException ? fault.getStatus() : (fault as { status?: number } | null)?.status;
  const code = status === undefined ? undefined : CODE_OF[status];
  if (code !== undefined) {
    const malformed =
      (fault as { type?: string }).type === 'entity.parse.failed' || /JSON/.test((fault as Error).message);
    return new ProblemError(problem(status === 400 && malformed ? 'malformed-json' : code), status);
  }
  return new ProblemError(problem(isTransient(fault) ? 'not-ready' : 'internal'));
}

/** How one may come with a token: by itself, or with a proof that its key is the caller's. */
const CHALLENGE = `Bearer, DPoP algs="${PROOF_ALGORITHMS.join(' ')}"`;

/** The one place where an HTTP fault becomes an answer (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): Observable<never> | void {
    // A fault on a stream is the transport's to judge: retry or dead letter.
    if (host.getType() !== 'http') return throwError(() => exception);
    const response = host.switchToHttp().getResponse<HttpResponse>();
    const { problem: answer, status } = problemOf(exception);
    if (answer.code === 'internal') this.log.error({ err: describeError(exception) }, 'request failed');
    if (status === 401) response.setHeader('WWW-Authenticate', CHALLENGE);
    if (answer.retryAfter !== undefined) response.setHeader('Retry-After', String(answer.retryAfter));
    response
      .status(status)
      .type('application/problem+json')
      .send(JSON.stringify({ ...answer, status }));
  }
}
