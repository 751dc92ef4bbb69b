import type { UnitId, Withheld } from '@clearance/contracts';
import type { CompiledList } from '../compile/compile-list.ts';
import type { FailClosedCode } from '../language/fail-closed.ts';
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
}

/**
 * Decides what each consumer may see of a result at an instant (ms since the epoch). A function of its arguments
 * only; it never throws. The issuer is no consumer of its own result and is left out. Whatever keeps it from
 * deciding withholds, under a code of `FAIL_CLOSED` in the place of an entry's id.
 */
export function decideDisclosure(
  list: CompiledList | undefined,
  result: DisclosedResult,
  consumers: readonly UnitId[],
  at: number,
): DisclosureDecision[] {
  const asking = [...new Set(consumers)].filter((unit) => unit !== result?.issuer);
  try {
    return decide(list, result, asking, at);
  } catch {
    return holdBack(asking, 'FC-decision-error');
  }
}

function decide(
  list: CompiledList | undefined,
  result: DisclosedResult,
  asking: readonly UnitId[],
  at: number,
): DisclosureDecision[] {
  // Written so that an instant that is no number finds no list in force.
  if (list === undefined || !(at >= list.effectiveFrom)) return holdBack(asking, 'FC-no-active-list');
  const plan = list.planFor(result.kind, result.issuer);
  if (plan === undefined) return holdBack(asking, 'FC-unknown-kind');

  const hits = findHits(plan.candidatesIn(result.content), result, at);
  const nodes = nodesOf(hits, findUnknown(plan.tree, result.content));
  const views: DisclosureDecision[] = [];
  const viewOfClass = new Map<number | string, DisclosureDecision>();
  const strangers: UnitId[] = [];
  for (const unit of asking) {
    const number = plan.units.get(unit);
    if (number === undefined) {
      strangers.push(unit);
      continue;
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
  return strangers.length === 0 ? views : [...views, ...holdBack(strangers, 'FC-unknown-consumer')];
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
