import type { Static } from 'typebox';
import { TARGETS } from '@clearance/coordination';
import { BYTE_ORDER_MARK, csvRecord } from '../ledger/questions/csv.ts';
import type { IndicatorsSchema } from './indicators-schema.ts';
import { type Dimension, DIMENSIONS } from './read-indicators.ts';

type Answer = Static<typeof IndicatorsSchema>;

/** The columns of a table of figures: what they are of, then the figures. */
export const INDICATOR_COLUMNS = [
  ...['from', 'to', ...DIMENSIONS, 'results', 'amendments', 'revocations', 'available'],
  ...['delayMeasured', 'delayP50', 'delayP90', 'delayP99'],
  ...TARGETS.flatMap(({ code }) => [`${code}Measured`, `${code}Within`]),
  ...['recognitions', 'recognised', 'partial', 'refused', 'reopened'],
  ...['checksRecognised', 'checksRequired', 'recognisedShare', 'checksRepeated', 'checksAvoided', 'hoursSaved'],
  ...['conflicts', 'reasons', 'reliesOn', 'withheld'],
];

/**
 * Figures as CSV (RFC 4180, UTF-8): a record for each group, and one for all of them in the end, whose dimensions are empty.
 * Several numbers in one cell are `name=number`, with spaces between them.
 */
export function* indicatorsCsv({ from, to, groups, total }: Answer, bom: boolean): Generator<string> {
  yield `${bom ? BYTE_ORDER_MARK : ''}${csvRecord(INDICATOR_COLUMNS)}`;
  for (const group of groups) yield csvRecord([from, to, ...placeCells(group), ...cellsOf(group)]);
  yield csvRecord([from, to, ...placeCells({}), ...cellsOf(total)]);
}

function placeCells(group: Partial<Record<Dimension, string | null>>): string[] {
  return DIMENSIONS.map((name) => group[name] ?? '');
}

function cellsOf(figures: Answer['total']): (string | number)[] {
  const { delay, recognitions, checks, targets } = figures;
  return [
    ...[figures.results, figures.amendments, figures.revocations, figures.available],
    ...[delay.measured, delay.p50 ?? '', delay.p90 ?? '', delay.p99 ?? ''],
    ...targets.flatMap(({ measured, within }) => [measured, within]),
    ...[
      recognitions.decided,
      recognitions.recognised,
      recognitions.partial,
      recognitions.refused,
      recognitions.reopened,
    ],
    ...[checks.recognised, checks.required, checks.recognisedShare ?? '', checks.repeated, checks.avoided],
    ...[figures.hoursSaved, figures.conflicts],
    figures.reasons.map(({ code, checks: n }) => `${code}=${n}`).join(' '),
    figures.reliesOn.map(({ issuer, checks: n }) => `${issuer}=${n}`).join(' '),
    figures.withheld.map(({ entry, copies }) => `${entry}=${copies}`).join(' '),
  ];
}
