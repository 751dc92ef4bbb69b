import type { EntityManager } from '@clearance/platform';

/**
 * The time of the database, ms since the epoch: one for all gateways. What begins and ends by the word of a unit does so by it,
 * lest a gateway whose clock is ahead takes back an hour late what an owner has ended.
 */
export async function databaseClock(transaction: Pick<EntityManager, 'query'>): Promise<number> {
  const [row]: [{ now: Date }] = await transaction.query('select clock_timestamp() as now');
  return row.now.getTime();
}
