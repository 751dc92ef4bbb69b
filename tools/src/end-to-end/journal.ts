import { type BackendEvent, events, type Backend } from '../traffic/backend.ts';
import { eventually } from './test-local-mesh.ts';

/** The events that a backend has received since the journal was opened. */
export interface Journal {
  readonly all: readonly BackendEvent[];
  /** Waits for an event of the type about this id. */
  about(type: string, id: string): Promise<BackendEvent>;
  close(): void;
}

/** Follows a backend's events from now on; resolves when none can be missed any more. */
export async function openJournal(backend: Backend): Promise<Journal> {
  const all: BackendEvent[] = [];
  const stopping = new AbortController();
  const stream = await events(backend, { signal: stopping.signal });
  void (async () => {
    for await (const event of stream) all.push(event);
  })();
  return {
    all,
    about: (type, id) =>
      eventually(
        () => all.find((event) => event.type === type && event.about === id),
        `${backend.unit}: ${type} about ${id}`,
      ),
    close: () => stopping.abort(),
  };
}
