import type { Recognition, ReopeningCause, UnitId } from '@clearance/contracts';
import { type EntityManager, recordStep } from '@clearance/platform';
import { shouldReopen } from '@clearance/recognition';
import { type EventBatch, type PendingEvent, reopenedEvent } from '../announce/pending-event.ts';
import { keepReport } from '../report/report-recognitions.ts';
import type { StoredResult } from '../store/stored-result.ts';

/** A recognition in force, and one version that it relies on. */
export interface ReliantRow {
  recognition_id: string;
  body: string;
  result_id: string;
  version: number;
}

/**
 * Reopens every recognition in force that relied on an older version of these results, in the transaction that stores
 * them. The ground is gone: what was recognised must be decided anew.
 *
 * @returns the events for the backend, one per recognition.
 */
export async function reopenReliant(
  transaction: EntityManager,
  superseding: readonly StoredResult[],
  traceOf: (result: StoredResult) => string | null,
  now: number,
): Promise<PendingEvent[]> {
  if (superseding.length === 0) return [];
  const rows = await lockReliant(
    transaction,
    superseding.map(({ resultId }) => resultId),
  );
  const arrived = new Map(superseding.map((result) => [result.resultId, result]));
  const at = new Date(now).toISOString();
  const reopened = new Map<string, PendingEvent>();
  for (const row of rows) {
    const result = arrived.get(row.result_id)!;
    const relied = { resultId: row.result_id, version: row.version };
    if (result.status === 'issued' || reopened.has(row.recognition_id) || !shouldReopen(relied, result)) continue;
    const { resultId, version, status } = result;
    const recognition = await reopen(transaction, row, at, { resultId, version, status });
    reopened.set(row.recognition_id, reopenedEvent(recognition, relied, at, traceOf(result)));
  }
  return [...reopened.values()];
}

/** Records, once they are committed, that recognitions were reopened, in the traces of the results that did it. */
export function recordReopenings(unit: UnitId, batches: readonly EventBatch[]): void {
  for (const { type, subject, traceparent } of batches.flatMap(({ events }) => events)) {
    if (type !== 'recognition.reopened') continue;
    recordStep({ name: 'reopen recognition', from: traceparent, facts: { unit, recognitionId: subject } });
  }
}

/** Locks the recognitions in force that rely on any version of these results; one row for each of these versions. */
export async function lockReliant(transaction: EntityManager, resultIds: readonly string[]): Promise<ReliantRow[]> {
  return transaction.query(
    `select g.recognition_id, g.body, l.result_id, l.version
     from recognition_reliance l join recognition g using (recognition_id)
     where l.result_id = any($1::uuid[]) and g.state = 'in-force'
     order by g.recognition_id for update of g`,
    [resultIds],
  );
}

/** Reopens one recognition that is locked. @param at RFC 3339 */
export async function reopen(
  transaction: EntityManager,
  row: ReliantRow,
  at: string,
  by: ReopeningCause,
): Promise<Recognition> {
  const recognition: Recognition = {
    ...(JSON.parse(row.body) as Recognition),
    state: 'reopened',
    reopened: { at, by },
  };
  await transaction.query(`update recognition set state = 'reopened', body = $2 where recognition_id = $1`, [
    row.recognition_id,
    JSON.stringify(recognition),
  ]);
  await keepReport(transaction, row.recognition_id);
  return recognition;
}
