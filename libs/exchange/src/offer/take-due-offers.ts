import type { SentMemory, Whereabouts } from '@clearance/messaging';
import { type DataSource, placeholders } from '@clearance/platform';
import { versionKey } from '../store/store-results.ts';
import type { PendingOffer } from './pending-offer.ts';

/** Where the offers of a unit lie, and where they go. */
interface OfferSource {
  database: DataSource;
  /** What this process has put on OFFERS. */
  queue: SentMemory;
  /** ISO 8601 duration: how long the first settlement is waited for before the version is offered again. */
  reofferAfter: string;
}

/** Offers in one sweep over the table, bytes: what is read into memory at once. */
const SWEEP_BYTES = 8 * 1024 ** 2;
/**
 * Versions that one sweep offers again at most: a unit that is away for a day leaves every issuer with hundreds of
 * thousands that are not settled, and their repetition must not crowd out what is new.
 */
const AGAIN_PER_SWEEP = 128;

interface DueRow {
  result_id: string;
  version: number;
  item: string;
  attempts: number;
  graced: boolean;
}

/**
 * Takes offers that are due, oldest first, those that nobody has offered yet before those that are to be offered again,
 * and moves each one's next attempt on: `reofferAfter`, doubled each time up to 10 minutes, ±20 % so that the results of
 * one outage do not come back all at once. Replicas skip what another one has in hand.
 *
 * What certainly waits on OFFERS still is only put off; and what the relay has offered straight from memory, and the
 * gateway has taken, is given its time to settle before it is offered again.
 */
export async function takeDueOffers(source: OfferSource, limit: number): Promise<PendingOffer[]> {
  if (!(await isAnyDue(source.database))) return [];
  const first = await take(source, 'o.attempts = 0', limit);
  const again =
    first.length < limit ? await take(source, 'o.attempts > 0', Math.min(limit - first.length, AGAIN_PER_SWEEP)) : [];
  const due = [...first, ...again];
  if (due.length === 0) return [];
  const whereabouts = await source.queue.whereabouts(due.map(keyOf));
  const putOff = due.filter((row) => isUnderWay(row, whereabouts.get(keyOf(row))));
  await countNoAttempt(
    source.database,
    putOff.filter(({ attempts }) => attempts > 1),
  );
  const waits = new Set(putOff);
  return due
    .filter((row) => !waits.has(row))
    .map(({ result_id, version, item, attempts }) => ({ resultId: result_id, version, item, attempts }));
}

/** A sweep mostly finds nothing, and to know that costs a fifth of the statements that would take something. */
async function isAnyDue(database: DataSource): Promise<boolean> {
  const [row]: [{ due: boolean }] = await database.query(
    `select exists (select 1 from offer_outbox where attempts = 0 and next_offer_at <= now())
       or exists (select 1 from offer_outbox where attempts > 0 and next_offer_at <= now()) as due`,
  );
  return row.due;
}

/** Makes offers that could not be published due again soon, as if they had not been taken. */
export async function giveBackOffers(database: DataSource, offers: readonly PendingOffer[]): Promise<void> {
  if (offers.length === 0) return;
  await database.query(
    `update offer_outbox o set attempts = greatest(o.attempts - 1, 0), next_offer_at = now() + interval '5 seconds'
     from (values ${placeholders(offers.length, 2, ['uuid', 'integer'])}) as v (result_id, version)
     where o.result_id = v.result_id and o.version = v.version`,
    offers.flatMap(({ resultId, version }) => [resultId, version]),
  );
}

async function take({ database, reofferAfter }: OfferSource, which: string, limit: number): Promise<DueRow[]> {
  const [rows]: [DueRow[], number] = await database.query(
    `with locked as (
       select o.result_id, o.version, o.next_offer_at, octet_length(o.item) as bytes from offer_outbox o
       where ${which} and o.next_offer_at <= now() order by o.next_offer_at limit $1 for update skip locked
     ), summed as (
       select *, sum(bytes) over (order by next_offer_at, result_id, version) - bytes as before from locked
     )
     update offer_outbox o set attempts = o.attempts + 1,
       next_offer_at = now()
         + least(interval '10 minutes', $2::interval * power(2, least(o.attempts, 10))) * (0.8 + random() * 0.4)
     from summed s where o.result_id = s.result_id and o.version = s.version and s.before < ${SWEEP_BYTES}
     returning o.result_id, o.version, o.item, o.attempts, s.next_offer_at > o.created_at + interval '1 second' as graced`,
    [limit, reofferAfter],
  );
  return rows;
}

/** @param row after it was taken: `attempts` is 1 for one that nobody had taken from the table before */
function isUnderWay({ attempts, graced }: DueRow, where: Whereabouts | undefined): boolean {
  switch (where) {
    case 'waiting':
      return true;
    case 'taken':
      return attempts === 1 && graced;
    default:
      return false;
  }
}

/** An offer that was only put off has not been tried once more. */
async function countNoAttempt(database: DataSource, rows: readonly DueRow[]): Promise<void> {
  if (rows.length === 0) return;
  await database.query(
    `update offer_outbox o set attempts = o.attempts - 1
     from (values ${placeholders(rows.length, 2, ['uuid', 'integer'])}) as v (result_id, version)
     where o.result_id = v.result_id and o.version = v.version`,
    rows.flatMap(({ result_id, version }) => [result_id, version]),
  );
}

function keyOf({ result_id, version }: DueRow): string {
  return versionKey({ resultId: result_id, version });
}
