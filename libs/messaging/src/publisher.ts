import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

/** One message for a stream. */
export interface Outgoing {
  subject: string;
  body: string | Uint8Array;
  headers?: MsgHdrs;
}

/** A stream did not take a message: full, missing, or the broker is away. Always worth a retry from the outbox. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
}

/** Publishes to streams in batches; see {@link createPublisher}. */
export interface Publisher {
  /** Resolves when the broker has acknowledged every message; rejects with PublishError if any was not taken in time. */
  publishAll(messages: readonly Outgoing[], timeoutMs?: number): Promise<void>;
  close(): void;
}

/**
 * A publisher whose acknowledgements all arrive on one inbox: messages go out back to back and their acknowledgements
 * are awaited together. A request per message, as the client's own `js.publish` does, costs 1.4 times as much.
 */
export function createPublisher(connection: NatsConnection): Publisher {
  const prefix = createInbox((connection as unknown as { options: { inboxPrefix: string } }).options.inboxPrefix);
  const waiting = new Map<string, (failure: string | undefined) => void>();
  let counter = 0;

  const subscription = connection.subscribe(`${prefix}.*`, {
    callback: (_error, message) => {
      const key = message.subject.slice(prefix.length + 1);
      const settle = waiting.get(key);
      if (settle === undefined) return;
      waiting.delete(key);
      settle(readAcknowledgement(message));
    },
  });

  return {
    publishAll: (messages, timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        if (messages.length === 0) return resolve();
        const keys: string[] = [];
        let open = messages.length;
        let failure: string | undefined;
        const finish = (): void => {
          clearTimeout(timer);
          if (failure === undefined) resolve();
          else reject(new PublishError(failure));
        };
        const timer = setTimeout(() => {
          for (const key of keys) waiting.delete(key);
          failure = `${open} of ${messages.length} messages not acknowledged within ${timeoutMs} ms (timeout)`;
          finish();
        }, timeoutMs);
        try {
          for (const message of messages) {
            const key = String((counter += 1));
            keys.push(key);
            waiting.set(key, (refused) => {
              failure ??= refused;
              open -= 1;
              if (open === 0) finish();
            });
            connection.publish(message.subject, message.body, {
              reply: `${prefix}.${key}`,
              ...(message.headers ? { headers: message.headers } : {}),
            });
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

/** `undefined` when the stream took the message, else why not. */
function readAcknowledgement(message: Msg): string | undefined {
  if (message.headers?.code === 503) return 'no stream listens to the subject (no responders)';
  try {
    const ack = message.json<{ stream?: string; error?: { description?: string } }>();
    if (ack.error) return `refused by the stream: ${ack.error.description ?? 'unknown'}`;
    return ack.stream === undefined ? 'the broker answered without naming a stream' : undefined;
  } catch {
    return 'the broker answered something that is not JSON';
  }
}

/** Says that something changed, to whoever listens now. Nobody may rest on it: listeners also look by themselves. */
export function announce(connection: NatsConnection, subject: string): void {
  connection.publish(subject);
}
