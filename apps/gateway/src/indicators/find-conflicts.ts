import type { ResultStatus, UnitId } from '@clearance/contracts';
import { type CheckShown, type Conflict, conflictsOf, type JudgedResult } from '@clearance/coordination';
import type { DataSource, SqlValue } from '@clearance/platform';
import { dayOf } from '../shanghai-day.ts';
import type { Dimension, IndicatorsQuery } from './read-indicators.ts';

/** Units that contradict each other about the goods of a consignment; where, when and how it became known. */
export interface FoundConflict extends Conflict, Record<Exclude<Dimension, 'day'>, string | null> {
  /** Asia/Shanghai. */
  day: string;
  consignmentId: string;
  /** RFC 3339: when the first that found something amiss was issued. By it, its day, port, unit, mode and direction. */
  at: string;
}

/** Results with something amiss that are looked at, at most: they are few, or something else is wrong. */
const MOST_ADVERSE = 2_000;
/** Of one consignment, results that are compared, the latest first. */
const MOST_RESULTS = 500;

interface Judged extends JudgedResult, Record<'port' | 'mode' | 'direction', string | null> {
  consignmentId: string;
  issuedAt: Date;
}

/**
 * Conflicts of a period: those in which what is amiss was issued in it. They are worked out from what is kept of the results
 * when they are asked for, so that they are always those of the moment.
 *
 * @returns the latest first; `more` when there is more in the period than is looked at
 */
export async function findConflicts(
  database: DataSource,
  query: Omit<IndicatorsQuery, 'by'>,
): Promise<{ conflicts: FoundConflict[]; more: boolean }> {
  const adverse = await findAdverse(database, query);
  const ids = new Set(adverse.slice(0, MOST_ADVERSE).map(({ consignmentId }) => consignmentId));
  const judged = await readJudged(database, [...ids]);
  const found = [...Map.groupBy(judged, ({ consignmentId }) => consignmentId)].flatMap(([consignmentId, results]) => {
    const known = new Map(results.map((result) => [result.resultId, result]));
    return conflictsOf(results).map((conflict): FoundConflict => {
      const first = conflict.nonConformant
        .map(({ resultId }) => known.get(resultId)!)
        .reduce((one, other) => (other.issuedAt < one.issuedAt ? other : one));
      const { port, mode, direction, issuer: unit } = first;
      return {
        ...conflict,
        consignmentId,
        day: dayOf(first.issuedAt.getTime()),
        at: first.issuedAt.toISOString(),
        port,
        unit,
        mode,
        direction,
      };
    });
  });
  const conflicts = found
    .filter((conflict) => isWithin(conflict, query))
    .sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
  return { conflicts, more: adverse.length > MOST_ADVERSE };
}

async function findAdverse(
  database: DataSource,
  { from, to, port, unit, mode, direction }: Omit<IndicatorsQuery, 'by'>,
): Promise<{ consignmentId: string }[]> {
  const parameters: SqlValue[] = [from, to];
  const named = Object.entries({ location: port, issuer: unit, transport_mode: mode, direction }).flatMap(
    ([column, value]) => (value === undefined ? [] : [`v.${column} = $${parameters.push(value)}`]),
  );
  return database.query(
    `select t.consignment_id as "consignmentId" from coordinated_version v
       join traveller t on t.result_id = v.result_id and t.version = v.version
     where v.adverse and v.issued_at >= $1::date::timestamp at time zone 'Asia/Shanghai'
       and v.issued_at < $2::date::timestamp at time zone 'Asia/Shanghai'
       ${named.map((condition) => `and ${condition}`).join(' ')}
     order by v.issued_at desc limit ${MOST_ADVERSE + 1}`,
    parameters,
  );
}

async function readJudged(database: DataSource, consignmentIds: readonly string[]): Promise<Judged[]> {
  if (consignmentIds.length === 0) return [];
  const rows: {
    consignmentId: string;
    resultId: string;
    version: number;
    status: ResultStatus;
    issuer: UnitId;
    port: string | null;
    mode: string | null;
    direction: string | null;
    containers: string[];
    checks: string;
    issuedAt: Date;
  }[] = await database.query(
    `select c.id as "consignmentId", v.result_id as "resultId", v.version, v.status, v.issuer, v.location as port,
       v.transport_mode as mode, v.direction, v.containers, v.checks, v.issued_at as "issuedAt"
     from unnest($1::uuid[]) as c (id)
     cross join lateral (
       select result_id, version from traveller where consignment_id = c.id order by at desc, result_id limit ${MOST_RESULTS}
     ) t
     join coordinated_version v on v.result_id = t.result_id and v.version = t.version`,
    [consignmentIds],
  );
  return rows.map((row) => ({ ...row, checks: JSON.parse(row.checks) as CheckShown[] }));
}

/** A conflict is where, and of the day when, its first adverse result was issued. */
function isWithin(conflict: FoundConflict, query: Omit<IndicatorsQuery, 'by'>): boolean {
  return (
    conflict.day >= query.from &&
    conflict.day < query.to &&
    (['port', 'unit', 'mode', 'direction'] as const).every(
      (name) => query[name] === undefined || query[name] === conflict[name],
    )
  );
}
