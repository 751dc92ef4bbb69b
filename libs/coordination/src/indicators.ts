import type { ReportedRecognition, ResultStatus, UnitId } from '@clearance/contracts';
import { classOf } from './delay-classes.ts';
import { addUp, type FigureName, type Tally, tallyOf } from './tally.ts';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/**
 * Upper bounds of the classes of delays from an examination to its availability elsewhere, seconds, each inclusive: those of
 * the targets (1, 12, 24 and 40 hours) are among them, so that what keeps a target is counted exactly. Stored counts are told
 * apart by their places: whoever changes these must have the indicators made anew.
 */
export const AVAILABILITY_BOUNDS: readonly number[] = [
  ...[1, 2, 3, 5, 8, 13, 20, 30, 40],
  ...[1, 2, 3, 5, 10, 15, 20, 30, 45].map((minutes) => minutes * MINUTE),
  ...[1, 1.5, 2, 3, 4, 6, 8, 12, 18, 24, 30, 40, 48].map((hours) => hours * HOUR),
  ...[3, 4, 5, 7, 10, 14, 21, 30].map((days) => days * DAY),
];

/** A version of a result, by what the indicators count of it. */
export interface CountedVersion {
  status: ResultStatus;
  /** The last of its examinations, ms since the epoch; null where that is not shown to all. */
  examinedAt: number | null;
  /** When every unit that may see it had confirmed it for the first time, ms; null before. */
  availableAt: number | null;
  /** By entry of the list: how many consumers are shown less under it. */
  withheld: Readonly<Record<string, number>>;
}

/**
 * What a version adds. Delays are of results alone, not of what is amended or revoked later; one that was available before it
 * was examined, if one believes it, has none.
 */
export function tallyOfVersion({ status, examinedAt, availableAt, withheld }: CountedVersion): Tally {
  const names: FigureName[] = [NAMES[status], ...(availableAt === null ? [] : (['available'] as const))];
  if (status === 'issued' && availableAt !== null && examinedAt !== null && examinedAt <= availableAt) {
    names.push(`delay:${classOf(AVAILABILITY_BOUNDS, (availableAt - examinedAt) / 1_000)}`);
  }
  const taken = Object.entries(withheld).map(([entry, copies]) => [`withheld:${entry}`, copies]);
  return addUp([tallyOf(names), Object.fromEntries(taken) as Tally]);
}

const NAMES = { issued: 'results', amended: 'amendments', revoked: 'revocations' } as const satisfies Record<
  ResultStatus,
  FigureName
>;

/**
 * What a recognition adds. Reopened, it was decided all the same, but avoids nothing any more. A check that is required
 * although a result about it is known is one that is made twice.
 */
export function tallyOfRecognition({ outcome, state, checks }: ReportedRecognition): Tally {
  const inForce = state === 'in-force';
  return tallyOf([
    'decided',
    `outcome:${outcome}`,
    ...(inForce ? [] : (['reopened'] as const)),
    ...checks.flatMap(({ type, decision, by, reasons }): FigureName[] => {
      if (decision === 'recognised') {
        const issuers = [...new Set(by.map(({ issuer }) => issuer))];
        return [
          `recognised:${type}`,
          ...(inForce ? ([`avoided:${type}`] as const) : []),
          ...issuers.map((issuer): FigureName => `on:${issuer as UnitId}`),
        ];
      }
      const known = reasons.some(({ resultId }) => resultId !== undefined);
      return [
        `required:${type}`,
        ...(known ? ([`repeated:${type}`] as const) : []),
        ...[...new Set(reasons.map(({ code }) => code))].map((code): FigureName => `reason:${code}`),
      ];
    }),
  ]);
}

/**
 * The result by which the mode and the direction of a recognition are known: the first that it relies on, or else the first
 * that it looked at; undefined where it knew of none.
 */
export function firstResultOf({ checks }: Pick<ReportedRecognition, 'checks'>): string | undefined {
  const relied = checks.flatMap(({ by }) => by);
  const looked = checks.flatMap(({ reasons }) => reasons.flatMap(({ resultId }) => resultId ?? []));
  return relied[0]?.resultId ?? looked[0];
}
