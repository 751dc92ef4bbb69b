import type { ResultKind, UnitId } from '@clearance/contracts';
import { diffLists } from '../diff/diff-lists.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';
import { kindsOf, mayIssue, takesIn } from '../language/selectors.ts';
import { intervalOf, spanOf } from '../language/validity.ts';

/** A list as it stands at an instant, ms since the epoch. */
export interface ListAt {
  list: NegativeList;
  at: number;
}

/** Results of one kind, by their issuers. */
export interface ResultsOfKind {
  kind: ResultKind;
  /** Sorted. */
  issuers: UnitId[];
}

/** Of which results somebody may see less than before, and of which more. Results of one kind may be in both. */
export interface TurnScope {
  restricted: ResultsOfKind[];
  extended: ResultsOfKind[];
}

/**
 * The instants at which what a list withholds changes while it is in force: it begins, and entries of it begin and end.
 *
 * @param until the last instant that matters, ms since the epoch
 * @returns ascending, each once
 */
export function turnsOf(list: NegativeList, until: number): number[] {
  const begins = spanOf(list.effectiveFrom)?.from;
  if (begins === undefined) return [];
  const bounds = list.entries.flatMap((entry) => {
    const { from, until: end } = intervalOf(entry);
    return [from, end];
  });
  return [...new Set([begins, ...bounds.filter((bound) => bound > begins)])]
    .filter((at) => at <= until)
    .sort((a, b) => a - b);
}

/**
 * Which results a turn is about: those of the kinds and issuers of every entry that is stricter, or looser, after it. It
 * may name results of which nothing changes, never leaves one out (see {@link diffLists} for what its effects are sound
 * for).
 *
 * @param before the list that decided until then; everything was shown under none
 * @param units every unit and other consumer of the mesh
 */
export function scopeOfTurn(before: ListAt | undefined, after: ListAt, units: readonly UnitId[]): TurnScope {
  const former = before && standing(before, after.list.effectiveFrom);
  const next = standing(after, after.list.effectiveFrom);
  const about = new Map<string, Entry[]>();
  for (const entry of [...(former?.entries ?? []), ...next.entries]) {
    about.set(entry.id, [...(about.get(entry.id) ?? []), entry]);
  }
  const restricted = new Set<Entry>();
  const extended = new Set<Entry>();
  for (const { entry: id, effect } of diffLists(former, next, { units })) {
    for (const entry of about.get(id ?? '') ?? []) {
      if (effect === 'stricter' || effect === 'mixed') restricted.add(entry);
      if (effect === 'looser' || effect === 'mixed') extended.add(entry);
    }
  }
  return { restricted: resultsOf([...restricted], units), extended: resultsOf([...extended], units) };
}

/** The list with only those entries that are in force at its instant, for good: in what lists differ is then no matter of time. */
function standing({ list, at }: ListAt, effectiveFrom: string): NegativeList {
  const entries = list.entries.flatMap((entry) => {
    const { from, until } = intervalOf(entry);
    if (at < from || at >= until) return [];
    const { validFrom: _from, validUntil: _until, ...always } = entry;
    return [always];
  });
  return { version: list.version, effectiveFrom, entries };
}

function resultsOf(entries: readonly Entry[], units: readonly UnitId[]): ResultsOfKind[] {
  const issuers = new Map<ResultKind, Set<UnitId>>();
  for (const { match } of entries) {
    for (const { kind } of kindsOf(match.kinds)) {
      const meant = units.filter((unit) => mayIssue(unit, kind) && takesIn(match.issuers, unit));
      if (meant.length > 0) issuers.set(kind, new Set([...(issuers.get(kind) ?? []), ...meant]));
    }
  }
  return [...issuers]
    .map(([kind, of]) => ({ kind, issuers: [...of].sort() }))
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
}
