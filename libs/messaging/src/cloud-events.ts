import { headers as createHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { CLOUD_EVENT_HEADERS } from '@clearance/contracts';

/** What a CloudEvent says of itself (CloudEvents 1.0, NATS binding, binary mode). */
export interface CloudEvent {
  id: string;
  /** The unit that speaks, `ln.customs`. */
  unit: string;
  /** `result.received`; becomes `cn.clearance.result.received.v1`. */
  type: string;
  /** The id of the result or recognition that the event is about. */
  subject: string;
  /** RFC 3339. */
  time: string;
  traceparent?: string;
}

/** The headers of an event; its id also deduplicates on the stream. */
export function cloudEventHeaders(event: CloudEvent): MsgHdrs {
  const headers = createHeaders();
  headers.set(CLOUD_EVENT_HEADERS.specversion, '1.0');
  headers.set(CLOUD_EVENT_HEADERS.id, event.id);
  headers.set(CLOUD_EVENT_HEADERS.source, `/units/${event.unit}`);
  headers.set(CLOUD_EVENT_HEADERS.type, `cn.clearance.${event.type}.v1`);
  headers.set(CLOUD_EVENT_HEADERS.time, event.time);
  headers.set(CLOUD_EVENT_HEADERS.subject, event.subject);
  headers.set(CLOUD_EVENT_HEADERS.datacontenttype, 'application/json');
  headers.set('Nats-Msg-Id', event.id);
  if (event.traceparent !== undefined) headers.set('traceparent', event.traceparent);
  return headers;
}
