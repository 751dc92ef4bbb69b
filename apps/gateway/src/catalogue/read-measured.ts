import { type Outcome, problem, type UnitId } from '@clearance/contracts';
import type { DataSource, EntityManager, SqlValue } from '@clearance/platform';

/** Which part of the catalogue is asked for. Days are days in Asia/Shanghai. */
export interface CatalogueQuery {
  issuer?: UnitId;
  /** Shared with this unit alone. */
  consumer?: UnitId;
  kind?: string;
  /** First day, `YYYY-MM-DD`. */
  from: string;
  /** The day after the last. */
  to: string;
}

/** What was issued in a period, of one kind by one unit. */
export interface MeasuredResource {
  issuer: UnitId;
  kind: string;
  results: number;
  amendments: number;
  revocations: number;
  ahead: number;
  delaySeconds: number;
  /** By class, see `DELAY_BOUNDS`. */
  delays: number[];
  /** By path: how many results have the field; of a revocation's fields, how many revocations. */
  present: ReadonlyMap<string, number>;
}

/** How much of what was issued in a period one unit is entitled to, and has confirmed. */
export interface MeasuredUse {
  issuer: UnitId;
  kind: string;
  consumer: UnitId;
  /** Versions of results of which it is given a copy. */
  given: number;
  /** Those for which it has returned a receipt. */
  confirmed: number;
}

/** What traffic says of a period. Both parts are read as of one moment, so that they agree. */
export interface Measured {
  resources: MeasuredResource[];
  uses: MeasuredUse[];
}

const MOST_MS = 20_000;
const QUERY_CANCELED = '57014';

/**
 * Reads what was counted in a period.
 *
 * @returns the counts; `too-large` when there is too much for one answer: ask for a shorter period, one unit or one kind
 */
export async function readMeasured(database: DataSource, query: CatalogueQuery): Promise<Outcome<Measured>> {
  try {
    const value = await database.transaction('REPEATABLE READ', async (transaction): Promise<Measured> => {
      await transaction.query(`set local statement_timeout = ${MOST_MS}`);
      return { resources: await readResources(transaction, query), uses: await readUses(transaction, query) };
    });
    return { ok: true, value };
  } catch (error) {
    if ((error as { code?: unknown }).code !== QUERY_CANCELED) throw error;
    return { ok: false, problem: problem('too-large', { detail: SHORTER }) };
  }
}

interface CountedRow extends Omit<MeasuredResource, 'present'> {
  paths: string[];
  present: number[];
}

async function readResources(transaction: EntityManager, query: CatalogueQuery): Promise<MeasuredResource[]> {
  const { where, parameters } = conditions(query, { since: 'day >= $1::date', until: 'day < $2::date' });
  const eachOf = (column: string): string =>
    `select issuer, kind, layout, array_agg(n order by place) as ${column}
     from (
       select issuer, kind, layout, place, sum(one)::float8 as n
       from chosen cross join lateral unnest(${column}) with ordinality as each_of(one, place)
       group by issuer, kind, layout, place
     ) as summed group by issuer, kind, layout`;
  const sum = (column: string, name = column): string => `sum(${column})::float8 as "${name}"`;
  const rows: CountedRow[] = await transaction.query(
    `with chosen as materialized (select * from catalogue_count where ${where}),
     total as (
       select issuer, kind, layout, ${['results', 'amendments', 'revocations', 'ahead'].map((name) => sum(name)).join(', ')},
         ${sum('delay_seconds', 'delaySeconds')}
       from chosen group by issuer, kind, layout
     ),
     by_class as (${eachOf('delays')}),
     by_field as (${eachOf('present')})
     select total.*, delays, present, paths
     from total join by_class using (issuer, kind, layout) join by_field using (issuer, kind, layout)
       join catalogue_layout using (layout, kind)`,
    parameters,
  );
  const found = new Map<string, MeasuredResource & { present: Map<string, number> }>();
  for (const { paths, present, ...row } of rows) {
    const counts = new Map(paths.map((path, place) => [path, present[place] ?? 0]));
    const other = found.get(`${row.issuer} ${row.kind}`);
    if (other === undefined) found.set(`${row.issuer} ${row.kind}`, { ...row, present: counts });
    else addTo(other, row, counts);
  }
  return [...found.values()];
}

/** What was counted before the contract's fields changed, and after. */
function addTo(
  sum: MeasuredResource & { present: Map<string, number> },
  more: Omit<MeasuredResource, 'present'>,
  present: ReadonlyMap<string, number>,
): void {
  for (const name of ['results', 'amendments', 'revocations', 'ahead', 'delaySeconds'] as const)
    sum[name] += more[name];
  sum.delays = sum.delays.map((count, place) => count + (more.delays[place] ?? 0));
  for (const [path, count] of present) sum.present.set(path, (sum.present.get(path) ?? 0) + count);
}

async function readUses(transaction: EntityManager, query: CatalogueQuery): Promise<MeasuredUse[]> {
  const { where, parameters } = conditions(query, {
    since: `issued_at >= ($1 || 'T00:00:00+08:00')::timestamptz`,
    until: `issued_at < ($2 || 'T00:00:00+08:00')::timestamptz`,
  });
  const { consumer } = query;
  const only = consumer === undefined ? '' : `where consumer = $${parameters.push(consumer)}`;
  // Versions that the same units are given and wait for are many, and counted before they are taken apart.
  return transaction.query(
    `select issuer, kind, consumer, sum(n)::float8 as given,
       coalesce(sum(n) filter (where not consumer = any(waiting)), 0)::float8 as confirmed
     from (
       select issuer, kind, entitled, waiting, count(*) as n from settlement where ${where}
       group by issuer, kind, entitled, waiting
     ) as alike cross join lateral unnest(entitled) as consumer ${only}
     group by issuer, kind, consumer order by issuer, kind, consumer`,
    parameters,
  );
}

function conditions(
  { issuer, kind, from, to }: CatalogueQuery,
  { since, until }: { since: string; until: string },
): { where: string; parameters: SqlValue[] } {
  const parameters: SqlValue[] = [from, to];
  const where = [since, until];
  if (issuer !== undefined) where.push(`issuer = $${parameters.push(issuer)}`);
  if (kind !== undefined) where.push(`kind = $${parameters.push(kind)}`);
  return { where: where.join(' and '), parameters };
}

const SHORTER = {
  zh: '该时段内记录过多，请缩短时段，或只看一个单位、一种结果',
  en: 'There is too much in this period to be counted at once; ask for a shorter one, for one unit or one kind',
};
