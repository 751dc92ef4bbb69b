import type { UnitId } from '@clearance/contracts';
import { type DataSource, type Logger, placeholders } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import { fromRow, STORED_COLUMNS, type StoredRow } from '../store/read-results.ts';
import { versionKey } from '../store/store-results.ts';
import { viewText } from '../store/stored-result.ts';
import type { EventBatch, EventRecord, PendingEvent } from './pending-event.ts';

/** What taking events needs of a unit. */
interface TellingUnit {
  id: UnitId;
  database: DataSource;
  keyRing: () => KeyRing;
  log: Logger;
}

interface BatchRow {
  batch_id: string;
  events: string;
}

/** A version that an event is about. */
interface About {
  subject: string;
  version: number;
}

/** Events in one sweep over the table, bytes: what is read into memory at once. */
const SWEEP_BYTES = 8 * 1024 ** 2;

/** Takes batches of events that are due, some megabytes of them at most, and moves their due time on. */
export async function takeDueEvents(unit: TellingUnit, limit: number): Promise<EventBatch[]> {
  if (!(await isAnyDue(unit.database))) return [];
  const bytesOf = (table: string): string =>
    `select octet_length(token) + octet_length(content) + octet_length(withheld) from ${table} r
     where r.result_id = e.subject and r.version = e.version`;
  const [rows]: [BatchRow[], number] = await unit.database.query(
    `with locked as (
       select batch_id, events, next_attempt_at from event_outbox where next_attempt_at <= now()
       order by next_attempt_at limit $1 for update skip locked
     ), sized as (
       select batch_id, next_attempt_at, octet_length(events) + coalesce((
         select sum(coalesce((${bytesOf('result')}), (${bytesOf('result_history')}), 0))
         from json_to_recordset(events::json) as e (subject uuid, version integer)), 0) as bytes
       from locked
     ), due as (
       select batch_id, sum(bytes) over (order by next_attempt_at, batch_id) - bytes as before from sized
     )
     update event_outbox o set next_attempt_at = now() + interval '10 seconds'
     from due where o.batch_id = due.batch_id and due.before < ${SWEEP_BYTES}
     returning o.batch_id, o.events`,
    [limit],
  );
  const batches = rows.map(({ batch_id: batchId, events }) => ({
    batchId,
    records: JSON.parse(events) as EventRecord[],
  }));
  const records = batches.flatMap((batch) => batch.records);
  const views = await viewsOf(
    unit,
    records.flatMap((record) => ('version' in record ? [record] : [])),
  );
  const taken = batches.map((batch) => complete(batch, views));
  const orphans = taken.flatMap(({ left }) => left.map(({ eventId }) => eventId));
  if (orphans.length > 0) {
    // Event and version are written together: only a version that is being signed anew is away, for a moment.
    unit.log.warn(
      { unit: unit.id, events: orphans },
      'events about versions that are not stored; they are looked for again',
    );
  }
  return taken;
}

/** Puts the bodies to the events of a batch; those about a version that is not stored are left in it. */
function complete(
  { batchId, records }: { batchId: string; records: readonly EventRecord[] },
  views: ReadonlyMap<string, string>,
): EventBatch {
  const events: PendingEvent[] = [];
  const left: EventRecord[] = [];
  for (const record of records) {
    if ('body' in record) events.push(record);
    else {
      const body = views.get(versionKey({ resultId: record.subject, version: record.version }));
      if (body === undefined) left.push(record);
      else events.push({ ...record, body });
    }
  }
  return { batchId, events, left };
}

/** A sweep mostly finds nothing, and to know that costs a fifth of the statement that would take something. */
async function isAnyDue(database: DataSource): Promise<boolean> {
  const [row]: [{ due: boolean }] = await database.query(
    'select exists (select 1 from event_outbox where next_attempt_at <= now()) as due',
  );
  return row.due;
}

/** The views, as JSON text, of the versions that events are about, whether they are still the newest or not. */
async function viewsOf(unit: TellingUnit, versions: readonly About[]): Promise<Map<string, string>> {
  if (versions.length === 0) return new Map();
  const wanted = `(values ${placeholders(versions.length, 2, ['uuid', 'integer'])}) as v (result_id, version)`;
  const match = 'r.result_id = v.result_id and r.version = v.version';
  const found: StoredRow[] = await unit.database.query(
    `select ${STORED_COLUMNS} from result r join ${wanted} on ${match}
     union all
     select r.result_id, r.version, r.status, r.issuer, null, r.issued_at, r.content, r.withheld, r.token, r.key_id,
       null, null, r.list_version, r.view_number from result_history r join ${wanted} on ${match}`,
    versions.flatMap(({ subject, version }) => [subject, version]),
  );
  return new Map(found.map(fromRow).map((stored) => [versionKey(stored), viewText(stored, unit.keyRing())]));
}
