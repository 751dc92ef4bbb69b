import type { Gateway } from '../gateway.ts';
import { oldestWaitingSeconds, waitingReceipts } from '../metrics.ts';
import { findStragglers } from './find-stragglers.ts';

const LOOK_EVERY_MS = 15_000;
/** The oldest of what is open: a count that reaches this says "at least", and a look stays cheap in a long outage. */
const MOST = 100_000;

/** Counts at intervals what each unit has not confirmed, for the metrics. */
export function watchStragglers(gateway: Gateway): { stop(): void } {
  const look = async (): Promise<void> => {
    const found = await findStragglers(gateway.database, { olderThanMs: 0 }, gateway.now(), MOST);
    const byUnit = new Map(found.map((straggler) => [straggler.unit, straggler]));
    for (const unit of gateway.consumers) {
      waitingReceipts.set({ unit }, byUnit.get(unit)?.waiting ?? 0);
      oldestWaitingSeconds.set({ unit }, byUnit.get(unit)?.ageSeconds ?? 0);
    }
  };
  // While the database is away nothing is confirmed either; the last look is good enough.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
}
