import { type EventType, requestView } from '@clearance/contracts';
import type { PendingEvent } from '../announce/pending-event.ts';
import type { StoredRequest } from './stored-request.ts';

/**
 * An event about a request for access, with the request as it is then.
 *
 * @param eventId same cause, same id
 * @param now ms since the epoch
 */
export function accessEvent(
  type: Extract<EventType, `access.${string}`>,
  stored: StoredRequest,
  eventId: string,
  now: number,
): PendingEvent {
  return {
    eventId,
    type,
    subject: stored.request.statement.requestId,
    occurredAt: new Date(now).toISOString(),
    traceparent: null,
    body: JSON.stringify(requestView(stored, now)),
  };
}
