import type { UnitId } from '@clearance/contracts';
import type { DisclosureDecision } from '../decide/decide-disclosure.ts';

/** A path that one list takes out and the other does not. */
export interface ChangedPath {
  /** JSON Pointer into the content. */
  path: string;
  /** The entries that take it out: of the list that does. */
  entries: string[];
}

/** What consumers who see the same before, and the same after, would lose and gain. */
export interface ViewChange {
  consumers: UnitId[];
  /** Shown before, at least in part. */
  withheld: ChangedPath[];
  /** Shown after, at least in part. */
  shown: ChangedPath[];
}

/**
 * Compares what two lists decide about one result: what would newly be withheld from whom, and what newly be shown. Nobody
 * is named for whom nothing changes. That another entry takes the same out is no change.
 */
export function compareDecisions(
  before: readonly DisclosureDecision[],
  after: readonly DisclosureDecision[],
): ViewChange[] {
  const changes: ViewChange[] = [];
  for (const former of before) {
    for (const latter of after) {
      const consumers = former.consumers.filter((unit) => latter.consumers.includes(unit));
      if (consumers.length === 0) continue;
      const withheld = beyond(latter, former);
      const shown = beyond(former, latter);
      if (withheld.length > 0 || shown.length > 0) changes.push({ consumers, withheld, shown });
    }
  }
  return changes;
}

/** What one takes out that the other leaves, at least in part. */
function beyond(one: DisclosureDecision, other: DisclosureDecision): ChangedPath[] {
  return one.pointers
    .filter((path) => !other.pointers.some((taken) => covers(taken, path)))
    .map((path) => ({
      path,
      entries: [...new Set(one.withheld.filter((item) => item.path === path).map(({ entry }) => entry))],
    }));
}

function covers(pointer: string, path: string): boolean {
  return pointer === path || path.startsWith(`${pointer}/`);
}

/** The path with a star for every place in an array: what elements of one array have in common. */
export function patternOf(path: string): string {
  return path.replace(/\/\d+(?=\/|$)/g, '/*');
}
