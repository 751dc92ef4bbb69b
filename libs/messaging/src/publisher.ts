import { type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { privateInbox } from './connect.ts';

/** One message for a stream. */
export interface Outgoing {
  subject: string;
  body: string | Uint8Array;
  headers?: MsgHdrs;
}

/** A stream did not take a message: full, missing, or the broker is away. Always worth a retry from the outbox. */
export class PublishError extends Error {
  override readonly name = 'PublishError';

  constructor(
    message: string,
    /** Per message of the batch: the sequence under which it was stored all the same, or undefined. */
    readonly sequences: readonly (number | undefined)[] = [],
  ) {
    super(message);
  }

  /** Whether there is no stream: then it is not enough to try again, it must be laid out. */
  get noStream(): boolean {
    return this.message === NO_STREAM;
  }
}

const NO_STREAM = 'no stream listens to the subject (no responders)';

/** Messages that the broker will never take as they are, because they are too large; all others were taken. */
export class OversizedError extends Error {
  override readonly name = 'OversizedError';

  constructor(
    /** Per message of the batch: the sequence under which it was stored, or undefined if it is too large. */
    readonly sequences: readonly (number | undefined)[],
  ) {
    const refused = sequences.filter((sequence) => sequence === undefined).length;
    super(`${refused} of ${sequences.length} messages are larger than the broker carries`);
  }
}

/** What a failed batch has stored all the same, by message; nothing when the fault is another one. */
export function storedOf(fault: unknown): readonly (number | undefined)[] {
  return fault instanceof PublishError || fault instanceof OversizedError ? fault.sequences : [];
}

/** Publishes to streams in batches; see {@link createPublisher}. */
export interface Publisher {
  /**
   * Resolves when the broker has acknowledged every message, with each one's sequence in its stream.
   *
   * @throws PublishError if any was not taken in time, OversizedError if all were taken but those that never can be.
   */
  publishAll(messages: readonly Outgoing[], timeoutMs?: number): Promise<number[]>;
  close(): void;
}

/** What became of one message. */
type Fate = { sequence: number } | { failure: string } | 'oversized';

const AWAY = { failure: 'the broker is away (disconnect)' };

/** How long a batch waits for its acknowledgements; after one that waited in vain, until one is acknowledged again. */
const TIMEOUT_MS = 10_000;
const TIMEOUT_OF_STALLED_MS = 1_000;

/** The stream's own limit of a message, and of its headers (JetStream API error codes). */
const OVERSIZED_CODES = new Set([10_054, 10_097]);

/**
 * A publisher whose acknowledgements all arrive on one inbox: messages go out back to back and their acknowledgements
 * are awaited together. A request per message, as the client's own `js.publish` does, costs 1.4 times as much.
 *
 * Whoever publishes to several accounts must not wait long for one that is away: without a connection a batch fails at
 * once, and with a stream that does not answer the next ones wait shortly.
 */
export function createPublisher(connection: NatsConnection): Publisher {
  const prefix = privateInbox(connection);
  const waiting = new Map<string, (fate: Fate) => void>();
  let counter = 0;
  let connected = true;
  let stalled = false;

  const follow = async (): Promise<void> => {
    for await (const { type } of connection.status()) {
      if (type === 'reconnect') connected = true;
      if (type !== 'disconnect') continue;
      connected = false;
      const settles = [...waiting.values()];
      waiting.clear();
      for (const settle of settles) settle(AWAY);
    }
  };
  void follow();

  const subscription = connection.subscribe(`${prefix}.*`, {
    callback: (_error, message) => {
      const key = message.subject.slice(prefix.length + 1);
      const settle = waiting.get(key);
      if (settle === undefined) return;
      waiting.delete(key);
      settle(readAcknowledgement(message));
    },
  });

  /** @returns false when the message is too large for the connection; nothing of it was sent. */
  const send = (message: Outgoing, key: string): boolean => {
    try {
      connection.publish(message.subject, message.body, {
        reply: `${prefix}.${key}`,
        ...(message.headers ? { headers: message.headers } : {}),
      });
      return true;
    } catch (error) {
      if (isOverPayload(error)) return false;
      throw error;
    }
  };

  return {
    publishAll: (messages, timeoutMs = stalled ? TIMEOUT_OF_STALLED_MS : TIMEOUT_MS) =>
      new Promise((resolve, reject) => {
        if (messages.length === 0) return resolve([]);
        if (!connected) return reject(new PublishError(AWAY.failure));
        const keys: string[] = [];
        const fates: (Fate | undefined)[] = messages.map(() => undefined);
        let open = messages.length;
        let failure: string | undefined;
        const finish = (): void => {
          clearTimeout(timer);
          const sequences = fates.map((fate) =>
            typeof fate === 'object' && 'sequence' in fate ? fate.sequence : undefined,
          );
          if (failure !== undefined) return reject(new PublishError(failure, sequences));
          if (sequences.includes(undefined)) return reject(new OversizedError(sequences));
          resolve(sequences as number[]);
        };
        const timer = setTimeout(() => {
          for (const key of keys) waiting.delete(key);
          stalled = true;
          failure = `${open} of ${messages.length} messages not acknowledged within ${timeoutMs} ms (timeout)`;
          finish();
        }, timeoutMs);
        const settle = (index: number, fate: Fate): void => {
          stalled = false;
          fates[index] = fate;
          if (typeof fate === 'object' && 'failure' in fate) failure ??= fate.failure;
          open -= 1;
          if (open === 0) finish();
        };
        try {
          for (const [index, message] of messages.entries()) {
            const key = String((counter += 1));
            keys.push(key);
            waiting.set(key, (fate) => settle(index, fate));
            if (send(message, key)) continue;
            waiting.delete(key);
            settle(index, 'oversized');
          }
        } catch (error) {
          for (const key of keys) waiting.delete(key);
          failure = error instanceof Error ? error.message : 'publish failed';
          finish();
        }
      }),
    close: () => subscription.unsubscribe(),
  };
}

/** Whether the client refused a message for the broker's `max_payload`. */
function isOverPayload(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidArgumentError' && error.message.includes('max_payload');
}

function readAcknowledgement(message: Msg): Fate {
  if (message.headers?.code === 503) return { failure: NO_STREAM };
  try {
    const ack = message.json<{
      stream?: string;
      seq?: number;
      error?: { description?: string; err_code?: number };
    }>();
    if (ack.error) {
      if (OVERSIZED_CODES.has(ack.error.err_code ?? 0)) return 'oversized';
      return { failure: `refused by the stream: ${ack.error.description ?? 'unknown'}` };
    }
    if (ack.stream === undefined) return { failure: 'the broker answered without naming a stream' };
    return { sequence: ack.seq ?? 0 };
  } catch {
    return { failure: 'the broker answered something that is not JSON' };
  }
}

/** Says that something changed, to whoever listens now. Nobody may rest on it: listeners also look by themselves. */
export function announce(connection: NatsConnection, subject: string): void {
  connection.publish(subject);
}

/**
 * A publisher for the owner of the streams: where one is missing, all are laid out anew and the batch is published again. A
 * stream can vanish while its broker goes on, and a stream that is only published to has no consumer that would notice.
 *
 * @param lay creates what is missing; shared by batches that fail at the same time
 */
export function layingMissingStreams(publisher: Publisher, lay: () => Promise<void>): Publisher {
  let laying: Promise<void> | undefined;
  return {
    ...publisher,
    publishAll: async (messages, timeoutMs) => {
      try {
        return await publisher.publishAll(messages, timeoutMs);
      } catch (error) {
        if (!(error instanceof PublishError && error.noStream)) throw error;
        laying ??= lay().finally(() => (laying = undefined));
        await laying;
        return publisher.publishAll(messages, timeoutMs);
      }
    },
  };
}
