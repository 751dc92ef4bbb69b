import { type SettlementsMessage, STREAMS, validateSettlementsMessage } from '@clearance/contracts';
import type { Received, Verdict } from '@clearance/messaging';
import {
  type EntityManager,
  inBatch,
  observeSeconds,
  placeholders,
  resultsTotal,
  settlementDelay,
  startStep,
  type Step,
} from '@clearance/platform';
import { type EventBatch, keepEvents, resultEvent } from '../announce/pending-event.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { fromRow, STORED_COLUMNS, type StoredRow } from '../store/read-results.ts';
import { versionKey } from '../store/store-results.ts';
import { factsOf } from '../store/stored-result.ts';
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
    const from = settlements.map(({ traceparent }) => traceparent);
    await inBatch({ name: 'settle results', from, facts: { unit: unit.id }, messaging: SETTLEMENTS }, async (trace) => {
      const { events, steps } = await inTransaction(unit.database, (transaction) =>
        settle(unit, transaction, settlements, trace),
      );
      unit.events.push(events);
      for (const { step, seconds } of steps) {
        step.end();
        observeSeconds(settlementDelay, { unit: unit.id }, seconds, step.traceparent);
      }
    });
  }
  return read.map((message) =>
    message.ok
      ? { verdict: 'done' }
      : { verdict: 'poison', cause: 'malformed', detail: 'not a message of settlements' },
  );
}

const SETTLEMENTS = { operation: 'process', destination: STREAMS.SETTLEMENTS.name } as const;

type Settlement = SettlementsMessage['settlements'][number];

/** What was settled, and each with its step, which goes on from the last receipt. */
interface SettledNow {
  events: EventBatch[];
  /** With the time since it was issued. */
  steps: { step: Step; seconds: number }[];
}

async function settle(
  unit: Unit,
  transaction: EntityManager,
  settlements: readonly Settlement[],
  trace: string | undefined,
): Promise<SettledNow> {
  const types = ['uuid', 'integer', 'timestamptz', 'text'];
  const [settled]: [{ result_id: string; version: number }[], number] = await transaction.query(
    `delete from offer_outbox o using (values ${placeholders(settlements.length, 4, types)}) as v (result_id, version, settled_at, key_id)
     where o.result_id = v.result_id and o.version = v.version and (v.key_id is null
       or exists (select from result r where r.result_id = o.result_id and r.version = o.version and r.key_id = v.key_id)
       or exists (select from result_history h where h.result_id = o.result_id and h.version = o.version and h.key_id = v.key_id))
     returning o.result_id, o.version`,
    settlements.flatMap(({ resultId, version, settledAt, keyId }) => [resultId, version, settledAt, keyId ?? null]),
  );
  if (settled.length === 0) return { events: [], steps: [] };
  const now = new Date(unit.now()).toISOString();
  // A version that was amended meanwhile is settled too, but of the result only the current version is told; one that
  // was offered again, because a unit had lost it, has been told before.
  const [rows]: [(StoredRow & { traceparent: string | null })[], number] = await transaction.query(
    `update result r set settled_at = $1 from (values ${placeholdersAfter(1, settled.length)}) as v (result_id, version)
     where r.result_id = v.result_id and r.version = v.version and r.settled_at is null
     returning ${STORED_COLUMNS}, r.traceparent`,
    [now, ...settled.flatMap(({ result_id, version }) => [result_id, version])],
  );
  resultsTotal.inc({ unit: unit.id, event: 'settled' }, settled.length);
  const told = new Map(settlements.map((settlement) => [versionKey(settlement), settlement.traceparent]));
  const steps: SettledNow['steps'] = [];
  const events = rows.map((row) => {
    const stored = fromRow(row);
    const step = startStep({
      name: 'settle result',
      from: told.get(versionKey(stored)) ?? row.traceparent,
      facts: () => ({ ...factsOf(stored), unit: unit.id }),
      links: [trace],
      messaging: SETTLEMENTS,
    });
    steps.push({ step, seconds: Math.max(0, unit.now() - row.issued_at.getTime()) / 1_000 });
    return resultEvent('result.settled', stored, unit.keyRing(), now, step.traceparent);
  });
  return { events: await keepEvents(transaction, events, unit.now()), steps };
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
