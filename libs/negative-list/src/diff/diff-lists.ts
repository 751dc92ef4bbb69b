import type { UnitId } from '@clearance/contracts';
import type { NegativeList } from '../language/negative-list.ts';
import { changeMessage } from './change-message.ts';
import { detailsOf, diffEntry } from './diff-entry.ts';
import { CHANGE_EFFECTS } from './list-change.ts';
import type { BareChange, ListChange } from './list-change.ts';

/**
 * In what a list differs from another, entry by entry in the order of the list after, then the entries that are gone;
 * without one before it, every entry is new. The order of entries and the version mean nothing and are no change.
 *
 * Effects are sound for results that their issuers may issue: if no change is `stricter` or `mixed`, whatever
 * `decideDisclosure` takes out under the list after, at an instant at which both are in force, it takes out under the
 * list before, and as firmly; if none is `looser` or `mixed`, the other way round. Both lists should be free of lint's
 * errors; one that is not is compared by what it does, which is to withhold.
 * @param units every unit and other consumer of the mesh: by them selectors are compared, and said
 */
export function diffLists(
  before: NegativeList | undefined,
  after: NegativeList,
  { units }: { units: readonly UnitId[] },
): ListChange[] {
  const former = new Map(before?.entries.map((entry) => [entry.id, entry]));
  const ids = new Set(after.entries.map(({ id }) => id));
  const changes: ListChange[] = [];
  if (before !== undefined && before.effectiveFrom !== after.effectiveFrom) {
    const details = { before: before.effectiveFrom, after: after.effectiveFrom };
    changes.push(inWords({ code: 'effective-from-changed', details }));
  }
  for (const entry of after.entries) {
    const old = former.get(entry.id);
    const found: BareChange[] =
      old === undefined ? [{ code: 'entry-added', details: detailsOf(entry) }] : diffEntry(old, entry, units);
    changes.push(...found.map((change) => inWords(change, entry.id)));
  }
  for (const entry of former.values()) {
    if (!ids.has(entry.id)) changes.push(inWords({ code: 'entry-removed', details: detailsOf(entry) }, entry.id));
  }
  return changes;
}

function inWords(change: BareChange, entry?: string): ListChange {
  return {
    ...change,
    ...(entry === undefined ? {} : { entry }),
    effect: CHANGE_EFFECTS[change.code],
    message: changeMessage(change, entry),
  };
}
