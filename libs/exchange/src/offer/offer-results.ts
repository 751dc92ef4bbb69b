import { STREAMS, SUBJECTS, type UnitId } from '@clearance/contracts';
import {
  createRelay,
  OversizedError,
  packItems,
  type Publisher,
  type Relay,
  type SentMemory,
  storedOf,
} from '@clearance/messaging';
import { type DataSource, inBatch, type Logger, recordStep, resultsTotal } from '@clearance/platform';
import { versionKey } from '../store/store-results.ts';
import { type PendingOffer, traceOfOffer } from './pending-offer.ts';
import { giveBackOffers, takeDueOffers } from './take-due-offers.ts';

/** What offering needs of a unit. */
interface OfferingUnit {
  id: UnitId;
  database: DataSource;
  publisher: Publisher;
  /** What this process has put on OFFERS. */
  queue: SentMemory;
  packResults: number;
  /** ISO 8601 duration: how long the first settlement is waited for before the version is offered again. */
  reofferAfter: string;
  log: Logger;
}

/**
 * Offers own results to the gateway on the unit's own stream, many in one message, and again until they are settled:
 * the broker may lose what it acknowledged.
 */
export function createOfferRelay(unit: OfferingUnit): Relay<PendingOffer> {
  // Of batches that failed, what the stream took all the same.
  const stored = new WeakSet<PendingOffer>();
  return createRelay<PendingOffer>({
    name: `${unit.id} offers`,
    maxBatch: 512,
    lingerMs: 40,
    sweepMs: 1_000,
    log: unit.log,
    sizeOf: ({ item }) => item.length,
    publish: (offers) => tracedOffer(unit, offers, stored),
    takeDue: (limit) => takeDueOffers(unit, limit),
    giveBack: (offers) =>
      giveBackOffers(
        unit.database,
        offers.filter((each) => !stored.has(each)),
      ),
  });
}

/** What a sweep found is offered again because of the sweep: that is a cause of its own, linked with each result's trace. */
function tracedOffer(
  unit: OfferingUnit,
  offers: readonly PendingOffer[],
  stored: WeakSet<PendingOffer>,
): Promise<void> {
  const swept = offers.some(({ attempts }) => attempts !== undefined);
  const batch = {
    name: swept ? 'offer what is due' : 'offer results',
    from: offers.map(traceOfOffer),
    facts: { unit: unit.id },
    messaging: OFFERS,
    ownCause: swept,
  };
  return inBatch(batch, (trace) => offer(unit, offers, stored, trace));
}

const OFFERS = { operation: 'send', destination: STREAMS.OFFERS.name } as const;

async function offer(
  unit: OfferingUnit,
  offers: readonly PendingOffer[],
  stored: WeakSet<PendingOffer>,
  trace: string | undefined,
): Promise<void> {
  const at = Date.now();
  const packs = packItems(
    offers.map(({ item }) => item),
    unit.packResults,
  );
  const messages = packs.map((items) => ({ subject: SUBJECTS.offers, body: `{"results":[${items.join(',')}]}` }));
  let fault: unknown;
  const sequences = await unit.publisher.publishAll(messages).catch((error: unknown) => {
    fault = error;
    return storedOf(error);
  });
  let next = 0;
  let count = 0;
  const left: PendingOffer[] = [];
  for (const [index, { length }] of packs.entries()) {
    const pack = offers.slice(next, (next += length));
    const sequence = sequences[index];
    if (sequence === undefined) {
      left.push(...pack);
      continue;
    }
    unit.queue.remember(pack.map(versionKey), sequence);
    for (const each of pack) {
      stored.add(each);
      recordOffer(unit.id, each, at, trace);
    }
    count += length;
  }
  resultsTotal.inc({ unit: unit.id, event: 'offered' }, count);
  if (fault === undefined) return;
  if (!(fault instanceof OversizedError)) throw fault;
  // They stay in the outbox and are tried again with the growing pauses of every offer, at the cost of nobody else.
  unit.log.error(
    { unit: unit.id, versions: left.map(versionKey) },
    'results are larger than the broker carries: raise its max_payload; until then they are not offered',
  );
}

function recordOffer(unit: UnitId, offer: PendingOffer, at: number, batch: string | undefined): void {
  const { resultId, version, attempts } = offer;
  // What comes straight from its transaction is the first attempt, whatever the table counts.
  const facts = { unit, issuer: unit, resultId, version, attempt: attempts === undefined ? 1 : attempts + 1 };
  recordStep({ name: 'offer result', from: traceOfOffer(offer), at, facts, links: [batch], messaging: OFFERS });
}
