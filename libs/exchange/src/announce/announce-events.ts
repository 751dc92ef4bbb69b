import type { UnitId } from '@clearance/contracts';
import { createRelay, OversizedError, type Publisher, type Relay } from '@clearance/messaging';
import type { DataSource, Logger } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import { eventMessage, type PendingEvent } from './pending-event.ts';
import { takeDueEvents } from './take-due-events.ts';

/** What telling needs of a unit. */
interface TellingUnit {
  id: UnitId;
  database: DataSource;
  publisher: Publisher;
  keyRing: () => KeyRing;
  log: Logger;
}

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
    takeDue: (limit) => takeDueEvents(unit, limit),
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
