import { useSearchParams } from 'react-router';
import { DIRECTIONS, type Direction, type Mode, MODES } from './names.ts';
import { daysOf, type Period, PERIODS } from './periods.ts';
import { useNow } from './use-now.ts';

/** What figures are asked for; it stands in the address, so that it can be passed on. */
export interface Selection {
  period: Period;
  port: string | undefined;
  unit: string | undefined;
  mode: Mode | undefined;
  direction: Direction | undefined;
}

/** What can be chosen of it. */
export type SelectionName = keyof Selection;

/** The selection as a query of the gateway’s. */
export interface SelectionQuery {
  from: string;
  to: string;
  port?: string;
  unit?: string;
  mode?: Mode;
  direction?: Direction;
}

/** The selection in the address, how to change it, and how it is asked for. */
export function useSelection(usually: Period = '7-days'): {
  selection: Selection;
  select: (name: SelectionName, value: string | null) => void;
  query: SelectionQuery;
} {
  const [search, setSearch] = useSearchParams();
  const now = useNow();
  const selection: Selection = {
    period: PERIODS.find((each) => each === search.get('period')) ?? usually,
    port: search.get('port') ?? undefined,
    unit: search.get('unit') ?? undefined,
    mode: MODES.find((each) => each === search.get('mode')),
    direction: DIRECTIONS.find((each) => each === search.get('direction')),
  };
  const select = (name: SelectionName, value: string | null): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const { period, port, unit, mode, direction } = selection;
  const query = {
    ...daysOf(period, now),
    ...(port === undefined ? {} : { port }),
    ...(unit === undefined ? {} : { unit }),
    ...(mode === undefined ? {} : { mode }),
    ...(direction === undefined ? {} : { direction }),
  };
  return { selection, select, query };
}
