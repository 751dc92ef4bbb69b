import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import {
  backoff,
  batchSize,
  deadLettersTotal,
  describeError,
  isTransient,
  type Logger,
  pause,
  recordStep,
  streamLag,
} from '@clearance/platform';
import { type PulledMessage, pullMessages } from './pull-messages.ts';

/** Why no retry can help a message. */
export type DeadLetterCause = 'malformed' | 'unverifiable' | 'handler-failed';

/**
 * What became of one message: taken (its effects are committed), or beyond help, with the reason kept. `later` is for
 * what may still be mended by waiting, such as a signature by a key that has not become known here yet: the message is
 * given back alone, and is beyond help when that has not mended it after some seconds.
 */
export type Verdict = { verdict: 'done' } | { verdict: 'poison' | 'later'; cause: DeadLetterCause; detail: string };

/** A message that could not be used, for whoever looks at it later. */
export interface DeadLetter {
  stream: string;
  subject: string;
  sequence: number;
  deliveries: number;
  cause: DeadLetterCause;
  detail: string;
  body: Uint8Array;
}

/** One message as its handler sees it. */
export interface Received {
  subject: string;
  data: Uint8Array;
  /** When the stream stored it, ms since the epoch; absent of a dead letter that is handled once more. */
  storedAt?: number;
}

/** How one durable consumer is read. */
export interface BatchConsumerOptions {
  connection: NatsConnection;
  stream: string;
  durable: string;
  /** Most messages in one call of `handle`; fewer when fewer wait. */
  maxMessages: number;
  /** How long the first message of a batch waits for company, ms. */
  lingerMs: number;
  /** One verdict per message, in order, after their effects are committed. Throws when the surroundings fail. */
  handle: (messages: Received[]) => Promise<Verdict[]>;
  /** Keeps a dead letter durably; only then is the message given up. */
  keepDeadLetter: (letter: DeadLetter) => Promise<void>;
  /** Called before each (re)start of the consumer: the place to recreate what a broker has lost. */
  prepare: () => Promise<void>;
  unit: string;
  logger: Logger;
  signal: AbortSignal;
  /** After how long without a sign of life the broker gives a message to another reader, ms; 10 s when not given. */
  ackWaitMs?: number;
  /** Bytes of messages in hand and waiting beyond which nothing more is asked for; 4 MiB when not given. */
  maxHeldBytes?: number;
}

/** What a reader held when it was killed is delivered to the next one after this; while it lives it says so thrice as often. */
const ACK_WAIT_MS = 10_000;
const MAX_ATTEMPTS = 6;
const MAX_HELD_BYTES = 4 * 1024 ** 2;
const MIB = 1024 ** 2;

/**
 * Reads a work-queue stream in batches until the signal aborts: acknowledges after `handle` has committed, gives back
 * with backoff what failed with its surroundings, tries alone what failed in company, and keeps as a dead letter what
 * cannot be used. A consumer, stream or broker that goes away is recreated; the loop never ends by itself.
 */
export async function consumeBatches(options: BatchConsumerOptions): Promise<void> {
  const { logger, signal, stream, durable, unit } = options;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await options.prepare();
      await consumeUntilBroken(options, () => (attempt = 0));
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ unit, stream, durable, err: describeError(error) }, 'consumer interrupted; it starts again');
    }
    if (!signal.aborted) await pause(backoff(attempt, 200, 5_000), signal);
  }
}

async function consumeUntilBroken(options: BatchConsumerOptions, healthy: () => void): Promise<void> {
  const { connection, stream, durable, signal, ackWaitMs = ACK_WAIT_MS } = options;
  await ensureConsumer(options, ackWaitMs);
  const buffer = createBuffer(options.maxHeldBytes ?? MAX_HELD_BYTES);
  const { room, put } = buffer;
  const maxBytes = pullBytes(connection);
  const reading = pullMessages({
    connection,
    stream,
    durable,
    maxMessages: mostUnanswered(options),
    maxBytes,
    room,
    put,
  });
  // It may fail while a batch is worked on, long before it is awaited.
  reading.ended.catch(() => undefined).finally(buffer.end);
  signal.addEventListener('abort', reading.stop, { once: true });
  if (signal.aborted) reading.stop();
  const keepAlive = setInterval(() => buffer.forEachHeld((message) => message.working()), ackWaitMs / 3);
  try {
    for (;;) {
      const batch = await buffer.take(options.maxMessages, options.lingerMs);
      if (batch.length === 0) break;
      healthy();
      await processBatch(options, batch);
      buffer.release(batch);
      if (signal.aborted) break;
    }
    await reading.ended;
  } finally {
    clearInterval(keepAlive);
    signal.removeEventListener('abort', reading.stop);
    reading.stop();
    buffer.end();
    // What was fetched but not begun goes back at once, for the next consumer.
    buffer.forEachHeld((message) => message.nak());
  }
}

/** Of what a reader was given and has not answered, however large a stream is: it is given no more until it has. */
function mostUnanswered({ maxMessages }: BatchConsumerOptions): number {
  return maxMessages * 4;
}

/** One pull brings at most this, and always at least one message, however large the broker lets it be. */
function pullBytes(connection: NatsConnection): number {
  return Math.max(4 * MIB, connection.info?.max_payload ?? 0) + MIB / 4;
}

/** Creates the durable consumer, or gives an existing one these settings: a new version may read in other batches. */
async function ensureConsumer(options: BatchConsumerOptions, ackWaitMs: number): Promise<void> {
  const { stream, durable } = options;
  const manager = await jetstreamManager(options.connection, { checkAPI: false });
  const changeable = {
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: mostUnanswered(options),
    max_deliver: -1,
  };
  try {
    await manager.consumers.add(stream, {
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      // What is acknowledged leaves a work queue: a consumer's own state says nothing that is worth a file, which the broker
      // would write anew with every batch. One that is gone with its broker is made again.
      mem_storage: true,
      ...changeable,
    });
  } catch (error) {
    // 10148: the durable exists with other settings.
    if ((error as { code?: number }).code !== 10_148) throw error;
    await manager.consumers.update(stream, durable, changeable);
  }
}

/**
 * A waiting room between the client and the batches: reading goes on while a batch is worked on, until what is held has
 * reached the bound of bytes. With one more pull that is what a reader needs of memory, whatever waits in the stream.
 */
interface Buffer {
  put(message: PulledMessage): void;
  end(): void;
  /** Resolves when less is held than the bound, or the reading has ended. */
  room(): Promise<void>;
  /** At least one message unless the reading has ended; waits `lingerMs` for more company. */
  take(limit: number, lingerMs: number): Promise<PulledMessage[]>;
  release(batch: readonly PulledMessage[]): void;
  forEachHeld(action: (message: PulledMessage) => void): void;
}

function createBuffer(maxBytes: number): Buffer {
  const waiting: PulledMessage[] = [];
  const inHand = new Set<PulledMessage>();
  let held = 0;
  let ended = false;
  let wakeTaker: () => void = () => undefined;
  let wakeReader: () => void = () => undefined;
  return {
    put: (message) => {
      waiting.push(message);
      held += message.data.length;
      wakeTaker();
    },
    end: () => {
      ended = true;
      wakeTaker();
      wakeReader();
    },
    room: async () => {
      while (held >= maxBytes && !ended) await new Promise<void>((resolve) => (wakeReader = resolve));
    },
    take: async (limit, lingerMs) => {
      if (waiting.length === 0 && !ended) await new Promise<void>((resolve) => (wakeTaker = resolve));
      if (waiting.length < limit && held < maxBytes && !ended) await pause(lingerMs);
      const batch = waiting.splice(0, limit);
      for (const message of batch) inHand.add(message);
      return batch;
    },
    release: (batch) => {
      for (const message of batch) {
        inHand.delete(message);
        held -= message.data.length;
      }
      wakeReader();
    },
    forEachHeld: (action) => {
      for (const message of waiting) action(message);
      for (const message of inHand) action(message);
    },
  };
}

async function processBatch(options: BatchConsumerOptions, batch: readonly PulledMessage[]): Promise<void> {
  batchSize.observe({ step: options.stream.toLowerCase() }, batch.length);
  streamLag.set({ unit: options.unit, stream: options.stream }, batch.at(-1)?.pending ?? 0);
  try {
    const verdicts = await options.handle(batch.map(({ subject, data, storedAt }) => ({ subject, data, storedAt })));
    for (const [index, message] of batch.entries()) await conclude(options, message, verdicts[index]);
  } catch (error) {
    if (isTransient(error)) return giveBack(options, batch, error);
    // One bad message must not hold up its company: each is tried alone.
    if (batch.length > 1) {
      for (const message of batch) await processBatch(options, [message]);
      return;
    }
    const [message] = batch as [PulledMessage];
    if (message.deliveries < MAX_ATTEMPTS) return giveBack(options, batch, error);
    const { type, message: text } = describeError(error);
    await conclude(options, message, { verdict: 'poison', cause: 'handler-failed', detail: `${type}: ${text}` });
  }
}

async function giveBack(options: BatchConsumerOptions, batch: readonly PulledMessage[], error: unknown): Promise<void> {
  const attempt = Math.max(...batch.map((message) => message.deliveries)) - 1;
  const wait = backoff(attempt, 250, 15_000);
  options.logger.warn(
    { unit: options.unit, stream: options.stream, messages: batch.length, waitMs: wait, err: describeError(error) },
    'batch not taken; it will be delivered again',
  );
  for (const message of batch) message.nak(wait);
  await pause(Math.min(wait, 2_000), options.signal);
}

async function conclude(
  options: BatchConsumerOptions,
  message: PulledMessage,
  verdict: Verdict | undefined,
): Promise<void> {
  switch (verdict?.verdict) {
    case 'done':
      message.ack();
      return;
    case 'later': {
      const { deliveries } = message;
      if (deliveries >= MAX_ATTEMPTS) return conclude(options, message, { ...verdict, verdict: 'poison' });
      const { unit, stream, logger } = options;
      const waitMs = backoff(deliveries - 1, 250, 15_000);
      logger.warn(
        { unit, stream, waitMs, detail: verdict.detail },
        'message of no use yet; it will be delivered again',
      );
      message.nak(waitMs);
      return;
    }
    case 'poison': {
      const { unit, stream, logger } = options;
      const { cause, detail } = verdict;
      const place = { stream, subject: message.subject, sequence: message.sequence, deliveries: message.deliveries };
      await options.keepDeadLetter({ ...place, cause, detail, body: message.data });
      message.term(cause);
      deadLettersTotal.inc({ unit, stream, cause });
      recordStep({
        name: 'keep dead letter',
        from: undefined,
        facts: { unit },
        messaging: { operation: 'settle', destination: stream },
        fault: cause,
      });
      logger.error({ unit, ...place, cause, detail }, 'dead letter kept');
      return;
    }
    default:
      throw new Error('a handler gave fewer verdicts than it had messages');
  }
}
