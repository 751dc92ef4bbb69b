import { useEffect, useState } from 'react';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type Answer, calls } from '../../api/client.ts';
import { RefusedCall, refusalOf, unreachable } from '../../api/refused-call.ts';
import { bearerToken } from '../../session/bearer.ts';

/** A preview as the gateway answers it. */
export type Preview = Answer<'/api/v1/previews/{previewId}'>;

const AGAIN_MS = 2_000;

/** Follows a preview until it has ended, by the gateway's events; what breaks off is taken up again. */
export function useFollowedPreview(previewId: string): {
  preview: Preview | undefined;
  error: RefusedCall | undefined;
} {
  const [preview, setPreview] = useState<Preview>();
  const [error, setError] = useState<RefusedCall>();
  useEffect(() => {
    const leaving = new AbortController();
    void follow(previewId, setPreview, leaving.signal).catch((failure: unknown) => {
      if (failure instanceof RefusedCall) setError(failure);
      else if (!leaving.signal.aborted) throw failure;
    });
    return () => leaving.abort();
  }, [previewId]);
  return { preview, error };
}

async function follow(previewId: string, tell: (preview: Preview) => void, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { data } = await calls.GET('/api/v1/previews/{previewId}', { params: { path: { previewId } }, signal });
    tell(data!);
    if (data!.state !== 'running') return;
    if (await hearOut(previewId, tell, signal)) return;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    signal.throwIfAborted();
  }
}

/** Listens until the last event. @returns false when the stream breaks off before it */
async function hearOut(previewId: string, tell: (preview: Preview) => void, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(`/api/v1/previews/${previewId}/events`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${bearerToken() ?? ''}` },
    signal,
  }).catch(() => undefined);
  if (response === undefined) {
    signal.throwIfAborted();
    throw unreachable();
  }
  if (!response.ok || response.body === null) throw await refusalOf(response);
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  for (;;) {
    const next = await events.read().catch(() => ({ done: true, value: undefined }) as const);
    signal.throwIfAborted();
    if (next.done || next.value === undefined) return false;
    const preview = JSON.parse(next.value.data) as Preview;
    tell(preview);
    if (preview.state !== 'running') return true;
  }
}
