import { setTimeout as delay } from 'node:timers/promises';

/** Longer than anything that is measured takes: a benchmark that waits in vain says for what, and ends. */
const LIMIT_MS = 300_000;

/**
 * Waits until a condition holds, looking again after so many milliseconds.
 *
 * @throws Error naming it when it has not held within five minutes
 */
export async function until(what: string, everyMs: number, holds: () => Promise<boolean>): Promise<void> {
  for (const limit = Date.now() + LIMIT_MS; !(await holds()); await delay(everyMs)) {
    if (Date.now() > limit) throw new Error(`not within ${LIMIT_MS / 1_000} s: ${what}`);
  }
}
