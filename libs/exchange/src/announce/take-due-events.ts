import type { EventType, UnitId } from '@clearance/contracts';
import { type DataSource, type Logger, placeholders } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import { fromRow, STORED_COLUMNS, type StoredRow } from '../store/read-results.ts';
import { versionKey } from '../store/store-results.ts';
import { viewText } from '../store/stored-result.ts';
import type { PendingEvent } from './pending-event.ts';

/** What taking events needs of a unit. */
interface TellingUnit {
  id: UnitId;
  database: DataSource;
  keyRing: () => KeyRing;
  log: Logger;
}

interface EventRow {
  event_id: string;
  type: EventType;
  subject: string;
  occurred_at: Date;
  traceparent: string | null;
  version: number | null;
  body: string | null;
}

/** Events in one sweep over the table, bytes: what is read into memory at once. */
const SWEEP_BYTES = 8 * 1024 ** 2;

/** Takes events that are due, some megabytes of them at most, and moves their due time on. */
export async function takeDueEvents(unit: TellingUnit, limit: number): Promise<PendingEvent[]> {
  const bytesOf = (table: string): string =>
    `select octet_length(token) + octet_length(content) + octet_length(withheld) from ${table} r
     where r.result_id = l.subject and r.version = l.version`;
  const [rows]: [EventRow[], number] = await unit.database.query(
    `with locked as (
       select event_id, subject, version, next_attempt_at, octet_length(body) as bytes
       from event_outbox where next_attempt_at <= now()
       order by next_attempt_at limit $1 for update skip locked
     ), sized as (
       select event_id, next_attempt_at,
         coalesce(bytes, (${bytesOf('result')}), (${bytesOf('result_history')}), 0) as bytes
       from locked l
     ), due as (
       select event_id, sum(bytes) over (order by next_attempt_at, event_id) - bytes as before from sized
     )
     update event_outbox o set next_attempt_at = now() + interval '10 seconds'
     from due where o.event_id = due.event_id and due.before < ${SWEEP_BYTES}
     returning o.event_id, o.type, o.subject, o.occurred_at, o.traceparent, o.version, o.body`,
    [limit],
  );
  const views = await viewsOf(unit, rows);
  const events: PendingEvent[] = [];
  const orphans: string[] = [];
  for (const row of rows) {
    const { event_id: eventId, subject, type, traceparent, version } = row;
    const body = version === null ? row.body : views.get(versionKey({ resultId: subject, version }));
    if (body === null || body === undefined) {
      orphans.push(eventId);
      continue;
    }
    const about = version === null ? {} : { version };
    events.push({ eventId, type, subject, ...about, occurredAt: row.occurred_at.toISOString(), traceparent, body });
  }
  if (orphans.length > 0) {
    // Event and version are written together: only a version that is being signed anew is away, for a moment.
    unit.log.warn(
      { unit: unit.id, events: orphans },
      'events about versions that are not stored; they are looked for again',
    );
  }
  return events;
}

/** The views, as JSON text, of the versions that events are about, whether they are still the newest or not. */
async function viewsOf(unit: TellingUnit, rows: readonly EventRow[]): Promise<Map<string, string>> {
  const versions = rows.filter(({ version }) => version !== null);
  if (versions.length === 0) return new Map();
  const wanted = `(values ${placeholders(versions.length, 2, ['uuid', 'integer'])}) as v (result_id, version)`;
  const match = 'r.result_id = v.result_id and r.version = v.version';
  const found: StoredRow[] = await unit.database.query(
    `select ${STORED_COLUMNS} from result r join ${wanted} on ${match}
     union all
     select r.result_id, r.version, r.status, r.issuer, null, r.issued_at, r.content, r.withheld, r.token, r.key_id,
       null, null, r.list_version from result_history r join ${wanted} on ${match}`,
    versions.flatMap(({ subject, version }) => [subject, version]),
  );
  return new Map(found.map(fromRow).map((stored) => [versionKey(stored), viewText(stored, unit.keyRing())]));
}
