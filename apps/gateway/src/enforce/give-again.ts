import type { DisclosureRecord, UnitId, Withheld } from '@clearance/contracts';
import type { View } from './view.ts';

/** What a consumer was shown of a version the last time, as the ledger has it. */
export type Shown = Pick<DisclosureRecord, 'listVersion' | 'tokenDigest' | 'withheld' | 'keeps'>;

/** Why a version that was given before is decided anew for all, and not only repeated for those who are waited for. */
export interface ReviewOf {
  /** Whether somebody is given what may be seen from now on, and not only loses what may be seen no more. */
  extendsFor(consumer: UnitId): boolean;
}

/** A version that was given before, as it would be given now. */
export interface GivenBefore {
  /** What the list in force lets everybody see who was entitled. */
  views: readonly View[];
  shown: ReadonlyMap<UnitId, Shown>;
  /** Whose receipt is missing. */
  waiting: ReadonlySet<UnitId>;
  review: ReviewOf | undefined;
  /** Whether a consumer needs no repetition now: its last copy waits for it still. */
  spared: (consumer: UnitId) => boolean;
  /** A view that lacks something else than the list says. */
  withholding: (view: View, withheld: Withheld[]) => View;
}

/** What is to be done: to be written into the ledger and given, or given once more as it was. */
export interface GivenAgain {
  changed: View[];
  repeated: View[];
}

/**
 * Decides what of a version is given to whom once more. Whoever is waited for gets what the list in force shows, recorded
 * if it is not yet. In a review everybody else is compared with what was shown to them last. Whoever it extends for gets
 * what the list shows; of the others those get another view from whom something is taken away, and nothing is added to it,
 * nor is when it has to be repeated.
 */
export function decideAgain({ views, shown, waiting, review, spared, withholding }: GivenBefore): GivenAgain {
  const changed = new Map<string, View>();
  const repeated = new Map<string, View>();
  const give = (to: Map<string, View>, view: View, consumer: UnitId): void => {
    const name = JSON.stringify([view.tokenDigest, view.withheld, view.grants]);
    const given = to.get(name) ?? { ...view, consumers: [] };
    to.set(name, given);
    given.consumers.push(consumer);
  };
  for (const view of views) {
    for (const consumer of view.consumers) {
      const last = shown.get(consumer);
      if (waiting.has(consumer)) {
        const keeps = last?.keeps === true && review?.extendsFor(consumer) !== true;
        const now = keeps ? keeping(view, last, withholding) : view;
        if (last?.tokenDigest !== now.tokenDigest || last.listVersion !== now.listVersion) give(changed, now, consumer);
        else if (!spared(consumer)) give(repeated, now, consumer);
      } else if (review !== undefined && last !== undefined && last.tokenDigest !== view.tokenDigest) {
        if (review.extendsFor(consumer)) give(changed, view, consumer);
        else if (takesAway(last.withheld, view.withheld)) give(changed, keeping(view, last, withholding), consumer);
      }
    }
  }
  return { changed: [...changed.values()], repeated: [...repeated.values()] };
}

/** The view, lacking also what was not shown before. */
function keeping(view: View, last: Shown, withholding: GivenBefore['withholding']): View {
  const withheld = bothWithheld(last.withheld, view.withheld);
  return withheld === undefined ? view : { ...withholding(view, withheld), keeps: true };
}

/** Whether a view lacks anything that the one before it had. */
export function takesAway(before: readonly Withheld[], after: readonly Withheld[]): boolean {
  const gone = new Set(before.map(({ path }) => path));
  return after.some(({ path }) => !isIn(path, gone));
}

/**
 * What is withheld by either of two views, the topmost nodes alone; undefined when the later one withholds all that the one
 * before it did.
 */
export function bothWithheld(before: readonly Withheld[], after: readonly Withheld[]): Withheld[] | undefined {
  const now = new Set(after.map(({ path }) => path));
  const kept = before.filter(({ path }) => !isIn(path, now));
  if (kept.length === 0) return undefined;
  const still = new Set(kept.map(({ path }) => path));
  return [...after.filter(({ path }) => !isIn(path, still)), ...kept];
}

/** Whether a node is one of these, or lies in one of them. */
function isIn(path: string, nodes: ReadonlySet<string>): boolean {
  for (let node = path; ; node = node.slice(0, node.lastIndexOf('/'))) {
    if (nodes.has(node)) return true;
    if (node === '') return false;
  }
}

/** Per consumer what it was shown last: of each version the last row that names it. */
export function shownLast(rows: readonly DisclosureRecord[]): Map<string, Map<UnitId, Shown>> {
  const shown = new Map<string, Map<UnitId, Shown>>();
  for (const row of rows) {
    const key = `${row.resultId}:${row.version}`;
    const ofVersion = shown.get(key) ?? new Map<UnitId, Shown>();
    shown.set(key, ofVersion);
    for (const consumer of row.consumers) ofVersion.set(consumer as UnitId, row);
  }
  return shown;
}
