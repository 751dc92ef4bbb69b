import type { DataSource } from '@clearance/platform';

/** One number for all gateways: whoever reconciles holds this advisory lock of their database. */
export const RECONCILIATION_LOCK = 7_205_760;
/** Whoever reviews what was given. */
export const REVIEW_LOCK = 7_205_761;

/** Whoever follows requests for access. */
export const ACCESS_LOCK = 7_205_762;

/** Whoever joins results into consignments. */
export const COORDINATION_LOCK = 7_205_763;

/** Runs `work` unless another gateway, or this one, holds the lock; then it is not run and the answer is 'busy'. */
export async function runAlone<T>(database: DataSource, lock: number, work: () => Promise<T>): Promise<T | 'busy'> {
  const holder = database.createQueryRunner();
  try {
    const [{ taken }]: [{ taken: boolean }] = await holder.query('select pg_try_advisory_lock($1) as taken', [lock]);
    if (!taken) return 'busy';
    try {
      return await work();
    } finally {
      // A connection that is lost has given the lock back by itself.
      await holder.query('select pg_advisory_unlock($1)', [lock]).catch(() => undefined);
    }
  } finally {
    await holder.release();
  }
}
