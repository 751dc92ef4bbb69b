import { eventSubject, type UnitId } from '@clearance/contracts';
import { createRelay, OversizedError, type Publisher, type Relay } from '@clearance/messaging';
import { coalesce, type DataSource, describeError, type Logger, recordStep } from '@clearance/platform';
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
  const forgetting = createForgetting(unit);
  const relay = createRelay<EventBatch>({
    name: `${unit.id} events`,
    maxBatch: 8,
    lingerMs: 8,
    sweepMs: 1_000,
    log: unit.log,
    sizeOf: ({ events }) => events.reduce((sum, { body }) => sum + body.length, 0),
    publish: (batches) => tell(unit, batches, forgetting.add),
    takeDue: (limit) => takeDueEvents(unit, limit),
  });
  return {
    push: relay.push,
    stop: async () => {
      await relay.stop();
      await forgetting.finished();
    },
  };
}

/** How long rows whose events are told wait for others to be removed with: well below the grace of the sweep. */
const FORGET_AFTER_MS = 500;

/**
 * Removes rows whose events are told, those of half a second together. If it fails they are told once more, under the
 * same ids.
 */
function createForgetting(unit: TellingUnit): { add(batchIds: readonly string[]): void; finished(): Promise<void> } {
  const forget = coalesce<string, undefined>(
    async (batchIds) => {
      await unit.database.query('delete from event_outbox where batch_id = any($1::bigint[])', [batchIds]);
      return batchIds.map(() => undefined);
    },
    { maxItems: 4_096, lingerMs: FORGET_AFTER_MS },
  );
  const open = new Set<Promise<unknown>>();
  return {
    add: (batchIds) => {
      const forgotten = forget([...batchIds])
        .catch((error: unknown) =>
          unit.log.warn({ unit: unit.id, err: describeError(error) }, 'told events stay in the outbox; told once more'),
        )
        .finally(() => open.delete(forgotten));
      open.add(forgotten);
    },
    finished: async () => void (await Promise.all(open)),
  };
}

async function tell(
  unit: TellingUnit,
  batches: readonly EventBatch[],
  forget: (batchIds: readonly string[]) => void,
): Promise<void> {
  const events = batches.flatMap((batch) => batch.events);
  const at = Date.now();
  const oversized = await unit.publisher.publishAll(events.map((event) => eventMessage(unit.id, event))).then(
    () => new Set<PendingEvent>(),
    (error: unknown) => {
      if (!(error instanceof OversizedError)) throw error;
      return new Set(events.filter((_, index) => error.sequences[index] === undefined));
    },
  );
  const told = batches.filter(({ events, left }) => left.length === 0 && !events.some((event) => oversized.has(event)));
  for (const event of events) if (!oversized.has(event)) recordTelling(unit.id, event, at);
  forget(told.map(({ batchId }) => batchId));
  for (const batch of batches) if (!told.includes(batch)) await keepWhatIsLeft(unit, batch, oversized);
}

function recordTelling(unit: UnitId, { type, subject, version, traceparent }: PendingEvent, at: number): void {
  const about = type.startsWith('result.') ? { resultId: subject, version } : {};
  const facts = { unit, eventType: type, ...about };
  const messaging = { operation: 'send', destination: eventSubject(type) } as const;
  recordStep({ name: 'tell event', from: traceparent, at, facts, messaging });
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
