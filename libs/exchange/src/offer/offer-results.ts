import { SUBJECTS } from '@clearance/contracts';
import { createRelay, packItems, type Publisher, type Relay } from '@clearance/messaging';
import { type DataSource, type Logger, resultsTotal } from '@clearance/platform';
import type { PendingOffer } from './pending-offer.ts';

/**
 * Offers own results to the gateway on the unit's own stream, many in one message, and again until they are settled:
 * the broker may lose what it acknowledged.
 */
export function createOfferRelay(unit: {
  id: string;
  database: DataSource;
  publisher: Publisher;
  packResults: number;
  /** ISO 8601 duration: how long the first settlement is waited for before the version is offered again. */
  reofferAfter: string;
  log: Logger;
}): Relay<PendingOffer> {
  return createRelay<PendingOffer>({
    name: `${unit.id} offers`,
    maxBatch: 512,
    lingerMs: 8,
    sweepMs: 1_000,
    log: unit.log,
    publish: async (offers) => {
      const packs = packItems(
        offers.map(({ item }) => item),
        unit.packResults,
      );
      await unit.publisher.publishAll(
        packs.map((items) => ({ subject: SUBJECTS.offers, body: `{"results":[${items.join(',')}]}` })),
      );
      resultsTotal.inc({ unit: unit.id, event: 'offered' }, offers.length);
    },
    takeDue: (limit) => takeDueOffers(unit.database, unit.reofferAfter, limit),
  });
}

/**
 * Takes offers that are due, oldest first, and moves each one's next attempt on: `reofferAfter`, doubled each time up to
 * 10 minutes, ±20 % so that the results of one outage do not come back all at once. Replicas skip what another one has
 * in hand.
 */
async function takeDueOffers(database: DataSource, reofferAfter: string, limit: number): Promise<PendingOffer[]> {
  const [rows]: [{ result_id: string; version: number; item: string }[], number] = await database.query(
    `with due as (
       select result_id, version from offer_outbox where next_offer_at <= now()
       order by next_offer_at limit $1 for update skip locked
     )
     update offer_outbox o set attempts = o.attempts + 1,
       next_offer_at = now()
         + least(interval '10 minutes', $2::interval * power(2, least(o.attempts, 10))) * (0.8 + random() * 0.4)
     from due where o.result_id = due.result_id and o.version = due.version
     returning o.result_id, o.version, o.item`,
    [limit, reofferAfter],
  );
  return rows.map((row) => ({ resultId: row.result_id, version: row.version, item: row.item }));
}
