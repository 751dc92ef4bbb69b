import type { UnitId } from '@clearance/contracts';
import { createRelay, OversizedError, type Publisher, type Relay } from '@clearance/messaging';
import type { DataSource, Logger } from '@clearance/platform';
import { eventMessage, type PendingEvent } from './pending-event.ts';

interface EventRow {
  event_id: string;
  type: PendingEvent['type'];
  subject: string;
  occurred_at: Date;
  traceparent: string | null;
  body: string;
}

/** What telling needs of a unit. */
interface TellingUnit {
  id: UnitId;
  database: DataSource;
  publisher: Publisher;
  log: Logger;
}

/** Events in one sweep over the table, bytes: what is read into memory at once. */
const SWEEP_BYTES = 8 * 1024 ** 2;

/** Tells the unit's backend, on the stream EVENTS, what its database has committed; each event until it is taken. */
export function createEventRelay(unit: TellingUnit): Relay<PendingEvent> {
  return createRelay<PendingEvent>({
    name: `${unit.id} events`,
    maxBatch: 512,
    lingerMs: 8,
    sweepMs: 1_000,
    log: unit.log,
    sizeOf: ({ body }) => body.length,
    publish: (events) => tell(unit, events),
    takeDue: async (limit) => {
      const [rows]: [EventRow[], number] = await unit.database.query(
        `with locked as (
           select event_id, next_attempt_at, octet_length(body) as bytes from event_outbox where next_attempt_at <= now()
           order by next_attempt_at limit $1 for update skip locked
         ), due as (
           select event_id, sum(bytes) over (order by next_attempt_at, event_id) - bytes as before from locked
         )
         update event_outbox o set next_attempt_at = now() + interval '10 seconds'
         from due where o.event_id = due.event_id and due.before < ${SWEEP_BYTES}
         returning o.event_id, o.type, o.subject, o.occurred_at, o.traceparent, o.body`,
        [limit],
      );
      return rows.map((row) => ({
        eventId: row.event_id,
        type: row.type,
        subject: row.subject,
        occurredAt: row.occurred_at.toISOString(),
        traceparent: row.traceparent,
        body: row.body,
      }));
    },
  });
}

async function tell(unit: TellingUnit, events: readonly PendingEvent[]): Promise<void> {
  const taken = await unit.publisher.publishAll(events.map((event) => eventMessage(unit.id, event))).then(
    () => events,
    (error: unknown) => {
      if (!(error instanceof OversizedError)) throw error;
      return events.filter((_, index) => error.sequences[index] !== undefined);
    },
  );
  await unit.database.query('delete from event_outbox where event_id = any($1)', [taken.map(({ eventId }) => eventId)]);
  if (taken.length < events.length) await putOffOversized(unit, events, new Set(taken));
}

/** They are tried again now and then, at the cost of nobody else: the broker's limit may be raised. */
async function putOffOversized(
  unit: TellingUnit,
  events: readonly PendingEvent[],
  taken: ReadonlySet<PendingEvent>,
): Promise<void> {
  const oversized = events.filter((event) => !taken.has(event)).map(({ eventId }) => eventId);
  await unit.database.query(
    `update event_outbox set next_attempt_at = now() + interval '10 minutes' where event_id = any($1)`,
    [oversized],
  );
  unit.log.error(
    { unit: unit.id, events: oversized },
    'events are larger than the broker carries: raise its max_payload',
  );
}
