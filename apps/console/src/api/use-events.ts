import { useEffect, useState } from 'react';
import { followEvents } from './follow-events.ts';

/** What has come of a stream so far. */
export interface Followed<Data> {
  latest: Data | undefined;
  /** Whether it is open; what came last may be old while it is not. */
  live: boolean;
  /** Why it is given up. */
  error: unknown;
}

/** Follows a stream of JSON events for as long as the component is there, and tells the newest. */
export function useEvents<Data>(path: string): Followed<Data> {
  const [followed, setFollowed] = useState<Followed<Data>>({ latest: undefined, live: false, error: undefined });
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const learn = (more: Partial<Followed<Data>>): void => {
      if (!signal.aborted) setFollowed((before) => ({ ...before, ...more }));
    };
    followEvents(path, {
      signal,
      onEvent: (data) => learn({ latest: JSON.parse(data) as Data }),
      onLive: (live) => learn({ live }),
    }).catch((error: unknown) => learn({ error, live: false }));
    return () => controller.abort();
  }, [path]);
  return followed;
}
