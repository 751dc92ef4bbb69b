// What every backend needs: a connection as its unit, a request with its errors and retries, events that are not lost.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator, errors, headers } from '@nats-io/transport-node';

// #region connect
/** Connects as the backend of a unit. `credsDirectory` holds `<unit>/backend.creds`. */
export async function connectBackend(unit, url, credsDirectory) {
  return connect({
    servers: url,
    authenticator: credsAuthenticator(await readFile(join(credsDirectory, unit, 'backend.creds'))),
    inboxPrefix: '_INBOX_backend', // the credentials allow no other
    name: `${unit} example`,
    maxReconnectAttempts: -1, // a backend outlives a restart of the broker
  });
}
// #endregion connect

// #region request
/** A refused request: the problem document (RFC 9457) and its status. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(`${status} ${problem.code}: ${problem.detail}`);
    this.status = status;
    this.problem = problem;
  }
}

/** Sends one request and returns the reply's JSON. Repeats what may be repeated; throws a Refusal for the rest. */
export async function request(backend, subject, body, traceparent) {
  const h = headers();
  if (traceparent) h.set('traceparent', traceparent);
  for (let attempt = 1; ; attempt++) {
    let wait = 2;
    try {
      const reply = await backend.request(subject, JSON.stringify(body), { timeout: 10_000, headers: h });
      const status = reply.headers?.get('Nats-Service-Error-Code');
      if (!status) return reply.json();
      const retryAfter = reply.headers.get('Retry-After'); // seconds; only 429 and 503 have it
      if (!retryAfter || attempt === 5) throw new Refusal(Number(status), reply.json());
      wait = Number(retryAfter);
    } catch (error) {
      // Nobody listens, or the reply did not come: the same request again is safe.
      const unanswered = error instanceof errors.TimeoutError || error.isNoResponders?.();
      if (!unanswered || attempt === 5) throw error;
    }
    await setTimeout(wait * 1000);
  }
}
// #endregion request

// #region events
/** A durable pull consumer on EVENTS: its position is kept on the server under this name. */
export async function openEvents(backend, name, types) {
  const manager = await jetstreamManager(backend);
  await manager.consumers.add('EVENTS', {
    durable_name: name,
    filter_subjects: types.map((type) => `events.${type}`),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
  });
  return jetstream(backend).consumers.get('EVENTS', name);
}

/** Handles events until `handle` returns something. Acknowledges each after it was handled, so that none is lost. */
export async function handleEvents(consumer, handle, limitMs = 60_000) {
  const seen = new Set(); // in a real backend: a unique column beside what the event changed
  const until = Date.now() + limitMs;
  while (Date.now() < until) {
    for await (const message of await consumer.fetch({ max_messages: 100, expires: 5_000 })) {
      const id = message.headers.get('ce-id');
      const found = seen.has(id) ? undefined : await handle(message);
      seen.add(id);
      message.ack();
      if (found !== undefined) return found;
    }
  }
  throw new Error(`the expected event did not come within ${limitMs} ms`);
}
// #endregion events
