import { type LedgerSelection, type Outcome, problem, type UnitId, type Withheld } from '@clearance/contracts';
import type { DataSource } from '@clearance/platform';
import { patternOf } from '@clearance/provenance';
import { endOf, textConditions } from './find-rows.ts';
import type { WithheldCount, WithheldSummary } from './questions-schema.ts';

/** Rows that say the same but for ids and times, counted together. */
export interface AlikeRows {
  consumers: UnitId[];
  issuer: UnitId;
  kind: string;
  withheld: Pick<Withheld, 'path' | 'entry'>[];
  rows: number;
}

/** Different rows that are counted one by one, at most. */
const MAX_DIFFERENT = 100_000;
const MOST_MS = 30_000;
const QUERY_CANCELED = '57014';

const where = (text: string): string => `position('${text}'::bytea in entry)`;
/** Of an entry, whose members stand in the order of their names: its consumers, issuer and kind, and what was withheld. */
const PIECES = [
  `substr(entry, 1, ${where(',"decidedAt":')} - 1)`,
  `substr(entry, ${where(',"issuer":')}, ${where(',"listRecord":')} - ${where(',"issuer":')})`,
  `substr(entry, ${where(',"withheld":')})`,
].join(' || ');

/** Counts what was withheld under an entry, per unit, issuer, kind and path. */
export function countWithheld(
  alike: Iterable<AlikeRows>,
  { entry, consumer }: Pick<LedgerSelection, 'consumer'> & { entry: string },
): Omit<WithheldSummary, 'upTo'> {
  const counts = new Map<string, WithheldCount>();
  let [rows, views] = [0, 0];
  for (const { consumers, issuer, kind, withheld, rows: times } of alike) {
    const concerned = consumers.filter((unit) => unit === (consumer ?? unit));
    const places = withheld.filter((item) => item.entry === entry).map(({ path }) => path);
    if (concerned.length === 0 || places.length === 0) continue;
    rows += times;
    views += concerned.length * times;
    for (const [path, found] of Map.groupBy(places, patternOf)) {
      for (const unit of concerned) {
        const key = JSON.stringify([unit, issuer, kind, path]);
        let count = counts.get(key);
        if (count === undefined) {
          counts.set(key, (count = { consumer: unit, issuer, kind, path, views: 0, places: 0 }));
        }
        count.views += times;
        count.places += found.length * times;
      }
    }
  }
  const sorted = [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count);
  return { rows, views, counts: sorted };
}

/**
 * Counts what was withheld under an entry in a period. The database puts rows together that say the same, so that each
 * such text is read once, however often it is there.
 *
 * @returns the counts; `too-large` when there is too much for one answer: ask for a shorter period
 */
export async function summariseWithheld(
  database: DataSource,
  selection: LedgerSelection & { entry: string },
): Promise<Outcome<WithheldSummary>> {
  const upTo = await endOf(database);
  const { from = '-infinity', to = 'infinity' } = selection;
  const { conditions, parameters } = textConditions(selection, [from, to, upTo]);
  const rows = await readWithin(
    database,
    // What differs from row to row lies between these pieces. As bytes, since texts are cut by counting their characters.
    `select ${PIECES} as said, count(*) as rows from (
       select convert_to(entry, 'UTF8') as entry from ledger
       where decided_at >= $1::timestamptz and decided_at < $2::timestamptz and sequence <= $3::bigint
         and ${conditions.join(' and ')}
     ) as found group by said limit ${MAX_DIFFERENT + 1}`,
    parameters,
  );
  if (rows === undefined || rows.length > MAX_DIFFERENT) {
    return { ok: false, problem: problem('too-large', { detail: SHORTER }) };
  }
  const alike = rows.map(({ said, rows: times }): AlikeRows => ({
    ...(JSON.parse(said.toString('utf8')) as AlikeRows),
    rows: Number(times),
  }));
  return { ok: true, value: { ...countWithheld(alike, selection), upTo: Number(upTo) } };
}

interface Said {
  said: Buffer;
  rows: string;
}

/** Rows of a statement that may take its time, but not all; undefined when it took too long. */
async function readWithin(
  database: DataSource,
  statement: string,
  parameters: Parameters<DataSource['query']>[1],
): Promise<Said[] | undefined> {
  try {
    return await database.transaction(async (transaction): Promise<Said[]> => {
      await transaction.query(`set local statement_timeout = ${MOST_MS}`);
      return transaction.query(statement, parameters as unknown[]);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === QUERY_CANCELED) return undefined;
    throw error;
  }
}

const SHORTER = {
  zh: '该时段内记录过多，请缩短时段',
  en: 'There is too much in this period to be counted at once; ask for a shorter one',
};
