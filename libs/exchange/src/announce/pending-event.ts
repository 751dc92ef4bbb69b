import { cloudEventHeaders, type Outgoing } from '@clearance/messaging';
import { eventSubject, type EventType, type Recognition, type UnitId } from '@clearance/contracts';
import { type EntityManager, insertRows } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import { type StoredResult, viewText } from '../store/stored-result.ts';

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
  /** JSON text: the view or the recognition. */
  body: string;
  /** Of a result: the version whose view the body is. */
  version?: number;
}

/** How long the relay in memory has before the sweep over the table takes an event as left behind, ms. */
export const EVENT_GRACE_MS = 5_000;

/** `result.received|amended|revoked|settled`, about one version of one result, as the keys of today let it be seen. */
export function resultEvent(
  type: EventType,
  stored: StoredResult,
  ring: KeyRing,
  occurredAt: string,
  traceparent: string | null,
): PendingEvent {
  const { resultId: subject, version } = stored;
  const eventId = `${subject}:${version}:${type}`;
  return { eventId, type, subject, version, occurredAt, traceparent, body: viewText(stored, ring) };
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

/** Writes events beside the change that they tell of. An event that is already there stays as it is. */
export async function keepEvents(
  transaction: EntityManager,
  events: readonly PendingEvent[],
  now: number,
): Promise<void> {
  const due = new Date(now + EVENT_GRACE_MS);
  await insertRows(
    transaction,
    'event_outbox (event_id, type, subject, occurred_at, traceparent, version, body, next_attempt_at)',
    events.map((event) => [
      event.eventId,
      event.type,
      event.subject,
      event.occurredAt,
      event.traceparent,
      event.version ?? null,
      event.version === undefined ? event.body : null,
      due,
    ]),
    'on conflict (event_id) do nothing',
  );
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
