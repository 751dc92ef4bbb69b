import { backoff, describeError, type Logger, pause } from '@clearance/platform';

/** Hands committed work on; see {@link createRelay}. */
export interface Relay<T> {
  push(items: readonly T[]): void;
  /** Finishes what was taken in hand; the rest stays in the outbox table. */
  stop(): Promise<void>;
}

/** How a relay publishes, and where it finds what was left behind. */
export interface RelayOptions<T> {
  name: string;
  /** Publishes and waits for the acknowledgements; throws if any is missing. */
  publish: (items: readonly T[]) => Promise<void>;
  /** Takes up to `limit` items that are due from the outbox table, and moves their due time on. */
  takeDue: (limit: number) => Promise<T[]>;
  /** Makes due again, soon, what a sweep took and could not publish. */
  giveBack?: (items: readonly T[]) => Promise<void>;
  /** Bytes of an item in memory, about; 0 when not given. */
  sizeOf?: (item: T) => number;
  maxBatch: number;
  /** How long the first item waits for company, ms. */
  lingerMs: number;
  /** How often the table is looked through, ms. */
  sweepMs: number;
  log: Logger;
}

/** Items, and bytes of them, that wait in memory at most; what is beyond is left to the sweep, so that memory stays bounded. */
const MAX_QUEUED = 4_096;
const MAX_QUEUED_BYTES = 16 * 1024 ** 2;

/**
 * Passes on what a transaction has committed: straight from memory while all is well, and from the outbox table after a
 * crash, a full queue or a failed publish. The table is the truth; the queue only saves reading it back.
 */
export function createRelay<T>(options: RelayOptions<T>): Relay<T> {
  const { name, log } = options;
  const stopping = new AbortController();
  const bytesOf = (items: readonly T[]): number => items.reduce((sum, item) => sum + (options.sizeOf?.(item) ?? 0), 0);
  let queue: T[] = [];
  let queuedBytes = 0;
  let wake: () => void = () => undefined;

  const publishQueued = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted;) {
      if (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      if (stopping.signal.aborted) return;
      if (queue.length < options.maxBatch) await pause(options.lingerMs);
      const batch = queue.slice(0, options.maxBatch);
      queue = queue.slice(options.maxBatch);
      queuedBytes -= bytesOf(batch);
      try {
        await options.publish(batch);
        failures = 0;
      } catch (error) {
        log.warn({ relay: name, items: batch.length, err: describeError(error) }, 'not passed on; the outbox keeps it');
        queue = [];
        queuedBytes = 0;
        await pause(backoff(failures, 250, 5_000), stopping.signal);
        failures += 1;
      }
    }
  };

  const publishDue = async (due: readonly T[]): Promise<void> => {
    try {
      await options.publish(due);
    } catch (error) {
      await options.giveBack?.(due);
      throw error;
    }
  };

  const sweep = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted;) {
      try {
        const due = await options.takeDue(options.maxBatch);
        if (due.length > 0) await publishDue(due);
        failures = 0;
        if (due.length === options.maxBatch) continue;
      } catch (error) {
        log.warn({ relay: name, err: describeError(error) }, 'sweep failed; it is tried again');
        failures += 1;
      }
      await pause(failures === 0 ? options.sweepMs : backoff(failures, options.sweepMs, 15_000), stopping.signal);
    }
  };

  const running = Promise.all([publishQueued(), sweep()]);
  return {
    push: (items) => {
      const bytes = bytesOf(items);
      if (queue.length + items.length > MAX_QUEUED || queuedBytes + bytes > MAX_QUEUED_BYTES) return;
      queue.push(...items);
      queuedBytes += bytes;
      wake();
    },
    stop: async () => {
      stopping.abort();
      wake();
      await running;
    },
  };
}
