import { type DataSource, describeError, insertRows, type Logger } from '@clearance/platform';
import type { RecordedCall } from './recorded-call.ts';
import { refusalTally } from './tally-refusals.ts';

/** Where every call is written down. */
export interface CallJournal {
  /** Writes it down now. @throws the driver's error when it cannot be. */
  record(call: RecordedCall): Promise<void>;
  /** Writes it down within a second. */
  recordSoon(call: RecordedCall): void;
  /** Counts a refused call: the first of its kind is written down within a second, more within a minute as a number. */
  recordRefusal(call: RecordedCall): void;
  /** Whether so much could not be written down that no more should be answered. */
  full(): boolean;
  /** Writes down what waits. */
  stop(): Promise<void>;
}

const SOON_MS = 500;
/** Calls that wait to be written down while the database is away. */
const MAX_WAITING = 10_000;
const AT_ONCE = 1_024;

/**
 * The journal of calls: a table that is only ever added to, and lines in the log.
 *
 * @param database gives it once it is open. @throws NotReadyError before
 */
export function callJournal(database: () => DataSource, log: Logger, maxWaiting = MAX_WAITING): CallJournal {
  const waiting: RecordedCall[] = [];
  const refusals = refusalTally();
  let writing: Promise<void> | undefined;

  const writeDown = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const calls = waiting.slice(0, AT_ONCE);
        await insertCalls(database(), calls);
        waiting.splice(0, calls.length);
      }
    } catch (error) {
      log.warn({ err: describeError(error), waiting: waiting.length }, 'calls cannot be written down; trying again');
    }
  };
  /** One at a time, so that what waits is written in order and once. */
  const writeOnce = (): Promise<void> => (writing ??= writeDown().finally(() => (writing = undefined)));
  const timer = setInterval(() => {
    for (const call of refusals.take(Date.now())) tell(call);
    if (waiting.length > 0) void writeOnce();
  }, SOON_MS);
  timer.unref();

  const tell = (call: RecordedCall): void => {
    writeLine(log, call);
    if (waiting.length < maxWaiting) waiting.push(call);
    else log.error({ callId: call.callId }, 'a call was not written down: too many wait');
  };
  return {
    record: async (call) => {
      await insertCalls(database(), [call]);
      writeLine(log, call);
    },
    recordSoon: tell,
    recordRefusal: (call) => {
      const first = refusals.add(call);
      if (first !== undefined) tell(first);
    },
    full: () => waiting.length >= maxWaiting,
    stop: async () => {
      clearInterval(timer);
      for (const call of refusals.take(Infinity)) tell(call);
      await writing;
      await writeOnce();
    },
  };
}

async function insertCalls(database: DataSource, calls: readonly RecordedCall[]): Promise<void> {
  await insertRows(
    database.manager,
    'api_call (call_id, at, subject, roles, unit, method, route, resources, status, duration_ms, traceparent, times)',
    calls.map((call) => [
      call.callId,
      new Date(call.at),
      call.subject,
      call.roles,
      call.unit,
      call.method,
      call.route,
      JSON.stringify(call.resources),
      call.status,
      call.durationMs,
      call.traceparent,
      call.times,
    ]),
    // Statements of one batch that were carried out before another failed are repeated with it.
    'on conflict do nothing',
  );
}

function writeLine(log: Logger, { status, ...call }: RecordedCall): void {
  if (status === null) return;
  log.info({ call: { ...call, at: new Date(call.at).toISOString(), status } }, 'call');
}
