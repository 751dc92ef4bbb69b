import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { type Problem, problem, type ProblemCode } from '@clearance/contracts';
import { describeError, isTransient, type Logger } from '@clearance/platform';

/** A problem on its way to the client; `status` differs from the problem's own only where HTTP is finer (401). */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number = problem.status,
  ) {
    super(problem.title);
  }
}

interface HttpResponse {
  status(code: number): HttpResponse;
  type(contentType: string): HttpResponse;
  send(body: string): unknown;
  setHeader(name: string, value: string): unknown;
}

const CODE_OF: Record<number, ProblemCode> = {
  400: 'invalid',
  401: 'forbidden',
  403: 'forbidden',
  404: 'unknown',
  413: 'too-large',
  415: 'invalid',
};

/** The one place where an HTTP fault becomes an answer: RFC 9457, and nothing of the fault itself but its code. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): Observable<never> | void {
    // A fault on a stream is the transport's to judge: retry or dead letter.
    if (host.getType() !== 'http') return throwError(() => exception);
    const response = host.switchToHttp().getResponse<HttpResponse>();
    const { problem: answer, status } = this.toProblem(exception);
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    if (answer.retryAfter !== undefined) response.setHeader('Retry-After', String(answer.retryAfter));
    response
      .status(status)
      .type('application/problem+json')
      .send(JSON.stringify({ ...answer, status }));
  }

  private toProblem(exception: unknown): ProblemError {
    if (exception instanceof ProblemError) return exception;
    const status =
      exception instanceof HttpException ? exception.getStatus() : (exception as { status?: number }).status;
    const code = status === undefined ? undefined : CODE_OF[status];
    if (code !== undefined) {
      const malformed =
        (exception as { type?: string }).type === 'entity.parse.failed' || /JSON/.test((exception as Error).message);
      return new ProblemError(problem(status === 400 && malformed ? 'malformed-json' : code), status);
    }
    if (isTransient(exception)) return new ProblemError(problem('not-ready'));
    this.log.error({ err: describeError(exception) }, 'request failed');
    return new ProblemError(problem('internal'));
  }
}
