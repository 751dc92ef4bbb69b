import { cloudEventHeaders, type Outgoing } from '@clearance/messaging';
import { eventSubject, type EventType, type Recognition, type UnitId } from '@clearance/contracts';
import { type EntityManager, insertRows } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import { type StoredResult, viewBytes } from '../store/stored-result.ts';

/** An event for the unit's backend, written in the transaction that it tells of. */
export interface PendingEvent {
  /** Same cause, same id: the stream drops a repetition. */
  eventId: string;
  type: EventType;
  /** The id of what it is about. */
  subject: string;
  /** RFC 3339. */
  occurredAt: string;
  traceparent: string | null;
  /** JSON: the view, in UTF-8, or the text of the recognition. */
  body: string | Uint8Array;
  /** Of a result: the version whose view the body is. */
  version?: number;
}

/** How long the relay in memory has before the sweep over the table takes an event as left behind, ms. */
export const EVENT_GRACE_MS = 5_000;

/** `result.received|amended|revoked|settled|restricted|extended`, about one version of one result, as the keys of today let it be seen. */
export function resultEvent(
  type: EventType,
  stored: StoredResult,
  ring: KeyRing,
  occurredAt: string,
  traceparent: string | null,
): PendingEvent {
  const { resultId: subject, version } = stored;
  // A version may be restricted more than once, each time to another view.
  const view = type === 'result.restricted' || type === 'result.extended' ? `:${stored.viewNumber}` : '';
  const eventId = `${subject}:${version}:${type}${view}`;
  return { eventId, type, subject, version, occurredAt, traceparent, body: viewBytes(stored, ring) };
}

/** `recognition.reopened`, because of one version of one result. */
export function reopenedEvent(
  recognition: Recognition,
  cause: { resultId: string; version: number },
  occurredAt: string,
  traceparent: string | null,
): PendingEvent {
  const eventId = `${recognition.recognitionId}:${cause.resultId}:${cause.version}:reopened`;
  const body = JSON.stringify(recognition);
  return { eventId, type: 'recognition.reopened', subject: recognition.recognitionId, occurredAt, traceparent, body };
}

/** Events that one transaction gave rise to, in one row of the outbox: kept until all of them are taken. */
export interface EventBatch {
  batchId: string;
  events: readonly PendingEvent[];
  /** Events of the row that cannot be told now. */
  left: readonly EventRecord[];
}

/** An event as the outbox keeps it: of a result the version, of which the body is made again; else the body. */
export type EventRecord = Omit<PendingEvent, 'body' | 'version'> & ({ version: number } | { body: string });

/** Events in one row at most. */
const BATCH_EVENTS = 64;
/** Bytes of their bodies at most, unless one is larger: what is read into memory together. */
export const BATCH_BYTES = 4 * 1024 ** 2;

/** Writes events beside the change that they tell of, to be pushed to the relay after the commit. */
export async function keepEvents(
  transaction: EntityManager,
  events: readonly PendingEvent[],
  now: number,
): Promise<EventBatch[]> {
  const due = new Date(now + EVENT_GRACE_MS);
  const batches = inBatches(events);
  const rows = await insertRows<{ batch_id: string }>(
    transaction,
    'event_outbox (events, next_attempt_at)',
    batches.map((batch) => [JSON.stringify(batch.map(recordOf)), due]),
    'returning batch_id',
  );
  return batches.map((batch, index) => ({ batchId: rows[index]!.batch_id, events: batch, left: [] }));
}

function inBatches(events: readonly PendingEvent[]): PendingEvent[][] {
  const batches: PendingEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const batch = batches.at(-1);
    bytes += event.body.length;
    if (batch !== undefined && batch.length < BATCH_EVENTS && bytes <= BATCH_BYTES) batch.push(event);
    else {
      batches.push([event]);
      bytes = event.body.length;
    }
  }
  return batches;
}

/** What the outbox keeps of an event. */
export function recordOf({ body, version, ...event }: PendingEvent): EventRecord {
  return version === undefined ? { ...event, body: body as string } : { ...event, version };
}

/** The message on EVENTS that carries it. */
export function eventMessage(unit: UnitId, event: PendingEvent): Outgoing {
  const { eventId, type, subject, occurredAt, traceparent, body } = event;
  const headers = cloudEventHeaders({
    id: eventId,
    unit,
    type,
    subject,
    time: occurredAt,
    ...(traceparent === null ? {} : { traceparent }),
  });
  return { subject: eventSubject(type), body, headers };
}
