import { useEffect, useReducer, useState } from 'react';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type RefusedCall, refusalOf } from '../../api/refused-call.ts';
import { bearerRefused, bearerToken } from '../../session/bearer.ts';
import { type Flow, follow, type FlowEvent, NO_FLOW, pauseAfter } from './flows.ts';

/** Whether the stream is heard. */
export type Hearing = 'beginning' | 'heard' | 'lost' | { refused: RefusedCall };

/** Follows the stream for as long as the page is looked at; in a hidden tab nothing is followed. */
export function useFlows(): { flow: Flow; hearing: Hearing } {
  const [flow, take] = useReducer(follow, NO_FLOW);
  const [hearing, setHearing] = useState<Hearing>('beginning');
  useEffect(() => {
    let following: AbortController | undefined;
    const begin = (): void => {
      following?.abort();
      following = undefined;
      if (document.hidden) return;
      following = new AbortController();
      void keepFollowing(following.signal, take, setHearing);
    };
    begin();
    document.addEventListener('visibilitychange', begin);
    return () => {
      document.removeEventListener('visibilitychange', begin);
      following?.abort();
    };
  }, []);
  return { flow, hearing };
}

/**
 * Follows the stream until `signal`: again at once when it ends after its quarter of an hour, after growing pauses when it
 * fails. What a role or a token may not, it is not asked again.
 */
async function keepFollowing(
  signal: AbortSignal,
  take: (event: FlowEvent) => void,
  tell: (hearing: Hearing) => void,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const refused = await followOnce(signal, (event) => {
        failures = 0;
        tell('heard');
        take(event);
      });
      if (refused !== undefined) return tell({ refused });
    } catch {
      if (signal.aborted) return;
      failures += 1;
      tell('lost');
    }
    await pause(pauseAfter(failures), signal);
  }
}

/** @throws when the gateway cannot be reached, or is not well */
async function followOnce(signal: AbortSignal, take: (event: FlowEvent) => void): Promise<RefusedCall | undefined> {
  const response = await fetch('/api/v1/stream', {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${bearerToken() ?? ''}` },
    cache: 'no-store',
    signal,
  });
  if (!response.ok || response.body === null) {
    if (response.status === 401) bearerRefused();
    const refusal = await refusalOf(response);
    if (response.status === 401 || response.status === 403) return refusal;
    throw refusal;
  }
  const events = response.body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
    .pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    take(JSON.parse(value.data) as FlowEvent);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
