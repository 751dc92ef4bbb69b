import { type DisclosureRecord, STREAMS, type UnitId } from '@clearance/contracts';
import { type Verdict, verdictOnItems, waitsForKey } from '@clearance/messaging';
import { type EntityManager, inBatch, insertRows, NotReadyError, placeholders } from '@clearance/platform';
import { isRevoked, type KeyRing, redactToken, signedDigest, tokenDigest, versionName } from '@clearance/provenance';
import type { GrantsInForce } from '../access/grants.ts';
import { countOffers } from '../catalogue/count-offers.ts';
import { type DecidedVersion, keepVersions } from '../coordination/keep-versions.ts';
import type { Gateway } from '../gateway.ts';
import { appendLedger, entryOf } from '../ledger/append-ledger.ts';
import type { ListInForce } from '../lists/list-in-force.ts';
import { type DueReview, dueReviews, keepReviewed, type ReviewedVersion } from '../reviews/due-reviews.ts';
import { announceSettlements, type Settled } from '../settle/announce-settlements.ts';
import { confirmDecision, type DecidedBy, DecisionOutdated } from './confirm-decision.ts';
import { type DisclosedVersion, findContradictions } from './find-contradictions.ts';
import { decideAgain, type GivenAgain, type Shown, shownLast } from './give-again.ts';
import { giveCopies } from './give-copies.ts';
import { type OfferedMessage, type OffersRead, readOffers, type VerifiedOffer } from './read-offers.ts';
import { recordDecisions } from './record-decisions.ts';
import { judgeSignature } from './revoked-keys.ts';
import { spareCopies } from './spare-copies.ts';
import { type View, versionKey, viewsOf } from './view.ts';

/**
 * The way of a result through the gateway: verified, decided for every consumer, written into the ledger, and only after
 * that commit given as copies. A result that is offered again goes only to those whose receipt is missing, and whose last
 * copy does not certainly wait for them still.
 *
 * A unit that cannot be reached holds up nobody: its receipt stays missing, and the issuer offers again.
 *
 * @returns a verdict per message.
 * @throws NotReadyError when no list is in force: the offers wait.
 */
export async function discloseResults(gateway: Gateway, messages: readonly OfferedMessage[]): Promise<Verdict[]> {
  let read = readOffers(messages, gateway.keyRing());
  if (read.some(({ verdict }) => waitsForKey(verdict))) read = readOffers(messages, await gateway.rereadKeys());
  const ring = gateway.keyRing();
  const offers = read.flatMap((message) => message.offers);
  if (offers.length === 0) return read.map(({ verdict }) => verdict);
  const batch = { name: 'decide disclosures', from: offers.map(({ traceparent }) => traceparent), messaging: OFFERS };
  const refused = await inBatch(batch, async (trace) => {
    const at = Date.now();
    const { views, settled, refused } = await decide(gateway, offers, ring);
    const traced = recordDecisions({ offers, views, refused, at, trace });
    await Promise.all([giveCopies(gateway, traced), announceSettlements(gateway, settled)]);
    return refused;
  });
  return read.map((message) => verdictOn(message, refused));
}

const OFFERS = { operation: 'process', destination: STREAMS.OFFERS.name } as const;

/** What is decided by, at an instant, ms since the epoch. */
interface InForce extends DecidedBy {
  list: ListInForce;
  grants: GrantsInForce;
}

/** Times that a batch is decided anew, since lists, grants or the time went on meanwhile. */
const DECIDED_ANEW = 3;

/**
 * Decides by the list and the grants in force, and writes the decisions down. When others have come into force meanwhile, or
 * this gateway's clock is not the database's, it decides anew, for the time that the database has.
 */
async function decide(gateway: Gateway, offers: readonly VerifiedOffer[], ring: KeyRing): Promise<Recorded> {
  let at = gateway.now();
  for (let again = 0; ; again += 1) {
    const list = gateway.listInForce(at);
    if (list === undefined) throw new NotReadyError('no negative list is in force; offers wait for one');
    const inForce: InForce = { list, grants: gateway.grants.current(), at };
    try {
      return await gateway.database.transaction((transaction) => record(gateway, transaction, offers, inForce, ring));
    } catch (error) {
      if (again === DECIDED_ANEW || !(error instanceof DecisionOutdated)) throw error;
      await Promise.all([gateway.rereadLists(), gateway.grants.reload()]);
      at = error.now;
    }
  }
}

/** Of a message with offers among the refused ones, that it is a dead letter too. */
function verdictOn({ offers, refused, named, verdict }: OffersRead, late: ReadonlyMap<string, string>): Verdict {
  const found = offers.filter(({ verified }) => late.has(verified.token));
  if (found.length === 0) return verdict;
  const names = [...named, ...found.flatMap(({ verified }) => versionName(verified.claims))];
  const codes = [...refused, ...found.map(({ verified }) => late.get(verified.token)!)];
  return verdictOnItems(codes, offers.length + refused.length, 'results', names);
}

interface Recorded {
  views: View[];
  settled: Settled[];
  /** By token: a revoked key signed it, and it was not disclosed before; or it contradicts what was. */
  refused: ReadonlyMap<string, string>;
}

async function record(
  gateway: Gateway,
  transaction: EntityManager,
  all: readonly VerifiedOffer[],
  inForce: InForce,
  ring: KeyRing,
): Promise<Recorded> {
  const decidedAt = new Date(inForce.at).toISOString();
  const known = await lockSettlements(transaction, all);
  const contradictions = findContradictions(all, known, ring);
  const offered = distinct(
    all.filter(({ verified }) => !contradictions.has(verified.token)),
    ring,
  );
  const judged = Map.groupBy(offered, (offer) =>
    judgeSignature(offer, known.get(versionKey(offer.verified.claims)), ring),
  );
  const { replaces = [], accepted = [], refused = [] } = Object.fromEntries(judged);
  await forgetReplaced(transaction, replaces, decidedAt);
  const former = new Map(known);
  for (const { verified } of replaces) known.delete(versionKey(verified.claims));
  const offers = [...accepted, ...replaces];
  const { fresh, settled, again } = sortOffers(
    offers,
    known,
    await dueReviews(transaction, [...known.keys()], inForce.at),
  );
  const firstViews = fresh.map((offer): View[] => {
    const { claims } = offer.verified;
    // One that was signed anew goes on counting: its receivers may still hold views from before.
    const viewNumber = (former.get(versionKey(claims))?.viewNumber ?? -1) + 1;
    const others = gateway.consumers.filter((consumer) => consumer !== claims.issuer);
    return viewsOf(offer, others, { ...inForce, viewNumber });
  });
  const rows = fresh.map(({ verified: { claims, keyId, token } }, index) => {
    const views = firstViews[index]!;
    const consumers = gateway.consumers.filter((consumer) => consumer !== claims.issuer);
    if (consumers.length === 0) settled.push({ ...claims, settledAt: decidedAt, keyId });
    return [
      ...[claims.resultId, claims.version, claims.issuer, views[0]?.kind ?? '', claims.issuedAt, keyId],
      ...[signedDigest(token), consumers, consumers, decidedAt, consumers.length === 0 ? decidedAt : null],
      views[0]?.viewNumber ?? 0,
    ];
  });
  await insertRows(
    transaction,
    'settlement (result_id, version, issuer, kind, issued_at, key_id, signed_digest, entitled, waiting, disclosed_at, settled_at, view_number)',
    rows,
  );
  // What was signed anew was counted when it came first.
  await countOffers(
    transaction,
    fresh.filter(({ verified }) => !former.has(versionKey(verified.claims))),
  );
  const givenAgain = await giveAgain(gateway, transaction, again, inForce);
  const decided = [...fresh.map((offer, index) => ({ offer, shown: firstViews[index]! })), ...givenAgain.decided];
  await keepVersions(transaction, decided, decidedAt);
  const added = [...firstViews.flat(), ...givenAgain.changed];
  await appendLedger(
    transaction,
    added.map((view) => entryOf(view, decidedAt)),
  );
  // What is found to need no other view must not be found by what is over, either.
  if (added.length > 0 || again.some(({ review }) => review !== undefined)) await confirmDecision(transaction, inForce);
  return {
    views: [...added, ...givenAgain.repeated],
    settled: [...settled, ...givenAgain.settled],
    refused: new Map([
      ...contradictions,
      ...refused.map(({ verified }): [string, string] => [verified.token, 'key-revoked']),
    ]),
  };
}

/** What is offered: for the first time; settled, of which the word was lost; or again. */
interface SortedOffers {
  fresh: VerifiedOffer[];
  settled: Settled[];
  again: OfferedAgain[];
}

/** A version that is offered again, with what is known of it, and whether it is to be decided anew for all. */
interface OfferedAgain {
  offer: VerifiedOffer;
  before: Known;
  review: DueReview | undefined;
}

function sortOffers(
  offers: readonly VerifiedOffer[],
  known: ReadonlyMap<string, Known>,
  reviews: ReadonlyMap<string, DueReview>,
): SortedOffers {
  const sorted: SortedOffers = { fresh: [], settled: [], again: [] };
  for (const offer of offers) {
    const { claims } = offer.verified;
    const before = known.get(versionKey(claims));
    const review = reviews.get(versionKey(claims));
    if (before === undefined) sorted.fresh.push(offer);
    else if (before.settledAt === null || review !== undefined) sorted.again.push({ offer, before, review });
    else sorted.settled.push({ ...claims, settledAt: before.settledAt, keyId: before.keyId });
  }
  return sorted;
}

/** What was decided of versions that were given before. */
interface DecidedAgain extends GivenAgain {
  settled: Settled[];
  /** Of those that somebody is shown another view of, or that were decided for everybody: what each is shown by now. */
  decided: DecidedVersion[];
}

/** Decides what is offered again, and writes down who is waited for from now on. */
async function giveAgain(
  gateway: Gateway,
  transaction: EntityManager,
  offered: readonly OfferedAgain[],
  inForce: InForce,
): Promise<DecidedAgain> {
  const all: DecidedAgain = { changed: [], repeated: [], settled: [], decided: [] };
  if (offered.length === 0) return all;
  const spared = await spareCopies(
    gateway,
    offered.map(({ offer, before }) => ({ key: versionKey(offer.verified.claims), waiting: before.waiting })),
  );
  // Most of what is offered again waits in its queues still, and costs no more than to see that.
  const concerned = offered.flatMap((one) => {
    const { before, review, offer } = one;
    const key = versionKey(offer.verified.claims);
    const asked = review === undefined ? before.waiting.filter((unit) => !spared(unit, key)) : before.entitled;
    const consumers = gateway.consumers.filter((consumer) => asked.includes(consumer));
    return consumers.length === 0 && review === undefined ? [] : [{ ...one, consumers }];
  });
  const shown = shownLast(
    await readLedger(
      transaction,
      concerned.map(({ offer }) => offer),
    ),
  );
  const changes: ChangedSettlement[] = [];
  const reviewed: ReviewedVersion[] = [];
  for (const { offer, before, review, consumers } of concerned) {
    const { claims } = offer.verified;
    const key = versionKey(claims);
    const waiting = new Set(before.waiting);
    const shownBefore = shown.get(key) ?? new Map<UnitId, Shown>();
    const { changed, repeated } = decideAgain({
      views: viewsOf(offer, consumers, { ...inForce, viewNumber: before.viewNumber }),
      shown: shownBefore,
      waiting,
      review,
      spared: (consumer) => spared(consumer, key),
      withholding: (view, withheld) => {
        const { token } = redactToken(offer.verified, [...new Set(withheld.map(({ path }) => path))]);
        return { ...view, withheld, token, tokenDigest: tokenDigest(token) };
      },
    });
    const changedFor = changed.flatMap((view) => view.consumers);
    const viewNumber = before.viewNumber + (changed.length > 0 ? 1 : 0);
    all.changed.push(...changed.map((view) => ({ ...view, viewNumber })));
    all.repeated.push(...repeated.map((view) => ({ ...view, viewNumber })));
    if (changed.length > 0) changes.push({ ...claims, viewNumber, changedFor });
    if (review !== undefined) reviewed.push({ ...claims, reviewIds: review.reviewIds, changedFor });
    if (review !== undefined || changed.length > 0) {
      const asBefore = [...shownBefore].filter(([consumer]) => !changedFor.includes(consumer));
      all.decided.push({
        offer,
        shown: [...changed, ...asBefore.map(([unit, { withheld }]) => ({ consumers: [unit], withheld }))],
      });
    }
    if (changed.length === 0 && before.settledAt !== null) {
      all.settled.push({ ...claims, settledAt: before.settledAt, keyId: before.keyId });
    }
  }
  await waitFor(transaction, changes, new Date(inForce.at));
  await keepReviewed(transaction, reviewed, new Date(inForce.at));
  return all;
}

interface ChangedSettlement {
  resultId: string;
  version: number;
  viewNumber: number;
  /** Who is given another view than before. */
  changedFor: UnitId[];
}

/** Receipts for what was shown before say nothing of what is shown from now on. */
async function waitFor(transaction: EntityManager, changes: readonly ChangedSettlement[], at: Date): Promise<void> {
  if (changes.length === 0) return;
  const types = ['uuid', 'integer', 'integer', 'text[]', 'timestamptz'];
  await transaction.query(
    `update settlement s set waiting = array(select unnest(s.waiting) union select unnest(v.consumers)),
       receipts = (s.receipts::jsonb - v.consumers)::text, held = (s.held::jsonb - v.consumers)::text,
       view_number = v.view_number, disclosed_at = v.at, settled_at = null
     from (values ${placeholders(changes.length, types.length, types)}) as v (result_id, version, view_number, consumers, at)
     where s.result_id = v.result_id and s.version = v.version`,
    changes.flatMap(({ resultId, version, viewNumber, changedFor }) => [resultId, version, viewNumber, changedFor, at]),
  );
}

/**
 * Makes room for versions that their issuers signed anew, since the key that they were disclosed under was revoked: they
 * are decided and given to all as if for the first time. What was is kept, so that it can be named.
 */
async function forgetReplaced(
  transaction: EntityManager,
  replaces: readonly VerifiedOffer[],
  at: string,
): Promise<void> {
  if (replaces.length === 0) return;
  const versions = replaces.flatMap(({ verified }) => [verified.claims.resultId, verified.claims.version]);
  await transaction.query(
    `with gone as (
       delete from settlement s using (values ${placeholders(replaces.length, 2, ['uuid', 'integer'])}) as v (result_id, version)
       where s.result_id = v.result_id and s.version = v.version returning s.*
     )
     insert into replaced_signature
       (result_id, version, issuer, kind, issued_at, key_id, signed_digest, receipts, disclosed_at, replaced_at)
     select result_id, version, issuer, kind, issued_at, key_id, signed_digest, receipts, disclosed_at, $${versions.length + 1}::timestamptz
     from gone on conflict do nothing`,
    [...versions, at],
  );
}

interface Known extends DisclosedVersion {
  entitled: UnitId[];
  waiting: UnitId[];
  settledAt: string | null;
  viewNumber: number;
}

async function lockSettlements(
  transaction: EntityManager,
  offers: readonly VerifiedOffer[],
): Promise<Map<string, Known>> {
  const rows: (Omit<Known, 'settledAt'> & { result_id: string; version: number; settled_at: Date | null })[] =
    await transaction.query(
      `select result_id, version, issuer, key_id as "keyId", signed_digest as "signedDigest", entitled, waiting, settled_at,
         view_number as "viewNumber" from settlement where result_id = any($1::uuid[])
       order by result_id, version for update`,
      [offers.map(({ verified }) => verified.claims.resultId)],
    );
  return new Map(
    rows.map(({ result_id: resultId, version, settled_at, ...known }) => [
      versionKey({ resultId, version }),
      { ...known, settledAt: settled_at?.toISOString() ?? null },
    ]),
  );
}

async function readLedger(transaction: EntityManager, offers: readonly VerifiedOffer[]): Promise<DisclosureRecord[]> {
  if (offers.length === 0) return [];
  const rows: { entry: string }[] = await transaction.query(
    'select entry from ledger where result_id = any($1::uuid[]) order by sequence',
    [[...new Set(offers.map(({ verified }) => verified.claims.resultId))]],
  );
  return rows.map((row) => JSON.parse(row.entry) as DisclosureRecord);
}

/** The same version offered twice in one batch is one offer; one that a revoked key signed does not stand for another. */
function distinct(offers: readonly VerifiedOffer[], ring: KeyRing): VerifiedOffer[] {
  const byVersion = new Map<string, VerifiedOffer>();
  for (const offer of offers) {
    const key = versionKey(offer.verified.claims);
    if (!byVersion.has(key) || !isRevoked(ring, offer.verified.keyId)) byVersion.set(key, offer);
  }
  return [...byVersion.values()];
}
