import { type EventType, type ResultStatus, SUBJECTS } from '@clearance/contracts';
import { packItems, type Received, type Verdict } from '@clearance/messaging';
import { resultsTotal } from '@clearance/platform';
import { tokenDigest } from '@clearance/provenance';
import { keepEvents, resultEvent } from '../announce/pending-event.ts';
import { reopenReliant } from '../recognise/reopen-reliant.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { storeResults, versionKey } from '../store/store-results.ts';
import { type StoredResult, toView } from '../store/stored-result.ts';
import type { Unit } from '../unit.ts';
import { readCopies, type VerifiedCopy } from './read-copies.ts';

/**
 * Takes copies that the gateway gives: verifies them, stores them with the events that tell the backend, reopens the
 * recognitions that relied on an older version, and only after the commit returns receipts.
 *
 * A copy that is already there changes nothing, but its receipt is given again: the first one may have been lost.
 *
 * @throws when the database or the broker is away; then all is delivered again.
 */
export async function receiveCopies(unit: Unit, messages: readonly Received[]): Promise<Verdict[]> {
  const read = readCopies(messages, unit.id, unit.keyRing());
  const copies = read.flatMap(({ verified }) => verified);
  if (copies.length > 0) {
    await giveReceipts(unit, copies, await storeCopies(unit, copies));
  }
  return read.map(({ verdict }) => verdict);
}

const EVENT_OF: Record<ResultStatus, EventType> = {
  issued: 'result.received',
  amended: 'result.amended',
  revoked: 'result.revoked',
};

/** @returns the tokens that are now stored of these versions, by `id:version`. */
async function storeCopies(unit: Unit, copies: readonly VerifiedCopy[]): Promise<ReadonlyMap<string, string>> {
  const traces = new Map(copies.map(({ stored, traceparent }) => [versionKey(stored), traceparent]));
  const traceOf = (result: StoredResult): string | null => traces.get(versionKey(result)) ?? null;
  const now = unit.now();
  const { events, tokens } = await inTransaction(unit.database, async (transaction) => {
    const { current, superseding, tokens } = await storeResults(
      transaction,
      copies.map(({ stored }) => stored),
    );
    const occurredAt = new Date(now).toISOString();
    const events = [
      ...current.map((stored) => resultEvent(EVENT_OF[stored.status], toView(stored), occurredAt, traceOf(stored))),
      ...(await reopenReliant(transaction, superseding, traceOf, now)),
    ];
    await keepEvents(transaction, events, now);
    resultsTotal.inc({ unit: unit.id, event: 'received' }, current.length);
    return { events, tokens };
  });
  unit.events.push(events);
  return tokens;
}

/** A receipt says which view is held: a version decided twice, under two lists, may have been given as two. */
async function giveReceipts(
  unit: Unit,
  copies: readonly VerifiedCopy[],
  tokens: ReadonlyMap<string, string>,
): Promise<void> {
  const items = copies.map(({ stored }) => {
    const { resultId, version } = stored;
    return JSON.stringify({
      resultId,
      version,
      tokenDigest: tokenDigest(tokens.get(versionKey(stored)) ?? stored.token),
    });
  });
  await unit.publisher.publishAll(
    packItems(items, 512).map((pack) => ({ subject: SUBJECTS.receipts, body: `{"receipts":[${pack.join(',')}]}` })),
  );
}
