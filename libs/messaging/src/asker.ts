import { headers as createHeaders, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { HEADERS, type Outcome, problem, PROBLEM_CODES, type ProblemCode } from '@clearance/contracts';
import { currentTrace } from '@clearance/platform';
import { privateInbox } from './connect.ts';

/** Asks the services of an account; see {@link createAsker}. */
export interface Asker {
  /**
   * One question and its answer, parsed, within the caller's trace if none is named. Nobody there, or no answer in time, is the problem `not-ready`. Never throws.
   */
  ask(
    subject: string,
    body: unknown,
    options?: { timeoutMs?: number; traceparent?: string },
  ): Promise<Outcome<unknown>>;
  close(): void;
}

/**
 * An asker on a connection. Answers arrive below `<inbox of the user>.answers`, an inbox of their own: who may answer a
 * question cannot thereby acknowledge in the place of a stream.
 */
export function createAsker(connection: NatsConnection): Asker {
  const prefix = privateInbox(connection, 'answers');
  const waiting = new Map<string, (answer: Outcome<unknown>) => void>();
  let counter = 0;
  const subscription = connection.subscribe(`${prefix}.*`, {
    callback: (error, message) => {
      // With an error, a refused subscription, there is no message; what was asked runs out of time.
      if (!error) waiting.get(message.subject.slice(prefix.length + 1))?.(read(message));
    },
  });

  return {
    ask: (subject, body, { timeoutMs = 30_000, traceparent = currentTrace() } = {}) =>
      new Promise((resolve) => {
        const key = String((counter += 1));
        const finish = (answer: Outcome<unknown>): void => {
          clearTimeout(timer);
          waiting.delete(key);
          resolve(answer);
        };
        const timer = setTimeout(() => finish(NOT_READY), timeoutMs);
        waiting.set(key, finish);
        const headers = createHeaders();
        if (traceparent !== undefined) headers.set(HEADERS.traceparent, traceparent);
        try {
          connection.publish(subject, JSON.stringify(body), { reply: `${prefix}.${key}`, headers });
        } catch {
          finish(NOT_READY);
        }
      }),
    close: () => subscription.unsubscribe(),
  };
}

const NOT_READY: Outcome<never> = { ok: false, problem: problem('not-ready') };

/** Of a problem only its code is taken over: its words are another party's. */
function read(message: Msg): Outcome<unknown> {
  if (message.headers?.code === 503) return NOT_READY;
  try {
    const value = message.json<{ code?: unknown }>();
    if (!message.headers?.has(HEADERS.serviceErrorCode)) return { ok: true, value };
    const code = PROBLEM_CODES.find((known): known is ProblemCode => known === value.code);
    return { ok: false, problem: problem(code ?? 'internal') };
  } catch {
    return { ok: false, problem: problem('malformed-json') };
  }
}
