import { type EventType, type ResultStatus, STREAMS, SUBJECTS, type UnitId, type Withheld } from '@clearance/contracts';
import { packItems, type Received, type Verdict, verdictOnItems, waitsForKey } from '@clearance/messaging';
import {
  copyDelay,
  describeError,
  inBatch,
  isSampled,
  observeSeconds,
  resultsTotal,
  startStep,
  type Step,
} from '@clearance/platform';
import { type KeyRing, tokenDigest, versionName } from '@clearance/provenance';
import { keepEvents, type PendingEvent, resultEvent } from '../announce/pending-event.ts';
import { reopenFallen } from '../recognise/reopen-fallen.ts';
import { recordReopenings, reopenReliant } from '../recognise/reopen-reliant.ts';
import { forgetReplaced } from '../store/forget-replaced.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { storeResults, versionKey } from '../store/store-results.ts';
import { digestOfToken, factsOf, type StoredResult } from '../store/stored-result.ts';
import type { Unit } from '../unit.ts';
import { type Contradiction, findContradictions } from './find-contradictions.ts';
import { type CopiesRead, readCopies, type VerifiedCopy } from './read-copies.ts';
import { highestViews, replaceViews, type ReplacedView } from './replace-views.ts';
import { storeFresh } from './store-fresh.ts';

/**
 * Takes copies that the gateway gives: verifies them, stores them with the events that tell the backend, reopens the
 * recognitions that relied on an older version, and only after the commit returns receipts.
 *
 * A copy that is already there changes nothing, but its receipt is given again: the first one may have been lost. Only
 * one that was signed anew takes the place of one whose key has been revoked since, and one that the gateway decided anew
 * takes the place of the one before, so that what may be seen no more is gone.
 *
 * @throws when the database or the broker is away; then all is delivered again.
 */
export async function receiveCopies(unit: Unit, messages: readonly Received[]): Promise<Verdict[]> {
  let read = readCopies(messages, unit.id, unit.keyRing(), unit.readMessages);
  if (read.some(({ verdict }) => waitsForKey(verdict))) {
    read = readCopies(messages, unit.id, await unit.rereadKeys(), unit.readMessages);
  }
  const arrived = read.flatMap(({ verified }) => verified);
  if (arrived.length === 0) return read.map(({ verdict }) => verdict);
  const contradictions = await inBatch(
    {
      name: 'receive copies',
      from: arrived.map(({ traceparent }) => traceparent),
      facts: { unit: unit.id },
      messaging: COPIES,
    },
    (trace) => takeCopies(unit, arrived, trace),
  );
  return read.map((message) => verdictOn(message, contradictions));
}

const COPIES = { operation: 'process', destination: STREAMS.COPIES.name } as const;

/** Each copy is received within its own trace, from which its event, its receipt and what is decided on it go on. */
async function takeCopies(
  unit: Unit,
  arrived: readonly VerifiedCopy[],
  trace: string | undefined,
): Promise<Stored['contradictions']> {
  const steps = arrived.map((copy) => startReceiving(unit.id, copy, trace));
  const copies = arrived.map((copy, index) => ({ ...copy, traceparent: steps[index]!.traceparent }));
  try {
    const { tokens, contradictions } = await storeCopies(unit, copies);
    const taken = copies.filter(({ stored }) => !contradictions.has(stored.token));
    await giveReceipts(unit, taken, tokens);
    for (const [index, { stored, traceparent }] of copies.entries()) {
      const fault = contradictions.get(stored.token);
      steps[index]!.end({ fault });
      if (fault !== undefined) continue;
      observeSeconds(copyDelay, { unit: unit.id }, secondsSince(stored.issuedAt, unit.now()), traceparent);
    }
    return contradictions;
  } catch (error) {
    for (const step of steps) step.abandon(describeError(error).type);
    throw error;
  }
}

/** Clocks of two machines differ: what seems to come before it was issued took no time. */
function secondsSince(at: string, now: number): number {
  return Math.max(0, now - Date.parse(at)) / 1_000;
}

function startReceiving(unit: UnitId, { stored, traceparent }: VerifiedCopy, trace: string | undefined): Step {
  return startStep({
    name: 'receive copy',
    from: traceparent,
    facts: () => {
      const withheldCount = (JSON.parse(stored.withheld) as Withheld[]).length;
      return { ...factsOf(stored), unit, consumer: unit, withheldCount };
    },
    links: [trace],
    messaging: COPIES,
  });
}

/** Of a message with copies that contradict what is stored, that it is a dead letter too. */
function verdictOn(
  { verified, refused, named, verdict }: CopiesRead,
  contradictions: ReadonlyMap<string, Contradiction>,
): Verdict {
  const found = verified.flatMap(({ stored }) => (contradictions.has(stored.token) ? [stored] : []));
  if (found.length === 0) return verdict;
  const codes = [...refused, ...found.map(({ token }) => contradictions.get(token)!)];
  return verdictOnItems(codes, verified.length + refused.length, 'copies', [...named, ...found.flatMap(versionName)]);
}

interface Stored {
  /** The tokens that are now stored of these versions, by `id:version`. */
  tokens: ReadonlyMap<string, string>;
  /** By token: what was not stored. */
  contradictions: ReadonlyMap<string, Contradiction>;
}

const EVENT_OF: Record<ResultStatus, EventType> = {
  issued: 'result.received',
  amended: 'result.amended',
  revoked: 'result.revoked',
};

const EVENT_OF_VIEW: Record<ReplacedView['effect'], EventType> = {
  restricted: 'result.restricted',
  extended: 'result.extended',
};

/**
 * Most copies are of results that are not known yet, and quickly stored: nothing can contradict them, be replaced by them,
 * or rest on them. The others are compared with what is stored.
 */
async function storeCopies(unit: Unit, copies: readonly VerifiedCopy[]): Promise<Stored> {
  const ring = unit.keyRing();
  const now = unit.now();
  const times = Map.groupBy(copies, ({ stored }) => stored.resultId);
  const { single = [], others = [] } = Object.groupBy(copies, ({ stored }) =>
    times.get(stored.resultId)!.length === 1 ? 'single' : 'others',
  );
  const stored = await storeFresh(
    unit,
    single.map((copy) => ({ ...copy, event: arrivalEvent(copy.stored, ring, now, copy.traceparent) })),
  );
  unit.events.push(stored.events);
  const rest = [...stored.known, ...others];
  return rest.length === 0 ? NOTHING_KNOWN : compareCopies(unit, rest);
}

const NOTHING_KNOWN: Stored = { tokens: new Map(), contradictions: new Map() };

function arrivalEvent(stored: StoredResult, ring: KeyRing, now: number, traceparent: string | null): PendingEvent {
  return resultEvent(EVENT_OF[stored.status], stored, ring, new Date(now).toISOString(), traceparent);
}

async function compareCopies(unit: Unit, copies: readonly VerifiedCopy[]): Promise<Stored> {
  const traces = new Map(copies.map(({ stored, traceparent }) => [versionKey(stored), traceparent]));
  const traceOf = (result: StoredResult): string | null => traces.get(versionKey(result)) ?? null;
  const now = unit.now();
  const all = copies.map(({ stored }) => stored);
  const { events, ...outcome } = await inTransaction(unit.database, async (transaction) => {
    const ring = unit.keyRing();
    const contradictions = await findContradictions(transaction, all, ring);
    const arrivals = highestViews(all.filter(({ token }) => !contradictions.has(token)));
    const fallen = await reopenFallen(transaction, ring, now, arrivals);
    const replaced = await forgetReplaced(transaction, arrivals, ring);
    const views = await replaceViews(transaction, arrivals);
    const { current, superseding, tokens } = await storeResults(transaction, arrivals, traceOf);
    const events = [
      ...fallen,
      // Of a version that was only signed anew, the backend has been told.
      ...current
        .filter((stored) => !replaced.has(versionKey(stored)))
        .map((stored) => arrivalEvent(stored, ring, now, traceOf(stored))),
      ...views.map(({ stored, effect }) =>
        resultEvent(EVENT_OF_VIEW[effect], stored, ring, new Date(now).toISOString(), traceOf(stored)),
      ),
      ...(await reopenReliant(transaction, superseding, traceOf, now)),
    ];
    resultsTotal.inc({ unit: unit.id, event: 'received' }, current.length);
    return { events: await keepEvents(transaction, events, now), tokens, contradictions };
  });
  unit.events.push(events);
  recordReopenings(unit.id, events);
  return outcome;
}

/** A receipt says which view is held: a version decided twice, under two lists, may have been given as two. */
async function giveReceipts(
  unit: Unit,
  copies: readonly VerifiedCopy[],
  tokens: ReadonlyMap<string, string>,
): Promise<void> {
  const items = copies.map(({ stored, traceparent }) => {
    const { resultId, version, token } = stored;
    const held = tokens.get(versionKey(stored)) ?? token;
    return JSON.stringify({
      resultId,
      version,
      tokenDigest: held === token ? digestOfToken(stored) : tokenDigest(held),
      ...(isSampled(traceparent) ? { traceparent } : {}),
    });
  });
  await unit.publisher.publishAll(
    packItems(items, 512).map((pack) => ({ subject: SUBJECTS.receipts, body: `{"receipts":[${pack.join(',')}]}` })),
  );
}
