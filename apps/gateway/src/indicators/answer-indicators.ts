import type { Static } from 'typebox';
import { HOURS_PER_CHECK } from '@clearance/coordination';
import type { Gateway } from '../gateway.ts';
import { findConflicts, type FoundConflict } from './find-conflicts.ts';
import type { IndicatorsSchema, ReportSchema } from './indicators-schema.ts';
import {
  type Dimension,
  type Indicators,
  type IndicatorsQuery,
  type Place,
  readIndicators,
} from './read-indicators.ts';

type Answer = Static<typeof IndicatorsSchema>;
type Report = Static<typeof ReportSchema>;

/** The figures of a period, told apart by what was asked, with the conflicts of each. */
export async function answerIndicators(
  { database, now }: Pick<Gateway, 'database' | 'now'>,
  query: IndicatorsQuery,
): Promise<Answer> {
  const { conflicts, more } = await findConflicts(database, query);
  const { total, groups, waiting } = await readIndicators(database, query);
  return {
    at: new Date(now()).toISOString(),
    ...{ from: query.from, to: query.to, waiting, moreConflicts: more, hoursPerCheck: HOURS_PER_CHECK },
    total: { ...total, conflicts: conflicts.length } as Answer['total'],
    groups: withConflicts(groups, query.by, conflicts),
  };
}

/** The report of a month (督查考核): in all, per port, per unit and per day. */
export async function answerReport(
  gateway: Pick<Gateway, 'database' | 'now'>,
  month: string,
  query: Omit<IndicatorsQuery, 'by'>,
  today: string,
): Promise<Report> {
  const { groups: byDay, ...all } = await answerIndicators(gateway, { ...query, by: ['day'] });
  const { conflicts } = await findConflicts(gateway.database, query);
  const told = async (by: Dimension): Promise<Answer['groups']> => {
    const { groups } = await readIndicators(gateway.database, { ...query, by: [by] });
    return withConflicts(groups, [by], conflicts);
  };
  const [byPort, byUnit] = [await told('port'), await told('unit')];
  return { ...all, month, complete: today >= query.to && all.waiting === 0, byPort, byUnit, byDay };
}

function withConflicts(
  groups: readonly (Place & Indicators)[],
  by: readonly Dimension[],
  conflicts: readonly FoundConflict[],
): Answer['groups'] {
  const placeOf = (at: Place): string => JSON.stringify(by.map((name) => at[name] ?? null));
  const counts = Map.groupBy(conflicts, (conflict) => placeOf(conflict));
  return groups.map((group) => ({ ...group, conflicts: counts.get(placeOf(group))?.length ?? 0 })) as Answer['groups'];
}
