import {
  AckPolicy,
  type Consumer,
  DiscardPolicy,
  jetstream,
  jetstreamManager,
  type JsMsg,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

/** What the programs of the hand-written pipe are told. */
export interface PipeSettings {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  /** Of a receiving program: the numbers of its receivers. */
  readonly receivers?: readonly number[];
}

export const PACK = 32;

export function connectPipe({ natsUrl }: PipeSettings): Promise<NatsConnection> {
  return connect({ servers: natsUrl, noAsyncTraces: true });
}

/** Lays out a stream with one consumer that acknowledges all up to a message at once. */
export async function layStream(connection: NatsConnection, name: string, subject: string): Promise<Consumer> {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name,
    subjects: [subject],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_bytes: 256 * 1024 ** 2,
  });
  await manager.consumers.add(name, { durable_name: 'reader', ack_policy: AckPolicy.All, max_ack_pending: 1_024 });
  return jetstream(connection).consumers.get(name, 'reader');
}

/** Reads a consumer in batches for ever: what has come while the last batch was worked on, after a short linger. */
export async function readBatches(
  consumer: Consumer,
  handle: (messages: readonly JsMsg[]) => Promise<void>,
): Promise<never> {
  const waiting: JsMsg[] = [];
  let wake: () => void = () => undefined;
  await consumer.consume({
    max_messages: 512,
    callback: (message) => {
      waiting.push(message);
      wake();
    },
  });
  for (;;) {
    if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    await new Promise((resolve) => setTimeout(resolve, 8));
    const batch = waiting.splice(0, 64);
    await handle(batch);
    batch.at(-1)?.ack();
  }
}
