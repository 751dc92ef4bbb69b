import type { DataSource, EntityManager } from '@clearance/platform';

/** Serialisation failure and deadlock: the transaction was undone and may simply be run again. */
const RUN_AGAIN = new Set(['40001', '40P01']);

/** Runs `work` in one transaction, again (a few times) when it collided with another one. */
export async function inTransaction<T>(
  database: DataSource,
  work: (transaction: EntityManager) => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await database.transaction(work);
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (attempt >= 4 || code === undefined || !RUN_AGAIN.has(code)) throw error;
    }
  }
}
