import type { RecordedCall } from './recorded-call.ts';

/** Refused calls, told in rows that are few however many calls there are. */
export interface RefusalTally {
  /** Counts one; gives it back when it is to be recorded by itself, as the first of its kind in a while. */
  add(call: RecordedCall): RecordedCall | undefined;
  /** What was counted in windows that ended before `now` (ms since the epoch). */
  take(now: number): RecordedCall[];
}

/** For so long after the first of a kind, the others are only counted. */
const WINDOW_MS = 60_000;
/** Kinds that are told apart at the same time; what is beyond them is counted together. */
const MAX_KINDS = 1_000;

/**
 * A flood of refused calls must not fill the database: of each kind (who, what, which status) the first is recorded at
 * once, and the others of the next minute as one row with their number.
 */
export function refusalTally(windowMs = WINDOW_MS, mostKinds = MAX_KINDS): RefusalTally {
  const kinds = new Map<string, { ends: number; counted: RecordedCall | undefined }>();
  const count = (key: string, call: RecordedCall): RecordedCall | undefined => {
    const kind = kinds.get(key);
    if (kind === undefined) {
      kinds.set(key, { ends: call.at + windowMs, counted: undefined });
      return call;
    }
    // Of several calls no one's ids and duration are told.
    kind.counted = { ...call, resources: {}, durationMs: null, times: (kind.counted?.times ?? 0) + call.times };
    return undefined;
  };
  return {
    add: (call) => {
      const key = JSON.stringify([call.subject, call.method, call.route, call.status]);
      if (kinds.has(key) || kinds.size < mostKinds) return count(key, call);
      const { status } = call;
      return count(JSON.stringify([status]), {
        ...call,
        subject: null,
        roles: [],
        unit: null,
        method: '*',
        route: null,
      });
    },
    take: (now) => {
      const told: RecordedCall[] = [];
      for (const [key, { ends, counted }] of kinds) {
        if (ends > now) continue;
        kinds.delete(key);
        if (counted !== undefined) told.push(counted);
      }
      return told;
    },
  };
}
