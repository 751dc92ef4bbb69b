import type { DataSource } from '@clearance/platform';

/** One number for all gateways: whoever reconciles holds this advisory lock of their database. */
const RECONCILIATION_LOCK = 7_205_760;

/** Runs `work` unless another gateway, or this one, is reconciling; then it is not run and the answer is 'busy'. */
export async function runAlone<T>(database: DataSource, work: () => Promise<T>): Promise<T | 'busy'> {
  const holder = database.createQueryRunner();
  try {
    const [{ taken }]: [{ taken: boolean }] = await holder.query('select pg_try_advisory_lock($1) as taken', [
      RECONCILIATION_LOCK,
    ]);
    if (!taken) return 'busy';
    try {
      return await work();
    } finally {
      // A connection that is lost has given the lock back by itself.
      await holder.query('select pg_advisory_unlock($1)', [RECONCILIATION_LOCK]).catch(() => undefined);
    }
  } finally {
    await holder.release();
  }
}
