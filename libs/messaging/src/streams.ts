import { DiscardPolicy, jetstreamManager, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { STREAMS, type StreamName } from '@clearance/contracts';

/** What an operator may set of the streams; everything else follows from what each stream is for. */
export interface StreamSizing {
  replicas: number;
  maxBytes: number;
}

const DAY = 24 * 60 * 60 * 1_000;

/**
 * Internal streams are work queues: a message goes when its consumer has acknowledged it, and a full stream refuses the
 * next one, so that the sender's outbox holds it. EVENTS belongs to the backend, which reads at its own pace for 7 days.
 */
function streamConfig(name: StreamName, sizing: StreamSizing): Partial<StreamConfig> & { name: string } {
  const events = name === 'EVENTS';
  return {
    name,
    subjects: [...STREAMS[name].subjects],
    storage: StorageType.File,
    num_replicas: sizing.replicas,
    retention: events ? RetentionPolicy.Limits : RetentionPolicy.Workqueue,
    discard: events ? DiscardPolicy.Old : DiscardPolicy.New,
    max_bytes: sizing.maxBytes,
    max_age: events ? nanos(7 * DAY) : 0,
    duplicate_window: nanos(2 * 60 * 1_000),
    deny_delete: false,
    deny_purge: false,
    allow_direct: false,
  };
}

/**
 * Creates the streams of a unit's account, or brings them to their settings; safe to repeat and to race.
 * Also what heals an account whose broker lost its storage.
 */
export async function ensureStreams(
  connection: NatsConnection,
  names: readonly StreamName[],
  sizing: StreamSizing,
): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  for (const name of names) {
    const wanted = streamConfig(name, sizing);
    try {
      await manager.streams.add(wanted);
    } catch (error) {
      // 10058: the name is in use with another configuration.
      if ((error as { code?: number }).code !== 10_058) throw error;
      const { retention: _retention, storage: _storage, name: _name, ...changeable } = wanted;
      await manager.streams.update(name, changeable);
    }
  }
}
