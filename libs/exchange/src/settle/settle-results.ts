import { validateSettlementsMessage } from '@clearance/contracts';
import type { Received, Verdict } from '@clearance/messaging';
import { placeholders, resultsTotal } from '@clearance/platform';
import { keepEvents, resultEvent } from '../announce/pending-event.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { fromRow, STORED_COLUMNS, type StoredRow } from '../store/read-results.ts';
import type { Unit } from '../unit.ts';

/**
 * Takes the gateway's word that every entitled unit has confirmed a version: its offer is not repeated any more, and the
 * backend is told once. What was signed anew since, because its key was revoked, is not settled by the word about what
 * was signed before.
 */
export async function settleResults(unit: Unit, messages: readonly Received[]): Promise<Verdict[]> {
  const read = messages.map(({ data }) => parse(data));
  const settlements = read.flatMap((message) => (message.ok ? message.value.settlements : []));
  if (settlements.length > 0) {
    const events = await inTransaction(unit.database, async (transaction) => {
      const types = ['uuid', 'integer', 'timestamptz', 'text'];
      const [settled]: [{ result_id: string; version: number }[], number] = await transaction.query(
        `delete from offer_outbox o using (values ${placeholders(settlements.length, 4, types)}) as v (result_id, version, settled_at, key_id)
         where o.result_id = v.result_id and o.version = v.version and (v.key_id is null
           or exists (select from result r where r.result_id = o.result_id and r.version = o.version and r.key_id = v.key_id)
           or exists (select from result_history h where h.result_id = o.result_id and h.version = o.version and h.key_id = v.key_id))
         returning o.result_id, o.version`,
        settlements.flatMap(({ resultId, version, settledAt, keyId }) => [resultId, version, settledAt, keyId ?? null]),
      );
      if (settled.length === 0) return [];
      const now = new Date(unit.now()).toISOString();
      // A version that was amended meanwhile is settled too, but of the result only the current version is told; one that
      // was offered again, because a unit had lost it, has been told before.
      const [rows]: [StoredRow[], number] = await transaction.query(
        `update result r set settled_at = $1 from (values ${placeholdersAfter(1, settled.length)}) as v (result_id, version)
         where r.result_id = v.result_id and r.version = v.version and r.settled_at is null returning ${STORED_COLUMNS}`,
        [now, ...settled.flatMap(({ result_id, version }) => [result_id, version])],
      );
      const events = rows.map((row) => resultEvent('result.settled', fromRow(row), unit.keyRing(), now, null));
      resultsTotal.inc({ unit: unit.id, event: 'settled' }, settled.length);
      return keepEvents(transaction, events, unit.now());
    });
    unit.events.push(events);
  }
  return read.map((message) =>
    message.ok
      ? { verdict: 'done' }
      : { verdict: 'poison', cause: 'malformed', detail: 'not a message of settlements' },
  );
}

/** Tuples `($2::uuid,$3::integer),…` that follow `before` other parameters. */
function placeholdersAfter(before: number, rows: number): string {
  return Array.from(
    { length: rows },
    (_, row) => `($${before + row * 2 + 1}::uuid,$${before + row * 2 + 2}::integer)`,
  ).join(',');
}

function parse(data: Uint8Array): ReturnType<typeof validateSettlementsMessage> {
  try {
    return validateSettlementsMessage(JSON.parse(new TextDecoder().decode(data)));
  } catch {
    return { ok: false, violations: [] };
  }
}
