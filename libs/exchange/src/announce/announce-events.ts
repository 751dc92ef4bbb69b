import type { UnitId } from '@clearance/contracts';
import { createRelay, type Publisher, type Relay } from '@clearance/messaging';
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

/** Tells the unit's backend, on the stream EVENTS, what its database has committed; each event until it is taken. */
export function createEventRelay(unit: {
  id: UnitId;
  database: DataSource;
  publisher: Publisher;
  log: Logger;
}): Relay<PendingEvent> {
  return createRelay<PendingEvent>({
    name: `${unit.id} events`,
    maxBatch: 512,
    lingerMs: 8,
    sweepMs: 1_000,
    log: unit.log,
    publish: async (events) => {
      await unit.publisher.publishAll(events.map((event) => eventMessage(unit.id, event)));
      await unit.database.query('delete from event_outbox where event_id = any($1)', [
        events.map(({ eventId }) => eventId),
      ]);
    },
    takeDue: async (limit) => {
      const [rows]: [EventRow[], number] = await unit.database.query(
        `with due as (
           select event_id from event_outbox where next_attempt_at <= now()
           order by next_attempt_at limit $1 for update skip locked
         )
         update event_outbox o set next_attempt_at = now() + interval '10 seconds'
         from due where o.event_id = due.event_id
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
