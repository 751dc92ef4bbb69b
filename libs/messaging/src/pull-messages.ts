import { JetStreamStatusError, JetStreamError } from '@nats-io/jetstream/internal';
import { type Msg, nanos, type NatsConnection } from '@nats-io/transport-node';
import { privateInbox } from './connect.ts';

/** A message that a work queue has given, to be answered once: taken, given back, or given up. */
export interface PulledMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Its place in the stream. */
  readonly sequence: number;
  /** How often it was given, this time included. */
  readonly deliveries: number;
  /** When the stream stored it, by the broker's clock: ms since the epoch. */
  readonly storedAt: number;
  /** How many more waited on the stream when it was given. */
  readonly pending: number;
  ack(): void;
  /** Gives it back, to be given again after so many milliseconds. */
  nak(afterMs?: number): void;
  /** Says that it is being worked on. */
  working(): void;
  /** Gives it up: it is not given again. */
  term(reason: string): void;
}

/** How one durable consumer is pulled. */
export interface PullOptions {
  connection: NatsConnection;
  stream: string;
  durable: string;
  /** Most messages and bytes that one pull may bring. */
  maxMessages: number;
  maxBytes: number;
  /** Resolves when there is room for another pull. */
  room: () => Promise<void>;
  put: (message: PulledMessage) => void;
}

/** A reading that goes on until it is stopped or broken. */
export interface Pulling {
  /** Resolves when it was stopped. Rejects with what broke it: the consumer is gone, or nothing is heard of the broker. */
  readonly ended: Promise<void>;
  stop(): void;
}

const EXPIRES_MS = 10_000;
const HEARTBEAT_MS = 2_000;
/** After so many heartbeats in a row without a sign of the broker a pull is taken for lost. */
const MISSED_HEARTBEATS = 3;

/**
 * Pulls again and again while there is room. It speaks the broker's pull protocol itself because the client's readers
 * cannot do two things together: `consume` cannot be held back, and a `fetch` that is bounded in bytes ends at the status
 * `409 Batch Completed`, which the broker sends after every hundredth message, and which a replicated consumer sends
 * *before* the messages, that wait for their quorum: they arrive where nobody listens any more, and come again only when
 * their acknowledgement is overdue. Here one inbox listens as long as the reading lasts, and a pull is over when all that
 * it still owes has come (decision 015).
 */
export function pullMessages(options: PullOptions): Pulling {
  const { connection, stream, durable, maxMessages, maxBytes, put } = options;
  const inbox = privateInbox(connection);
  const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`;
  const request = JSON.stringify({
    batch: maxMessages,
    max_bytes: maxBytes,
    expires: nanos(EXPIRES_MS),
    idle_heartbeat: nanos(HEARTBEAT_MS),
  });
  const end = Promise.withResolvers<void>();
  let stopped = false;
  let connected = true;
  let asking = false;
  /** Of the pull that was made last: its number, and how many messages it may still bring. */
  let turn = 0;
  let owed = 0;
  let missed = 0;

  const finish = (fault?: Error): void => {
    if (stopped) return;
    stopped = true;
    clearInterval(watch);
    subscription.unsubscribe();
    status.stop();
    if (fault) end.reject(fault);
    else end.resolve();
  };
  const pull = async (): Promise<void> => {
    if (asking || stopped) return;
    asking = true;
    await options.room();
    asking = false;
    if (stopped || owed > 0) return;
    turn += 1;
    owed = maxMessages;
    missed = 0;
    connection.publish(subject, request, { reply: `${inbox}.${turn}` });
  };
  const pullNext = (): void => void pull().catch(finish);

  const subscription = connection.subscribe(`${inbox}.*`, {
    callback: (fault, message) => {
      if (fault) return finish(fault);
      missed = 0;
      if (!message.subject.startsWith(inbox)) {
        owed = Math.max(0, owed - 1);
        put(asPulled(message));
      } else if (message.subject === `${inbox}.${turn}`) {
        // What is said of an earlier pull is no news.
        const read = readStatus(message);
        const fitsNone = read.what === 'too-large' && (read.notComing ?? owed) >= maxMessages;
        if (read.what === 'broken' || fitsNone) return finish(read.fault);
        if (read.what !== 'alive') owed = read.notComing === undefined ? 0 : Math.max(0, owed - read.notComing);
      }
      if (owed === 0) pullNext();
    },
  });
  // Counted, not timed: a process that was held still has missed one tick and not the broker's signs.
  const watch = setInterval(() => {
    if (owed === 0 || !connected) return;
    missed += 1;
    if (missed > MISSED_HEARTBEATS) finish(new JetStreamError('nothing heard of the broker'));
  }, HEARTBEAT_MS);

  // The client's type hides that it can be stopped, and what is not stopped is kept as long as the connection.
  const status = connection.status() as AsyncIterable<{ type: string }> & { stop(): void };
  const follow = async (): Promise<void> => {
    for await (const { type } of status) {
      if (type === 'disconnect') connected = false;
      else if (type === 'reconnect') {
        // A pull ends with the connection on which it was made.
        connected = true;
        owed = 0;
        pullNext();
      }
    }
    finish(new JetStreamError('the connection is closed'));
  };
  follow().catch(finish);
  pullNext();
  return { ended: end.promise, stop: () => finish() };
}

/** What a status says: the pull lives; it is over, and so many of its messages will not come; or reading cannot go on. */
type PullStatus =
  | { what: 'alive' }
  | { what: 'over'; notComing: number | undefined }
  | { what: 'too-large'; notComing: number | undefined; fault: Error }
  | { what: 'broken'; fault: Error };

function readStatus({ headers }: Msg): PullStatus {
  const code = headers?.code ?? 0;
  if (code === 100) return { what: 'alive' };
  const description = headers?.description.toLowerCase() || (code === 503 ? 'no responders' : 'unknown');
  const fault = new JetStreamStatusError(description, code);
  const pending = headers?.get('Nats-Pending-Messages');
  const notComing = pending ? Number(pending) : undefined;
  switch (description) {
    case 'request timeout':
    case 'batch completed':
    case 'leadership change':
      return { what: 'over', notComing };
    case 'message size exceeds maxbytes':
      // The next message did not fit into what was left of the pull: the next one brings it, unless it fits into none.
      return { what: 'too-large', notComing, fault };
    default:
      return { what: 'broken', fault };
  }
}

/** `$JS.ACK.<stream>.<durable>.<deliveries>.<sequence>.…`, or with a domain and an account before the stream. */
function asPulled(message: Msg): PulledMessage {
  const tokens = (message.reply ?? '').split('.');
  const place = tokens.length === 9 ? 4 : 6;
  let answered = false;
  const answer = (text: string): void => {
    if (answered) return;
    answered = true;
    message.respond(text);
  };
  return {
    subject: message.subject,
    data: message.data,
    deliveries: Number(tokens[place]),
    sequence: Number(tokens[place + 1]),
    // … .<sequence of the consumer>.<time, ns>.<pending>
    storedAt: Math.floor(Number(tokens[place + 3]) / 1e6),
    pending: Number(tokens[place + 4]),
    ack: () => answer('+ACK'),
    nak: (afterMs) => answer(afterMs === undefined ? '-NAK' : `-NAK ${JSON.stringify({ delay: nanos(afterMs) })}`),
    working: () => {
      if (!answered) message.respond('+WPI');
    },
    term: (reason) => answer(`+TERM ${reason}`),
  };
}
