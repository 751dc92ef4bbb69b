/** Header names of CloudEvents 1.0, NATS binding, binary mode. */
export const CLOUD_EVENT_HEADERS = {
  specversion: 'ce-specversion',
  id: 'ce-id',
  source: 'ce-source',
  type: 'ce-type',
  time: 'ce-time',
  subject: 'ce-subject',
  datacontenttype: 'ce-datacontenttype',
} as const;

/** Header names of the NATS Services API for errors, of JetStream for de-duplication, of W3C Trace Context. */
export const HEADERS = {
  serviceError: 'Nats-Service-Error',
  serviceErrorCode: 'Nats-Service-Error-Code',
  messageId: 'Nats-Msg-Id',
  traceparent: 'traceparent',
} as const;

/** Inbox prefixes of an account's three users. */
export const INBOX_PREFIXES = {
  backend: '_INBOX_backend',
  sync: '_INBOX_sync',
  gateway: '_INBOX_gateway',
} as const;
