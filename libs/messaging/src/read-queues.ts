import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from './connect.ts';

/** What waits on a work queue to be taken. */
export interface QueueState {
  stream: string;
  messages: number;
  /** RFC 3339: since when the oldest of them waits; null when it is empty. */
  oldestAt: string | null;
  /** How many read it. */
  consumers: number;
}

const TIMEOUT_MS = 2_000;

/**
 * Looks at work queues of an account: what is taken leaves them, so what is there waits.
 *
 * @returns undefined when the broker does not say, or not in time, or has no such stream yet
 */
export async function readQueues(
  connection: NatsConnection,
  streams: readonly string[],
): Promise<QueueState[] | undefined> {
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: TIMEOUT_MS });
    return await Promise.all(
      streams.map(async (stream): Promise<QueueState> => {
        const { state } = await manager.streams.info(stream);
        const oldestAt = state.messages === 0 ? null : new Date(state.first_ts).toISOString();
        return { stream, messages: state.messages, oldestAt, consumers: state.consumer_count };
      }),
    );
  } catch {
    return undefined;
  }
}
