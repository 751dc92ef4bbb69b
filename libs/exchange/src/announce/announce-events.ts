import type { UnitId } from '@clearance/contracts';
import { createRelay, OversizedError, type Publisher, type Relay } from '@clearance/messaging';
import type { DataSource, Logger } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import { type EventBatch, eventMessage, type PendingEvent, recordOf } from './pending-event.ts';
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
export function createEventRelay(unit: TellingUnit): Relay<EventBatch> {
  return createRelay<EventBatch>({
    name: `${unit.id} events`,
    maxBatch: 8,
    lingerMs: 8,
    sweepMs: 1_000,
    log: unit.log,
    sizeOf: ({ events }) => events.reduce((sum, { body }) => sum + body.length, 0),
    publish: (batches) => tell(unit, batches),
    takeDue: (limit) => takeDueEvents(unit, limit),
  });
}

async function tell(unit: TellingUnit, batches: readonly EventBatch[]): Promise<void> {
  const events = batches.flatMap((batch) => batch.events);
  const oversized = await unit.publisher.publishAll(events.map((event) => eventMessage(unit.id, event))).then(
    () => new Set<PendingEvent>(),
    (error: unknown) => {
      if (!(error instanceof OversizedError)) throw error;
      return new Set(events.filter((_, index) => error.sequences[index] === undefined));
    },
  );
  const told = batches.filter(({ events, left }) => left.length === 0 && !events.some((event) => oversized.has(event)));
  await unit.database.query('delete from event_outbox where batch_id = any($1::bigint[])', [
    told.map(({ batchId }) => batchId),
  ]);
  for (const batch of batches) if (!told.includes(batch)) await keepWhatIsLeft(unit, batch, oversized);
}

/** What is too large is tried again now and then, at the cost of nobody else: the broker's limit may be raised. */
async function keepWhatIsLeft(
  unit: TellingUnit,
  { batchId, events, left }: EventBatch,
  oversized: ReadonlySet<PendingEvent>,
): Promise<void> {
  const untaken = events.filter((event) => oversized.has(event));
  const wait = untaken.length > 0 ? '10 minutes' : '10 seconds';
  await unit.database.query(
    `update event_outbox set events = $2, next_attempt_at = now() + $3::interval where batch_id = $1`,
    [batchId, JSON.stringify([...untaken.map(recordOf), ...left]), wait],
  );
  if (untaken.length === 0) return;
  unit.log.error(
    { unit: unit.id, events: untaken.map(({ eventId }) => eventId) },
    'events are larger than the broker carries: raise its max_payload',
  );
}
