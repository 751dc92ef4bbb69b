export { connectUser, inboxPrefix, watchConnection, type MeshUser, type NatsConnection } from './connect.ts';
export {
  announce,
  createPublisher,
  layingMissingStreams,
  OversizedError,
  PublishError,
  storedOf,
  type Outgoing,
  type Publisher,
} from './publisher.ts';
export { createSentMemory, type SentMemory, type Whereabouts } from './sent-memory.ts';
export { createAsker, type Asker } from './asker.ts';
export { type QueueState, readQueues } from './read-queues.ts';
export { ensureStreams, type StreamSizing } from './streams.ts';
export {
  consumeBatches,
  type DeadLetter,
  type DeadLetterCause,
  type Received,
  type Verdict,
} from './consume-batches.ts';
export { verdictOnItems, waitsForKey } from './verdict-on-items.ts';
export { PACK_CHARACTERS, packItems } from './pack-items.ts';
export { createRelay, type Relay, type RelayOptions } from './relay.ts';
export { cloudEventHeaders, type CloudEvent } from './cloud-events.ts';
export { type ServiceDescription } from './service-endpoints.ts';
export { DEAD_LETTER_TABLE, deadLetterBox, type DeadLetterBox } from './dead-letters.ts';
