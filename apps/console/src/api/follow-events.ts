import { EventSourceParserStream } from 'eventsource-parser/stream';
import { bearerRefused, bearerToken } from '../session/bearer.ts';
import { refusalOf } from './refused-call.ts';

/** How a stream of events is followed. */
export interface Following {
  /** The data of each event, as it comes. */
  onEvent: (data: string) => void;
  /** Whether the stream is open; while it is not, it is tried again. */
  onLive?: (live: boolean) => void;
  signal: AbortSignal;
  /** Milliseconds before it is tried again: at first, and at most. */
  pauses?: { first: number; most: number };
}

const PAUSES = { first: 1_000, most: 30_000 };

/**
 * Follows server-sent events as whoever is signed in, which a browser's own EventSource cannot. A stream that ends or breaks
 * off is taken up again after its last event, with growing pauses, until the signal comes.
 *
 * @throws RefusedCall when the gateway refuses it in a way that does not pass by itself
 */
export async function followEvents(
  path: string,
  { onEvent, onLive, signal, pauses = PAUSES }: Following,
): Promise<void> {
  let last: string | undefined;
  let pause = pauses.first;
  while (!signal.aborted) {
    const response = await open(path, last, signal);
    if (response !== undefined) {
      onLive?.(true);
      try {
        await read(response, (id, data) => {
          last = id ?? last;
          pause = pauses.first;
          onEvent(data);
        });
      } catch {
        // Broken off; it is taken up again.
      }
      onLive?.(false);
    }
    await waited(pause, signal);
    pause = Math.min(pauses.most, pause * 2);
  }
}

async function open(path: string, last: string | undefined, signal: AbortSignal): Promise<Response | undefined> {
  const token = bearerToken();
  const headers = {
    accept: 'text/event-stream',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(last === undefined ? {} : { 'last-event-id': last }),
  };
  const response = await fetch(path, { headers, signal, cache: 'no-store' }).catch(() => undefined);
  if (response === undefined || response.ok) return response;
  if (response.status === 401) bearerRefused();
  const refusal = await refusalOf(response);
  if (response.status >= 500 || response.status === 429) return undefined;
  throw refusal;
}

async function read(response: Response, take: (id: string | undefined, data: string) => void): Promise<void> {
  const events = response
    .body!.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
    .pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value.id, value.data);
  }
}

function waited(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
