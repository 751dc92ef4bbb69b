import { CHECK_NAMES, CHECK_TYPES } from '@clearance/contracts';
import type { CheckType, ResultKind, Selector, UnitId } from '@clearance/contracts';
import { covers, pathsAbove, pathsByKind } from '../compile/plan-fields.ts';
import type { Remark } from '../language/finding.ts';
import type { Entry } from '../language/negative-list.ts';
import { mayIssue, takesIn } from '../language/selectors.ts';
import { termsFor, writtenTerms } from '../language/unit-sets.ts';
import { listed, pathsNamed, unitsNamed } from '../language/words.ts';
import type { LintContext } from './lint-negative-list.ts';

/** What relying on checks of one type takes of a copy, under one arrangement: a `RecognitionNeed` of recognition. */
export interface NeededForRecognition {
  check: CheckType;
  issuers: Selector;
  relying: Selector;
  /** Kinds of result that may be relied on; absent: any. */
  kinds?: readonly ResultKind[];
  /** Path patterns; of every way at least one must be taken out for nothing to be relied on. */
  ways: readonly (readonly string[])[];
}

/** What can no longer be relied on, of results of one kind. */
interface Loss {
  check: CheckType;
  consumers: UnitId[];
}

/**
 * Whether an entry without a condition ends every reliance on checks of some type in results of some kind: for whom it
 * takes out what recognition must see, whatever the arrangement and the issuer. One that leaves a way is not told of,
 * nor one that is met by some results only.
 */
export function lintRecognition(entry: Entry, at: string, { units, recognition = [] }: LintContext): Remark[] {
  if (entry.when !== undefined || recognition.length === 0) return [];
  const told = new Map<string, { kinds: ResultKind[]; checks: CheckType[]; consumers: UnitId[] }>();
  for (const [kind, taken] of pathsByKind(entry)) {
    const consumersOf = new Map<string, CheckType[]>();
    for (const { check, consumers } of lossesOf(entry, kind, taken, units, recognition)) {
      const key = consumers.join(' ');
      consumersOf.set(key, [...(consumersOf.get(key) ?? []), check]);
    }
    for (const [consumers, checks] of consumersOf) {
      const key = `${consumers} ${checks.join(' ')}`;
      const known = told.get(key);
      if (known === undefined) told.set(key, { kinds: [kind], checks, consumers: consumers.split(' ') as UnitId[] });
      else known.kinds.push(kind);
    }
  }
  return [...told.values()].map(({ kinds, checks, consumers }): Remark => {
    const paths = guiltyPaths(
      entry,
      recognition.filter(({ check }) => checks.includes(check)),
    );
    const [first] = paths;
    const place = entry.fields === undefined || first === undefined ? '' : `/fields/${entry.fields.indexOf(first)}`;
    const [whom, of] = [unitsNamed(termsFor(consumers, units, writtenTerms(entry.consumers))), listed(kinds)];
    const what = {
      zh: listed(checks.map((check) => CHECK_NAMES[check].zh)).zh,
      en: listed(checks.map((check) => CHECK_NAMES[check].en)).en,
    };
    return {
      code: 'breaks-recognition',
      pointer: at + place,
      params: {
        ...{ consumersZh: whom.zh, kindsZh: of.zh, checksZh: what.zh, pathsZh: pathsNamed(paths).zh },
        ...{ consumers: whom.en, kinds: of.en, checks: what.en, paths: pathsNamed(paths).en },
      },
    };
  });
}

function lossesOf(
  entry: Entry,
  kind: ResultKind,
  taken: readonly string[],
  units: readonly UnitId[],
  recognition: readonly NeededForRecognition[],
): Loss[] {
  const out = new Set(taken);
  const isOut = (path: string): boolean => out.has(path) || pathsAbove(path).some((above) => out.has(above));
  const ofKind = recognition
    .filter(({ kinds }) => kinds === undefined || kinds.includes(kind))
    .map((need) => ({ need, isLost: need.ways.every((way) => way.some(isOut)) }));
  const issuers = units.filter((unit) => mayIssue(unit, kind));
  return CHECK_TYPES.flatMap((check): Loss[] => {
    const ofType = ofKind.filter(({ need }) => need.check === check);
    if (!ofType.some(({ isLost }) => isLost)) return [];
    const consumers = units.filter((unit) => {
      if (!takesIn(entry.consumers, unit)) return false;
      // Every issuer on whom the unit may rely, under every arrangement that says so.
      const sources = ofType
        .filter(({ need }) => takesIn(need.relying, unit))
        .flatMap(({ need, isLost }) =>
          issuers
            .filter((issuer) => issuer !== unit && takesIn(need.issuers, issuer))
            .map((issuer) => isLost && takesIn(entry.match.issuers, issuer)),
        );
      return sources.length > 0 && sources.every((lost) => lost);
    });
    return consumers.length === 0 ? [] : [{ check, consumers }];
  });
}

/** The paths of an entry that take out what some way of relying needs; '' if it names none and takes all. */
function guiltyPaths({ fields = [''] }: Entry, needs: readonly NeededForRecognition[]): string[] {
  const needed = new Set(needs.flatMap(({ ways }) => ways.flat()));
  return fields.filter((field) => [...needed].some((path) => covers(field, path)));
}
