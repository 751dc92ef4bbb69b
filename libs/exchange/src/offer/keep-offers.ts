import { type EntityManager, insertRows } from '@clearance/platform';
import type { PendingOffer } from './pending-offer.ts';

/** How long the relay in memory has before the sweep over the table offers a version itself, ms. */
export const OFFER_GRACE_MS = 5_000;

/** Writes offers beside the results that they offer; each stays until it is settled. */
export async function keepOffers(
  transaction: EntityManager,
  offers: readonly PendingOffer[],
  now: number,
): Promise<void> {
  const due = new Date(now + OFFER_GRACE_MS);
  await insertRows(
    transaction,
    'offer_outbox (result_id, version, item, next_offer_at)',
    offers.map(({ resultId, version, item }) => [resultId, version, item, due]),
  );
}
