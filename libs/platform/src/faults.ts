import { setTimeout as delay } from 'node:timers/promises';
import { isError } from './is-error.ts';

/** SQLSTATE classes and codes after which the same statement may succeed: connection, resources, shutdown, serialisation. */
const TRANSIENT_SQLSTATE = /^(08|53|57P|40001|40P01|55P03)/;
/** A server that cannot be verified: its certificate, or the authority that is trusted, has to be replaced. */
const UNVERIFIED =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$)/;
const TRANSIENT_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const TRANSIENT_TEXT =
  /connection terminated|connection ended|timeout|not connected|connection_closed|closed connection|disconnect|no responders|draining|not queryable|Connection is not established|server login|the database system is/i;
// TypeORM takes a lost connection from its transaction; the statement after it finds its query runner released.
const TRANSIENT_TYPE =
  /^(TimeoutError|ConnectionError|ClosedConnectionError|DrainingConnectionError|NoRespondersError|RequestError|PublishError|NotReadyError|QueryRunner(Provider)?AlreadyReleasedError)$/;

/**
 * Whether a fault lies in the surroundings (broker or database away) and the same work may succeed later.
 * Everything else is a fault of the message or of the program, and is not retried for ever.
 */
export function isTransient(error: unknown): boolean {
  if (!isError(error)) return false;
  const cause = error as Error & { code?: unknown; driverError?: unknown; errors?: unknown };
  // An AggregateError: a host has several addresses, and none took the connection.
  if (Array.isArray(cause.errors)) return cause.errors.some(isTransient);
  if (typeof cause.code === 'string' && inSurroundings(cause.code)) return true;
  if (cause.driverError !== undefined && cause.driverError !== error && isTransient(cause.driverError)) return true;
  return TRANSIENT_TYPE.test(error.name) || TRANSIENT_TEXT.test(error.message);
}

function inSurroundings(code: string): boolean {
  return TRANSIENT_SQLSTATE.test(code) || TRANSIENT_SYSTEM.has(code) || UNVERIFIED.test(code);
}

/** Milliseconds to wait before attempt `attempt` (0-based): doubling from `base` up to `limit`, with ±25 % jitter. */
export function backoff(attempt: number, base: number, limit: number): number {
  const ideal = Math.min(limit, base * 2 ** Math.min(attempt, 30));
  return Math.round(ideal * (0.75 + Math.random() * 0.5));
}

/** A pause that an abort ends early, without an error. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

/**
 * Repeats `work` until it succeeds or the signal aborts; `report` hears of each failure.
 * For the surroundings at boot: a service waits for its broker and database, and says so.
 */
export async function untilDone<T>(
  work: () => Promise<T>,
  options: { signal: AbortSignal; report: (error: unknown, attempt: number) => void; base?: number; limit?: number },
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    options.signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (options.signal.aborted) throw error;
      options.report(error, attempt);
      await pause(backoff(attempt, options.base ?? 250, options.limit ?? 5_000), options.signal);
    }
  }
}

/** Something that work needs is not there yet, and will be: the work waits and is tried again. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}
