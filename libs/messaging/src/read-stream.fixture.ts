import type { NatsConnection } from '@nats-io/transport-node';
import { consumeBatches, type DeadLetter, type Received, type Verdict } from './consume-batches.ts';
import { keepLines, type OwnStream } from './real-broker.fixture.ts';

type Options = Parameters<typeof consumeBatches>[0];

/** A running reader of one stream: what its handler was given, and how it ends. */
export interface Reader {
  /** Texts of each call of `handle`, in order. */
  batches: string[][];
  letters: DeadLetter[];
  lines: string[];
  abort: () => void;
  /** Aborts and waits for the end. */
  end: () => Promise<void>;
  ended: Promise<void>;
}

/** What a test's handler does with the texts of one call; `call` counts from 1. */
export type Handle = (texts: string[], call: number) => Promise<Verdict[]> | Verdict[];

/** `m0`, `m1` and so on. */
export const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `m${index}`);

/** The verdict `done` for each. */
export const done = (texts: readonly string[]): Verdict[] => texts.map(() => ({ verdict: 'done' }));

/** Reads with the durable `reader`, ten messages at most, and a handler that says `done` unless the test says otherwise. */
export function readStream(
  connection: NatsConnection,
  own: OwnStream,
  handle: Handle = done,
  more: Partial<Options> = {},
): Reader {
  const stopping = new AbortController();
  const batches: string[][] = [];
  const letters: DeadLetter[] = [];
  const { log, lines } = keepLines();
  const ended = consumeBatches({
    connection,
    stream: own.stream,
    durable: 'reader',
    maxMessages: 10,
    lingerMs: 5,
    handle: async (messages) => {
      const texts = messages.map(({ data }: Received) => new TextDecoder().decode(data));
      batches.push(texts);
      return handle(texts, batches.length);
    },
    keepDeadLetter: async (letter) => void letters.push(letter),
    prepare: async () => undefined,
    unit: 'ln.customs',
    logger: log,
    signal: stopping.signal,
    ...more,
  });
  const abort = (): void => stopping.abort();
  const end = async (): Promise<void> => {
    abort();
    await ended;
  };
  return { batches, letters, lines, abort, end, ended };
}
