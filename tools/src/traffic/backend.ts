/**
 * An agency's backend as its own developers would write it: a NATS client, the unit's credentials and plain JSON.
 * Nothing of the mesh is used here but the types of what travels.
 */
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { Consumer, JsMsg } from '@nats-io/jetstream';
import { connect, credsAuthenticator, RequestError, TimeoutError } from '@nats-io/transport-node';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type {
  AccessRequest,
  AccessRule,
  AccessRules,
  DecideAccess,
  FindAccess,
  FindAccessReply,
  FindRecognitionsReply,
  FindRecognitionsRequest,
  FindResultsReply,
  FindResultsRequest,
  Outcome,
  Problem,
  Recognition,
  RecognitionRequest,
  RequestAccess,
  ResultContent,
  ResultReceipt,
  SubmitBatchReply,
  UnitId,
} from '@clearance/contracts';

/** A backend's connection to its unit's NATS account. */
export interface Backend {
  readonly unit: UnitId;
  readonly connection: NatsConnection;
  /** How long a reply is waited for, in milliseconds. */
  readonly timeout: number;
}

export interface BackendOptions {
  /** NATS URL, e.g. `nats://127.0.0.1:14222`; several for a cluster. */
  url: string | readonly string[];
  /** The text of the unit's `backend.creds`. */
  creds: string | Uint8Array;
  unit: UnitId;
  /** How long a reply is waited for, in milliseconds; 10 s unless told. */
  timeout?: number;
}

/**
 * Connects as the backend of a unit. The connection survives restarts of the server: it reconnects without end.
 *
 * @throws ConnectionError when no server answers, AuthorizationError when the credentials are refused
 */
export async function connectBackend(options: BackendOptions): Promise<Backend> {
  const creds = typeof options.creds === 'string' ? new TextEncoder().encode(options.creds) : options.creds;
  const connection = await connect({
    servers: typeof options.url === 'string' ? options.url : [...options.url],
    authenticator: credsAuthenticator(creds),
    // The credentials allow no other inbox than this one.
    inboxPrefix: '_INBOX_backend',
    name: `${options.unit} backend`,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
  });
  return { unit: options.unit, connection, timeout: options.timeout ?? 10_000 };
}

/** Hands over a result's content; the same reference with the same content may be submitted again safely. */
export function submit(backend: Backend, content: ResultContent): Promise<Outcome<ResultReceipt>> {
  return call(backend, 'results.submit', content);
}

/** Hands over up to 500 results at once. The outcomes come in the order of the contents; one refused stops none. */
export async function submitBatch(
  backend: Backend,
  contents: readonly ResultContent[],
): Promise<Outcome<readonly Outcome<ResultReceipt>[]>> {
  const reply = await call<SubmitBatchReply>(backend, 'results.submit-batch', {
    results: contents,
  });
  if (!reply.ok) return reply;
  const value = reply.value.outcomes.map((one): Outcome<ResultReceipt> =>
    'error' in one ? { ok: false, problem: one.error } : { ok: true, value: one },
  );
  return { ok: true, value };
}

/** Replaces the content of an own result: a new version of it. */
export function amend(backend: Backend, resultId: string, content: ResultContent): Promise<Outcome<ResultReceipt>> {
  return call(backend, 'results.amend', { resultId, content });
}

/** Withdraws an own result: a last version of it, with status `revoked`. */
export function revoke(backend: Backend, resultId: string, reason: string): Promise<Outcome<ResultReceipt>> {
  return call(backend, 'results.revoke', { resultId, reason });
}

/** Own results and copies of others' by any of their identifiers; `cursor` continues an answer that was cut. */
export function find(backend: Backend, query: FindResultsRequest): Promise<Outcome<FindResultsReply>> {
  return call(backend, 'results.find', query);
}

/** Asks what of a consignment must still be inspected, and what others' inspections stand in for. */
export function requestRecognition(backend: Backend, request: RecognitionRequest): Promise<Outcome<Recognition>> {
  return call(backend, 'recognitions.request', request);
}

/** The unit's own recognition decisions. */
export function findRecognitions(
  backend: Backend,
  query: FindRecognitionsRequest,
): Promise<Outcome<FindRecognitionsReply>> {
  return call(backend, 'recognitions.find', query);
}

/** Asks the owner of results for what the list makes conditional. */
export function requestAccess(backend: Backend, request: RequestAccess): Promise<Outcome<AccessRequest>> {
  return call(backend, 'access.request', request);
}

/** Answers a request, as the owner of what is asked for. */
export function decideAccess(backend: Backend, answer: DecideAccess): Promise<Outcome<AccessRequest>> {
  return call(backend, 'access.decide', answer);
}

/** Ends what was granted, as its owner. */
export function revokeAccess(backend: Backend, requestId: string, reason: string): Promise<Outcome<AccessRequest>> {
  return call(backend, 'access.revoke', { requestId, reason });
}

/** Requests that this unit has made, or is asked. */
export function findAccess(backend: Backend, query: FindAccess): Promise<Outcome<FindAccessReply>> {
  return call(backend, 'access.find', query);
}

/** Lays down a rule by which requests are answered at once. */
export function putAccessRule(backend: Backend, rule: AccessRule): Promise<Outcome<AccessRules>> {
  return call(backend, 'access.put-rule', rule);
}

/** One request and its reply. A refusal comes back as its problem document; a lost connection is thrown. */
async function call<T>(backend: Backend, subject: string, body: unknown): Promise<Outcome<T>> {
  let reply: Msg;
  try {
    reply = await backend.connection.request(subject, JSON.stringify(body), { timeout: backend.timeout });
  } catch (error) {
    // Nobody listens, or nobody answered in time. Every request may be repeated, so both mean: try again later.
    if (error instanceof TimeoutError) return { ok: false, problem: notReady('no reply in time') };
    if (error instanceof RequestError && error.isNoResponders()) {
      return { ok: false, problem: notReady('no unit service is listening') };
    }
    throw error;
  }
  if (reply.headers?.has('Nats-Service-Error-Code')) return { ok: false, problem: reply.json<Problem>() };
  return { ok: true, value: reply.json<T>() };
}

/** What the unit service would answer itself if it could: RFC 9457, status 503. */
function notReady(detail: string): Problem {
  return {
    type: 'urn:clearance:problem:not-ready',
    title: 'Not ready',
    status: 503,
    detail,
    code: 'not-ready',
    errors: [],
  };
}

/** An event as it lies on the stream EVENTS, with its CloudEvents attributes. */
export interface BackendEvent {
  /** The part of the subject after `events.`, e.g. `result.received`. */
  readonly type: string;
  /** `ce-id`: equal for redeliveries of the same event. */
  readonly id: string;
  /** `ce-subject`: the id of the result or recognition that the event is about. */
  readonly about: string;
  /** `ce-time`, RFC 3339. */
  readonly time: string;
  /** The view of a result, or a recognition, by the event's type. */
  readonly body: unknown;
  /** Tells the server that the event was dealt with; without it, a durable consumer gets it again. */
  ack(): void;
}

export interface EventsOptions {
  /** A name: the position is kept on the server under it, and several processes of a backend share the events.
   *  Without a name the events come in order, from now on, and nothing is kept. */
  durable?: string;
  /** Which events, e.g. `['result.received', 'recognition.reopened']` or `['result.>']`; all unless told. */
  types?: readonly string[];
  /** Ends the iteration when aborted. */
  signal?: AbortSignal;
}

/**
 * The unit's events, for ever, until the signal is aborted or the connection closed. When this resolves, the consumer exists: an
 * event published later is not missed. A consumer that was lost with the server's storage is made again.
 *
 * @throws JetStreamApiError when the stream EVENTS does not exist or the consumer is not allowed
 */
export async function events(backend: Backend, options: EventsOptions = {}): Promise<AsyncIterable<BackendEvent>> {
  const first = await openConsumer(backend, options);
  return iterate(backend, options, first);
}

async function openConsumer(backend: Backend, options: EventsOptions): Promise<Consumer> {
  const filter_subjects = (options.types ?? ['>']).map((type) => `events.${type}`);
  const js = jetstream(backend.connection);
  if (options.durable === undefined) {
    return js.consumers.get('EVENTS', { filter_subjects, deliver_policy: DeliverPolicy.New });
  }
  const manager = await jetstreamManager(backend.connection);
  await manager.consumers.add('EVENTS', {
    durable_name: options.durable,
    filter_subjects,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
  });
  return js.consumers.get('EVENTS', options.durable);
}

async function* iterate(
  backend: Backend,
  options: EventsOptions,
  first: Consumer,
): AsyncGenerator<BackendEvent, void, undefined> {
  const { signal } = options;
  let consumer: Consumer | undefined = first;
  const over = (): boolean =>
    signal?.aborted === true || backend.connection.isClosed() || backend.connection.isDraining();
  for (let failures = 0; !over();) {
    try {
      consumer ??= await openConsumer(backend, options);
      const messages = await consumer.consume({ max_messages: 100, abort_on_missing_resource: true });
      const stop = (): void => messages.stop();
      signal?.addEventListener('abort', stop, { once: true });
      try {
        for await (const message of messages) {
          const event = read(message);
          failures = 0;
          yield event;
        }
      } finally {
        signal?.removeEventListener('abort', stop);
        messages.stop();
      }
    } catch (error) {
      if (over()) return;
      if (++failures > 100) throw error;
      await pause(Math.min(100 * 2 ** failures, 5_000), signal);
    }
    consumer = undefined;
  }
}

function read(message: JsMsg): BackendEvent {
  const header = (name: string): string => message.headers?.get(name) ?? '';
  return {
    type: message.subject.slice('events.'.length),
    id: header('ce-id'),
    about: header('ce-subject'),
    time: header('ce-time'),
    body: message.json(),
    ack: () => message.ack(),
  };
}

/** Resolves after the given milliseconds, or at once when the signal is aborted. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Closes the connection after what is under way. */
export async function disconnectBackend(backend: Backend): Promise<void> {
  if (!backend.connection.isClosed()) await backend.connection.drain();
}
