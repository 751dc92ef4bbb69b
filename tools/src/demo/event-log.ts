import type { EventType, UnitId } from '@clearance/contracts';
import { type Backend, type BackendEvent, events } from '../traffic/backend.ts';

/** An event as one unit's backend heard it, the first time. */
export interface Heard {
  readonly unit: UnitId;
  readonly type: EventType;
  /** Id of the result or recognition. */
  readonly about: string;
  /** Version of the result; undefined for a recognition. */
  readonly version: number | undefined;
  /** When it was received, milliseconds since 1970. */
  readonly at: number;
}

/** Everything that the twelve backends have been told, and a way to wait for more. */
export interface EventLog {
  /** What was heard about one result or recognition, of one type. */
  about(type: EventType, id: string): readonly Heard[];
  /** Events that came more than once; a backend knows them by their `ce-id`. */
  repeated(): number;
  /**
   * Looks now and again at every event until it finds something.
   * @throws Patience when it has not within the limit, with what was waited for and `missing` as it is then
   */
  until<T>(what: string, look: () => T | undefined, missing?: () => string): Promise<T>;
  /** Ends when the events' iterators have. */
  readonly ended: Promise<void>;
}

/** Something that was waited for did not come. */
export class Patience extends Error {}

export interface EventLogOptions {
  readonly backends: ReadonlyMap<UnitId, Backend>;
  /** How long anything is waited for, milliseconds. */
  readonly patience: number;
  readonly signal: AbortSignal;
  /** Hears every event once, with its body. */
  readonly take: (heard: Heard, body: unknown) => void;
}

/** Opens the events of all units. When this resolves the consumers exist: nothing that happens later is missed. */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const { backends, signal } = options;
  const known = new Set<string>();
  const byTopic = new Map<string, Heard[]>();
  const looks = new Set<() => void>();
  let repeated = 0;

  const note = (unit: UnitId, event: BackendEvent): void => {
    const id = `${unit} ${event.id}`;
    if (known.has(id)) {
      repeated += 1;
      return;
    }
    known.add(id);
    const { version } = event.body as { version?: number };
    const heard: Heard = { unit, type: event.type as EventType, about: event.about, version, at: Date.now() };
    const topic = `${heard.type} ${heard.about}`;
    const before = byTopic.get(topic);
    if (before) before.push(heard);
    else byTopic.set(topic, [heard]);
    options.take(heard, event.body);
    for (const look of [...looks]) look();
  };
  const streams = await Promise.all(
    [...backends].map(async ([unit, backend]) => ({ unit, stream: await events(backend, { signal }) })),
  );
  const listening = streams.map(async ({ unit, stream }) => {
    for await (const event of stream) note(unit, event);
  });

  return {
    about: (type, id) => byTopic.get(`${type} ${id}`) ?? [],
    repeated: () => repeated,
    until: (what, look, missing) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void): void => {
          looks.delete(again);
          clearTimeout(timer);
          signal.removeEventListener('abort', aborted);
          settle();
        };
        const aborted = (): void => end(() => reject(new Patience(`interrupted while waiting for ${what}`)));
        const again = (): void => {
          const found = look();
          if (found !== undefined) end(() => resolve(found));
        };
        const timer = setTimeout(() => {
          const detail = missing === undefined ? '' : `; ${missing()}`;
          end(() => reject(new Patience(`not within ${options.patience / 1_000} s: ${what}${detail}`)));
        }, options.patience);
        looks.add(again);
        signal.addEventListener('abort', aborted, { once: true });
        if (signal.aborted) aborted();
        else again();
      }),
    ended: Promise.allSettled(listening).then(() => undefined),
  };
}
