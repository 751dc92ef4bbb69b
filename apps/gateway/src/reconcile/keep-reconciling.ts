import { describeError } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import { reconcile } from './reconcile.ts';

/** What was issued or settled less long ago than this is normally still on its way, ms. */
export const ON_THE_WAY_MS = 120_000;

const DAY_MS = 86_400_000;

/** The UTC day of an instant, `2026-11-21`. */
export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/**
 * Reconciles yesterday and today at intervals, with repair. While another gateway does, this one lets it be.
 *
 * @param everyMs milliseconds; 0 for never.
 */
export function keepReconciling(gateway: Gateway, everyMs: number): { stop(): Promise<void> } {
  if (everyMs === 0) return { stop: async () => undefined };
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let atWork = false;
  const run = async (): Promise<void> => {
    const now = gateway.now();
    const days = { from: dayOf(now - DAY_MS), to: dayOf(now) };
    await reconcile(gateway, { ...days, repair: true, olderThanMs: ON_THE_WAY_MS, signal: stopping.signal });
  };
  const timer = setInterval(() => {
    if (atWork) return;
    atWork = true;
    running = run()
      .catch((error: unknown) => {
        if (!stopping.signal.aborted)
          gateway.log.warn({ err: describeError(error) }, 'not reconciled; tried again next time');
      })
      .finally(() => (atWork = false));
  }, everyMs).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
