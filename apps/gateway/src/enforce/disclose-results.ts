import type { UnitId } from '@clearance/contracts';
import type { Verdict } from '@clearance/messaging';
import { type EntityManager, insertRows, NotReadyError } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import { appendLedger, entryOf, type LedgerEntry } from '../ledger/append-ledger.ts';
import type { ListInForce } from '../lists/list-in-force.ts';
import { announceSettlements, type Settled } from '../settle/announce-settlements.ts';
import { giveCopies } from './give-copies.ts';
import { type OfferedMessage, readOffers, type VerifiedOffer } from './read-offers.ts';
import { unrecorded } from './unrecorded.ts';
import { type View, viewsOf } from './view.ts';

/**
 * The way of a result through the gateway: verified, decided for every consumer, written into the ledger, and only after
 * that commit given as copies. A result that is offered again goes only to those whose receipt is missing.
 *
 * A unit that cannot be reached holds up nobody: its receipt stays missing, and the issuer offers again.
 *
 * @returns a verdict per message.
 * @throws NotReadyError when no list is in force: the offers wait.
 */
export async function discloseResults(gateway: Gateway, messages: readonly OfferedMessage[]): Promise<Verdict[]> {
  const now = gateway.now();
  const list = gateway.listInForce(now);
  if (list === undefined) throw new NotReadyError('no negative list is in force; offers wait for one');
  const read = readOffers(messages, gateway.keyRing());
  const offers = distinct(read.flatMap((message) => message.offers));
  if (offers.length > 0) {
    const { views, settled } = await gateway.database.transaction((transaction) =>
      record(gateway, transaction, offers, list, now),
    );
    await Promise.all([giveCopies(gateway, views), announceSettlements(gateway, settled)]);
  }
  return read.map(({ verdict }) => verdict);
}

interface Recorded {
  views: View[];
  settled: Settled[];
}

async function record(
  gateway: Gateway,
  transaction: EntityManager,
  offers: readonly VerifiedOffer[],
  list: ListInForce,
  now: number,
): Promise<Recorded> {
  const decidedAt = new Date(now).toISOString();
  const known = await lockSettlements(transaction, offers);
  const fresh: View[] = [];
  const repeated: View[] = [];
  const settled: Settled[] = [];
  const rows: (string | number | string[] | null)[][] = [];
  for (const offer of offers) {
    const { claims } = offer.verified;
    const before = known.get(keyOf(claims));
    if (before?.settledAt) {
      // The word of it was lost; it is given again.
      settled.push({ ...claims, settledAt: before.settledAt });
      continue;
    }
    const others = gateway.consumers.filter((consumer) => consumer !== claims.issuer);
    const consumers = before === undefined ? others : others.filter((consumer) => before.waiting.includes(consumer));
    const views = viewsOf(offer, consumers, list, now);
    (before === undefined ? fresh : repeated).push(...views);
    if (before !== undefined) continue;
    const kind = views[0]?.kind ?? '';
    rows.push([
      claims.resultId,
      claims.version,
      claims.issuer,
      kind,
      consumers,
      decidedAt,
      consumers.length === 0 ? decidedAt : null,
    ]);
    if (consumers.length === 0) settled.push({ ...claims, settledAt: decidedAt });
  }
  await insertRows(
    transaction,
    'settlement (result_id, version, issuer, kind, waiting, disclosed_at, settled_at)',
    rows,
  );
  const added = [...fresh, ...unrecorded(repeated, await readLedger(transaction, repeated))];
  await appendLedger(
    transaction,
    added.map((view) => entryOf(view, decidedAt)),
  );
  return { views: [...fresh, ...repeated], settled };
}

interface Known {
  waiting: UnitId[];
  settledAt: string | null;
}

async function lockSettlements(
  transaction: EntityManager,
  offers: readonly VerifiedOffer[],
): Promise<Map<string, Known>> {
  const rows: { result_id: string; version: number; waiting: UnitId[]; settled_at: Date | null }[] =
    await transaction.query(
      `select result_id, version, waiting, settled_at from settlement where result_id = any($1::uuid[])
       order by result_id, version for update`,
      [offers.map(({ verified }) => verified.claims.resultId)],
    );
  return new Map(
    rows.map((row) => [
      keyOf({ resultId: row.result_id, version: row.version }),
      { waiting: row.waiting, settledAt: row.settled_at?.toISOString() ?? null },
    ]),
  );
}

async function readLedger(transaction: EntityManager, views: readonly View[]): Promise<LedgerEntry[]> {
  if (views.length === 0) return [];
  const rows: { entry: string }[] = await transaction.query(
    'select entry from ledger where result_id = any($1::uuid[])',
    [[...new Set(views.map((view) => view.claims.resultId))]],
  );
  return rows.map((row) => JSON.parse(row.entry) as LedgerEntry);
}

/** The same version offered twice in one batch is one offer. */
function distinct(offers: readonly VerifiedOffer[]): VerifiedOffer[] {
  return [...new Map(offers.map((offer) => [keyOf(offer.verified.claims), offer])).values()];
}

function keyOf({ resultId, version }: { resultId: string; version: number }): string {
  return `${resultId}:${version}`;
}
