import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DiscardPolicy,
  jetstreamManager,
  RetentionPolicy,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import type { Logger } from '@clearance/platform';
import { testServers } from '@clearance/testing';

/** Waits until a condition holds; fails, naming it, after `limitMs`. */
export async function eventually(what: string, condition: () => unknown, limitMs = 20_000): Promise<void> {
  for (const deadline = Date.now() + limitMs; !(await condition()); await delay(10)) {
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
  }
}

/** A promise that the test settles. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** A real logger that keeps its lines, each as the JSON text that would be printed. */
export function keepLines(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  return { lines, log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }) };
}

/** A connection to the run's open NATS server. */
export function connectOpen(): Promise<NatsConnection> {
  return connect({ servers: testServers().natsUrl, noAsyncTraces: true, timeout: 5_000 });
}

/** A stream that only one test knows. */
export interface OwnStream {
  stream: string;
  subject: string;
  manager: JetStreamManager;
  /** Creates it; again after a loss. */
  create(): Promise<void>;
  /** Puts texts on it, in order. */
  fill(texts: readonly string[]): Promise<void>;
  /** How many messages it holds. */
  size(): Promise<number>;
  /** Delivered and not yet acknowledged, by the durable `reader`; undefined while there is none. */
  unacknowledged(): Promise<number | undefined>;
}

/** Makes a work queue of one test's own on a connection to the open server. */
export async function ownStream(connection: NatsConnection, more: Partial<StreamConfig> = {}): Promise<OwnStream> {
  const name = randomBytes(6).toString('hex');
  const stream = `T_${name}`;
  const subject = `t.${name}`;
  const manager = await jetstreamManager(connection);
  const create = async (): Promise<void> => {
    const policies = { retention: RetentionPolicy.Workqueue, discard: DiscardPolicy.New };
    await manager.streams.add({ name: stream, subjects: [subject], ...policies, ...more });
  };
  await create();
  const size = async (): Promise<number> => (await manager.streams.info(stream)).state.messages;
  return {
    stream,
    subject,
    manager,
    create,
    size,
    fill: async (texts) => {
      // Counted by sequence: a reader may be taking them out again.
      const last = async (): Promise<number> => (await manager.streams.info(stream)).state.last_seq;
      const before = await last();
      for (const text of texts) connection.publish(subject, text);
      await eventually('the stream has taken what was published', async () => (await last()) >= before + texts.length);
    },
    unacknowledged: () =>
      manager.consumers.info(stream, 'reader').then(
        (consumer) => consumer.num_ack_pending,
        () => undefined,
      ),
  };
}
