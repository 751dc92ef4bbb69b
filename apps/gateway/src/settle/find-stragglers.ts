import type { UnitId } from '@clearance/contracts';
import type { DataSource, SqlValue } from '@clearance/platform';

/** A unit that has not confirmed everything that it was given. */
export interface Straggler {
  unit: UnitId;
  /** Versions that it has not confirmed. */
  waiting: number;
  /** RFC 3339: since when the oldest of them is waited for. */
  oldestSince: string;
  ageSeconds: number;
}

/** A version that somebody has not confirmed. */
export interface UnconfirmedVersion {
  resultId: string;
  version: number;
  issuer: UnitId;
  kind: string;
  /** RFC 3339: when it was given, or given anew because the copy had been lost. */
  disclosedAt: string;
  /** Everyone who has not confirmed it. */
  waitingFor: UnitId[];
}

/** Which versions are asked about. */
export interface StragglersQuery {
  unit?: UnitId;
  /** Waited for longer than this, ms. */
  olderThanMs: number;
}

/**
 * Who has not confirmed what they were given: how much, and for how long. It reads only what is not settled, so its cost
 * follows what is open, however much is settled.
 *
 * @param most versions that are looked through, the oldest first; more are not counted. All when absent.
 */
export async function findStragglers(
  database: DataSource,
  { unit, olderThanMs }: StragglersQuery,
  now: number,
  most?: number,
): Promise<Straggler[]> {
  const rows: { unit: UnitId; waiting: string; since: Date }[] = await database.query(
    `select unit, count(*) as waiting, min(disclosed_at) as since
     from (select waiting, disclosed_at from settlement where settled_at is null and disclosed_at <= $1
           order by disclosed_at ${most === undefined ? '' : `limit ${most}`}) s
     cross join lateral unnest(waiting) unit
     ${unit === undefined ? '' : 'where unit = $2'} group by unit order by since, unit`,
    [new Date(now - olderThanMs), ...(unit === undefined ? [] : [unit])],
  );
  return rows.map((row) => ({
    unit: row.unit,
    waiting: Number(row.waiting),
    oldestSince: row.since.toISOString(),
    ageSeconds: Math.max(0, Math.round((now - row.since.getTime()) / 1_000)),
  }));
}

/** Where a page ends: microseconds since the epoch, id, version. */
export interface StragglerPlace {
  micros: string;
  resultId: string;
  version: number;
}

/** What is not confirmed, the oldest first, a page of it; `next` is there when there is more. */
export async function findUnconfirmed(
  database: DataSource,
  { unit, olderThanMs }: StragglersQuery,
  page: { now: number; limit: number; after: StragglerPlace | undefined },
): Promise<{ results: UnconfirmedVersion[]; next?: StragglerPlace }> {
  const parameters: SqlValue[] = [new Date(page.now - olderThanMs)];
  const parameter = (value: SqlValue): string => `$${parameters.push(value)}`;
  const conditions = ['settled_at is null', 'disclosed_at <= $1'];
  if (unit !== undefined) conditions.push(`${parameter(unit)} = any(waiting)`);
  if (page.after !== undefined) {
    const { micros, resultId, version } = page.after;
    const since = `'epoch'::timestamptz + ${parameter(micros)}::bigint * interval '1 microsecond'`;
    conditions.push(`disclosed_at >= ${since}`);
    conditions.push(
      `(disclosed_at, result_id, version) > (${since}, ${parameter(resultId)}::uuid, ${parameter(version)}::integer)`,
    );
  }
  const rows: {
    result_id: string;
    version: number;
    issuer: UnitId;
    kind: string;
    disclosed_at: Date;
    waiting: UnitId[];
    micros: string;
  }[] = await database.query(
    `select result_id, version, issuer, kind, disclosed_at, waiting,
       (extract(epoch from disclosed_at) * 1000000)::bigint as micros
     from settlement where ${conditions.join(' and ')}
     order by disclosed_at, result_id, version limit ${page.limit + 1}`,
    parameters,
  );
  const results = rows.slice(0, page.limit).map((row) => ({
    resultId: row.result_id,
    version: row.version,
    issuer: row.issuer,
    kind: row.kind,
    disclosedAt: row.disclosed_at.toISOString(),
    waitingFor: row.waiting,
  }));
  const last = rows[page.limit - 1];
  if (rows.length <= page.limit || last === undefined) return { results };
  return { results, next: { micros: last.micros, resultId: last.result_id, version: last.version } };
}
