import type { UnitId } from '@clearance/contracts';
import {
  addUp,
  type Figures,
  figuresOf,
  type Tally,
  TARGETS,
  type TargetCode,
  targetKept,
} from '@clearance/coordination';
import type { DataSource, SqlValue } from '@clearance/platform';
import type { Period } from '../http/read-parameters.ts';

/** By what figures can be told apart. */
export const DIMENSIONS = ['day', 'port', 'unit', 'mode', 'direction'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Which figures are asked for: all conditions together. */
export interface IndicatorsQuery extends Period {
  by: readonly Dimension[];
  /** UN/LOCODE: where results were issued, and recognitions decided. */
  port?: string;
  /** Whose results and recognitions. */
  unit?: UnitId;
  /** GB/T 6512-like mode of transport: 2 water, 3 rail, 4 road, 5 air. */
  mode?: string;
  direction?: string;
}

/** What figures are of; null: not shown to everybody, or not known. */
export type Place = Partial<Record<Dimension, string | null>>;

/** How a target was kept by those of the results that it speaks of. */
export interface TargetFigure {
  code: TargetCode;
  seconds: number;
  measured: number;
  within: number;
  share: number | null;
}

/** Figures, with the targets of the results that they are of. */
export type Indicators = Figures & { targets: TargetFigure[] };

/** Figures of a period: of all, and told apart by what was asked. */
export interface ReadIndicators {
  total: Indicators;
  groups: (Place & Indicators)[];
  /** Versions and recognitions that are yet to be counted, or counted anew. */
  waiting: number;
}

type Row = Record<Dimension, string> & { figure: string; n: number };
type Counted = Pick<Row, 'mode' | 'direction'> & { tally: Tally };

const COLUMNS: Readonly<Record<Dimension, string>> = {
  day: 'day::text as day',
  port: 'port',
  unit: 'unit',
  mode: 'mode',
  direction: 'direction',
};

/** Reads sums that are kept: it costs by days and places, however much was exchanged. */
export async function readIndicators(database: DataSource, query: IndicatorsQuery): Promise<ReadIndicators> {
  const parameters: SqlValue[] = [query.from, query.to];
  const conditions = ['day >= $1::date', 'day < $2::date'];
  for (const name of ['port', 'unit', 'mode', 'direction'] as const) {
    const value = query[name];
    if (value !== undefined) conditions.push(`${name} = $${parameters.push(value)}`);
  }
  // Targets speak of modes and directions, whatever is asked for.
  const by = [...new Set<Dimension>([...query.by, 'mode', 'direction'])];
  const rows: Row[] = await database.query(
    `select ${by.map((name) => COLUMNS[name]).join(', ')}, figure, sum(n)::float8 as n
     from indicator where ${conditions.join(' and ')} group by ${by.join(', ')}, figure having sum(n) <> 0`,
    parameters,
  );
  const [{ waiting }]: [{ waiting: number }] = await database.query(
    'select count(*)::integer as waiting from (select from indicator_due limit 100000) d',
  );
  const groups = [...Map.groupBy(rows, (row) => JSON.stringify(query.by.map((name) => row[name])))]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, of]) => ({ ...placeOf(of[0]!, query.by), ...indicatorsOf(countedOf(of)) }));
  return { total: indicatorsOf(countedOf(rows)), groups, waiting };
}

function placeOf(row: Row, by: readonly Dimension[]): Place {
  return Object.fromEntries(by.map((name) => [name, row[name] === '' ? null : row[name]]));
}

function countedOf(rows: readonly Row[]): Counted[] {
  return [...Map.groupBy(rows, ({ mode, direction }) => `${mode} ${direction}`).values()].map((of) => ({
    mode: of[0]!.mode,
    direction: of[0]!.direction,
    tally: addUp(of.map(({ figure, n }) => ({ [figure]: n }))),
  }));
}

function indicatorsOf(counted: readonly Counted[]): Indicators {
  const targets = TARGETS.map(({ code, transportMode, direction, seconds }) => {
    const spoken = counted.filter(
      (one) =>
        (transportMode === null || one.mode === transportMode) && (direction === null || one.direction === direction),
    );
    return { code, seconds, ...targetKept(addUp(spoken.map(({ tally }) => tally)), seconds) };
  });
  return { ...figuresOf(addUp(counted.map(({ tally }) => tally))), targets };
}
