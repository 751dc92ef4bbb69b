import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { NotReadyError, observeSeconds, within } from '@clearance/platform';
import type { CallJournal } from '../audit/call-journal.ts';
import { type RecordedCall, resourcesIn } from '../audit/recorded-call.ts';
import { httpSeconds } from '../metrics.ts';
import { beginCall, type Call, callOf, httpOf, type HttpRequest, type HttpResponse, isRead, routeOf } from './call.ts';
import { problemOf } from './problem-filter.ts';

export const CALL_JOURNAL = Symbol('CallJournal');

/** Statuses with which calls are refused before any work: many of them come when somebody tries doors. */
const REFUSED = new Set([401, 403, 429]);
/** What nginx calls a caller who went away before the answer; there is no standard status for it. */
const CALLER_WENT_AWAY = 499;

/**
 * Begins each call of the API, and sees to it that it is in the journal whatever becomes of it: what is not recorded
 * with its answer (reads, refusals, paths that there are not) is recorded after it.
 */
export function recordAnswers(journal: CallJournal) {
  return (request: HttpRequest, response: HttpResponse, next: () => void): void => {
    const call = beginCall(request);
    response.setHeader('Request-Id', call.id);
    response.on('close', () => {
      endStep(call, request, response);
      if (call.recorded) return;
      const status = response.writableFinished ? response.statusCode : CALLER_WENT_AWAY;
      const recorded = toRecord(call, request, status);
      if (call.identity === undefined || REFUSED.has(status)) journal.recordRefusal(recorded);
      else journal.recordSoon(recorded);
    });
    within(call.traceparent, next);
  };
}

function endStep({ step, at }: Call, request: HttpRequest, response: HttpResponse): void {
  const { statusCode, writableFinished } = response;
  const httpStatus = writableFinished ? statusCode : CALLER_WENT_AWAY;
  const route = routeOf(request);
  const labels = { method: request.method, route: route ?? 'none', status: String(httpStatus) };
  // What is followed lasts for as long as somebody looks: that says nothing of how fast anything is.
  const followed = String(response.getHeader('content-type')).startsWith('text/event-stream');
  if (!followed) observeSeconds(httpSeconds, labels, (Date.now() - at) / 1_000, step.traceparent);
  step.end({
    ...(route === undefined ? {} : { name: `${request.method} ${route}` }),
    facts: { httpRoute: route, httpStatus },
    fault: httpStatus >= 500 ? String(httpStatus) : undefined,
  });
}

/**
 * Writes are recorded before they begin and again before their answer leaves: what cannot be recorded is not done. Reads
 * are recorded after their answer; while too many of them could not be, none are answered.
 */
@Injectable()
export class RecordCalls implements NestInterceptor {
  constructor(@Inject(CALL_JOURNAL) private readonly journal: CallJournal) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = httpOf(context);
    const call = http === undefined ? undefined : callOf(http.request);
    if (http === undefined || call === undefined) return next.handle();
    const { request, response } = http;
    if (isRead(request)) {
      if (this.journal.full()) throw new NotReadyError('calls cannot be written down');
      return next.handle();
    }
    await this.journal.record(toRecord(call, request, null));
    const answered = async (status: number): Promise<void> => {
      await this.journal.record(toRecord(call, request, status));
      call.recorded = true;
    };
    let value: unknown;
    try {
      value = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await answered(problemOf(error).status);
      throw error;
    }
    await answered(response.statusCode);
    return of(value);
  }
}

function toRecord(call: Call, request: HttpRequest, status: number | null): RecordedCall {
  const { identity } = call;
  return {
    callId: call.id,
    at: call.at,
    subject: identity?.subject ?? null,
    roles: identity?.roles ?? [],
    unit: identity?.unit ?? null,
    method: request.method,
    route: routeOf(request) ?? null,
    resources: resourcesIn(request.params ?? {}),
    status,
    durationMs: status === null ? null : Date.now() - call.at,
    traceparent: call.traceparent,
    times: 1,
  };
}
