import type { UnitId, Withheld } from '@clearance/contracts';
import type { CompiledList } from '../compile/compile-list.ts';
import type { FailClosedCode } from '../language/fail-closed.ts';
import { liftHits, type Lift } from '../access/lift-hits.ts';
import { findHits } from './find-hits.ts';
import type { Hit } from './find-hits.ts';
import { findUnknown } from './find-nodes.ts';
import { failClosed, nodesOf, takeOut } from './take-out.ts';

/** The result that is decided about; `content` is the JSON object whole, as its issuer signed it. */
export interface DisclosedResult {
  kind: string;
  issuer: UnitId;
  content: object;
}

/** One view of a result, and who sees exactly it. */
export interface DisclosureDecision {
  consumers: UnitId[];
  /**
   * What is taken out: JSON Pointers of nodes that are in the content, only the topmost where one lies within another;
   * `''` is the whole result. Several entries on one node are several items, withheld class first.
   */
  withheld: Withheld[];
  /** The distinct paths of `withheld`. */
  pointers: string[];
  /**
   * Ids of the grants that give free, each by itself, something which would be withheld without any; sorted, and absent
   * where there is none. Without all of these the view would be as if nothing had been granted, and what no other of
   * them gives free would be withheld without one.
   */
  grants?: string[];
}

/** What consumers have been granted of the result that is decided about. */
export type Lifts = ReadonlyMap<UnitId, readonly Lift[]>;

/**
 * Decides what each consumer may see of a result at an instant (ms since the epoch). A function of its arguments
 * only; it never throws. The issuer is no consumer of its own result and is left out. Whatever keeps it from
 * deciding withholds, under a code of `FAIL_CLOSED` in the place of an entry's id.
 *
 * @param lifts grants that hold at that instant and are about this result: what entries of the class `conditional` take out
 *   is left to whom it was granted, for a purpose that the entry admits
 */
export function decideDisclosure(
  list: CompiledList | undefined,
  result: DisclosedResult,
  consumers: readonly UnitId[],
  at: number,
  lifts: Lifts = NOBODY,
): DisclosureDecision[] {
  const asking = [...new Set(consumers)].filter((unit) => unit !== result?.issuer);
  try {
    return decide(list, result, asking, at, lifts);
  } catch {
    return holdBack(asking, 'FC-decision-error');
  }
}

function decide(
  list: CompiledList | undefined,
  result: DisclosedResult,
  asking: readonly UnitId[],
  at: number,
  lifts: Lifts,
): DisclosureDecision[] {
  // Written so that an instant that is no number finds no list in force.
  if (list === undefined || !(at >= list.effectiveFrom)) return holdBack(asking, 'FC-no-active-list');
  const plan = list.planFor(result.kind, result.issuer);
  if (plan === undefined) return holdBack(asking, 'FC-unknown-kind');

  const hits = findHits(plan.candidatesIn(result.content), result, at);
  const unknown = findUnknown(plan.tree, result.content);
  const nodes = nodesOf(hits, unknown);
  const views: DisclosureDecision[] = [];
  const viewOfClass = new Map<number | string, DisclosureDecision>();
  const granting: DisclosureDecision[] = [];
  const strangers: UnitId[] = [];
  for (const unit of asking) {
    const number = plan.units.get(unit);
    if (number === undefined) {
      strangers.push(unit);
      continue;
    }
    const granted = lifts.get(unit);
    if (granted !== undefined) {
      const concerning = hits.filter(({ planned }) => planned.consumers[number]);
      const lifted = viewUnder(granted, concerning, unknown, result.content);
      if (lifted !== undefined) {
        granting.push({ consumers: [unit], ...lifted });
        continue;
      }
    }
    const key = classOf(number, hits);
    let view = viewOfClass.get(key);
    if (view === undefined) {
      const concerning = hits.filter(({ planned }) => planned.consumers[number]);
      const decided = { consumers: [], ...takeOut(concerning, nodes) };
      view = views.find(({ withheld }) => sameItems(withheld, decided.withheld));
      if (view === undefined) views.push((view = decided));
      viewOfClass.set(key, view);
    }
    view.consumers.push(unit);
  }
  return [...views, ...granting, ...holdBack(strangers, 'FC-unknown-consumer')];
}

const NOBODY: Lifts = new Map();

/**
 * What somebody sees by what was granted; undefined where that gives nothing free. Whoever decides anew by the grants that are
 * named comes to the same, in every word.
 */
function viewUnder(
  granted: readonly Lift[],
  hits: readonly Hit[],
  unknown: readonly string[],
  content: object,
): Omit<DisclosureDecision, 'consumers'> | undefined {
  const { hits: left, grants } = liftHits(hits, unknown, granted, content);
  return grants.length === 0 ? undefined : { ...takeOut(left, nodesOf(left, unknown)), grants };
}

/** Bits that a number holds exactly. */
const BITS = 52;

/** Which of the hits are about a unit: the same for units that see the same. */
function classOf(unit: number, hits: readonly Hit[]): number | string {
  if (hits.length > BITS) return hits.map(({ planned }) => (planned.consumers[unit] ? '1' : '0')).join('');
  let bits = 0;
  for (const { planned } of hits) bits = bits * 2 + (planned.consumers[unit] ? 1 : 0);
  return bits;
}

/** Whether two views are one: what stands beside path and entry follows from those. */
function sameItems(a: readonly Withheld[], b: readonly Withheld[]): boolean {
  return a.length === b.length && a.every(({ path, entry }, at) => path === b[at]?.path && entry === b[at]?.entry);
}

function holdBack(consumers: readonly UnitId[], code: FailClosedCode): DisclosureDecision[] {
  if (consumers.length === 0) return [];
  return [{ consumers: [...consumers], withheld: [failClosed('', code)], pointers: [''] }];
}
