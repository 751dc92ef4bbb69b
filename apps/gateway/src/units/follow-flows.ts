import { concatMap, distinctUntilChanged, map, merge, type Observable, share, takeUntil, timer } from 'rxjs';
import { dayOf } from '../shanghai-day.ts';
import type { Gateway } from '../gateway.ts';
import type { Flows } from './units-schema.ts';

/** How often the day's numbers are looked at: once for all who follow, ms. */
const LOOK_EVERY_MS = 2_000;
/** Something is said so often at least, so that proxies do not take a quiet region for a dead connection, ms. */
const SPEAK_EVERY_MS = 15_000;
/** After this a follower has to come again: by then its token may be over, or its roles others, ms. */
const FOLLOW_FOR_MS = 15 * 60_000;

/** What has happened on this day so far, per unit. */
export async function readFlows({ database, now }: Pick<Gateway, 'database' | 'now'>): Promise<Flows> {
  const at = now();
  const day = dayOf(at);
  const rows: Flows['units'] = await database.query(
    `select unit,
       coalesce(sum(n) filter (where figure in ('results', 'amendments', 'revocations')), 0)::float8 as results,
       coalesce(sum(n) filter (where figure = 'available'), 0)::float8 as available,
       coalesce(sum(n) filter (where figure = 'decided'), 0)::float8 as decided,
       coalesce(sum(n) filter (where figure like 'recognised:%'), 0)::float8 as recognised,
       coalesce(sum(n) filter (where figure like 'required:%'), 0)::float8 as required
     from indicator where day = $1::date group by unit order by unit`,
    [day],
  );
  const [{ waiting }]: [{ waiting: number }] = await database.query(
    'select count(*)::integer as waiting from (select from indicator_due limit 100000) d',
  );
  return { at: new Date(at).toISOString(), day, waiting, units: rows };
}

/**
 * The day's numbers whenever they change, and now and then when they do not; looked at while somebody follows, and once
 * however many do.
 *
 * @param stopping ends what is followed
 */
export function followFlows(gateway: () => Gateway, stopping: Observable<unknown>): () => Observable<{ data: Flows }> {
  const shared = timer(0, LOOK_EVERY_MS).pipe(
    concatMap(() => readFlows(gateway())),
    share({ resetOnRefCountZero: true }),
  );
  return () => {
    const ended = merge(stopping, timer(FOLLOW_FOR_MS));
    return shared.pipe(
      distinctUntilChanged((one, other) => isSame(one, other) && Date.parse(other.at) - Date.parse(one.at) < SPEAK_EVERY_MS), // prettier-ignore
      map((data) => ({ data })),
      takeUntil(ended),
    );
  };
}

function isSame({ at: _one, ...one }: Flows, { at: _other, ...other }: Flows): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
