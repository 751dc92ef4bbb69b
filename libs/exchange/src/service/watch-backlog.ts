import type { UnitId } from '@clearance/contracts';
import { type DataSource, unsettled } from '@clearance/platform';

const COUNT_EVERY_MS = 2_000;

/** Counts what is accepted and not settled yet, for the metric and for telling backends to slow down. */
export function watchBacklog(unit: UnitId, database: DataSource): { size(): number; stop(): void } {
  let size = 0;
  const count = async (): Promise<void> => {
    const [row]: [{ count: string }] = await database.query('select count(*) from offer_outbox');
    size = Number(row.count);
    unsettled.set({ unit }, size);
  };
  // While the database is away nothing is accepted, so the last count is good enough.
  const timer = setInterval(() => void count().catch(() => undefined), COUNT_EVERY_MS).unref();
  return { size: () => size, stop: () => clearInterval(timer) };
}
