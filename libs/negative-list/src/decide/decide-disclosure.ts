import { parseUnitId } from '@clearance/contracts';
import type { UnitId, Withheld } from '@clearance/contracts';
import type { CompiledList, PlannedEntry } from '../compile/compile-list.ts';
import type { Pattern } from '../compile/pattern.ts';
import { celValue } from '../condition/run-condition.ts';
import type { Condition, ConditionFacts } from '../condition/run-condition.ts';
import { FAIL_CLOSED } from '../language/fail-closed.ts';
import type { FailClosedCode } from '../language/fail-closed.ts';
import { findNodes, findUnknown } from './find-nodes.ts';

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

  const hits = hitTest(result, at);
  const unknown = findUnknown(plan.tree, result.content);
  const views = new Map<string, DisclosureDecision>();
  const viewOfClass = new Map<readonly PlannedEntry[], DisclosureDecision>();
  const strangers: UnitId[] = [];
  for (const unit of asking) {
    const entries = plan.classes.get(unit)?.entries;
    if (entries === undefined) {
      strangers.push(unit);
      continue;
    }
    let view = viewOfClass.get(entries);
    if (view === undefined) {
      const decided = takeOut(entries, hits, unknown);
      const key = decided.withheld.map((item) => `${item.path}\n${item.entry}`).join('\n');
      view = views.get(key) ?? decided;
      views.set(key, view);
      viewOfClass.set(entries, view);
    }
    view.consumers.push(unit);
  }
  return [...views.values(), ...holdBack(strangers, 'FC-unknown-consumer')];
}

/** The nodes that an entry takes out of one result, none if it does not hit. Each condition and path is tried once. */
type HitTest = (planned: PlannedEntry) => readonly string[];

function hitTest(result: DisclosedResult, at: number): HitTest {
  const { province, role } = parseUnitId(result.issuer);
  const tested: (readonly string[] | undefined)[] = [];
  const nodes = new Map<string, readonly string[]>();
  const answers = new Map<Condition, boolean | undefined>();
  let facts: ConditionFacts | undefined;

  const nodesOf = (pattern: Pattern): readonly string[] => {
    const known = nodes.get(pattern.path);
    if (known !== undefined) return known;
    const found = findNodes(pattern, result.content);
    nodes.set(pattern.path, found);
    return found;
  };
  const holds = (condition: Condition): boolean => {
    if (!answers.has(condition)) {
      facts ??= { content: celValue(result.content), kind: result.kind, issuer: result.issuer, province, agency: role };
      answers.set(condition, condition(facts));
    }
    // Only a plain `false` lets the data pass; a condition that cannot be decided withholds.
    return answers.get(condition) !== false;
  };
  const test = ({ from, until, patterns, condition }: PlannedEntry): readonly string[] => {
    if (at < from || at >= until) return NONE;
    const [first, second] = patterns;
    const present = first === undefined ? NONE : second === undefined ? nodesOf(first) : patterns.flatMap(nodesOf);
    return present.length === 0 || condition === undefined || holds(condition) ? present : NONE;
  };
  return (planned) => (tested[planned.index] ??= test(planned));
}

const NONE: readonly string[] = [];

function takeOut(entries: readonly PlannedEntry[], hits: HitTest, unknown: readonly string[]): DisclosureDecision {
  const byNode = new Map<string, PlannedEntry[]>();
  for (const planned of entries) {
    const out = hits(planned);
    for (const pointer of out) {
      const others = byNode.get(pointer);
      if (others === undefined) byNode.set(pointer, [planned]);
      else if (others.at(-1) !== planned) others.push(planned);
    }
  }
  const strange = new Set(unknown);
  const isOut = (pointer: string): boolean => byNode.has(pointer) || strange.has(pointer);
  const withheld: Withheld[] = [];
  const pointers: string[] = [];
  for (const [pointer, named] of byNode) {
    if (hasAncestor(pointer, isOut)) continue;
    pointers.push(pointer);
    if (!strange.has(pointer)) withheld.push(...itemsOf(pointer, named));
    else withheld.push(...itemsOf(pointer, named, 'none'), failClosed(pointer, 'FC-unknown-field'));
  }
  for (const pointer of unknown) {
    if (byNode.has(pointer) || hasAncestor(pointer, isOut)) continue;
    pointers.push(pointer);
    withheld.push(failClosed(pointer, 'FC-unknown-field'));
  }
  return { consumers: [], withheld, pointers };
}

/** Data can be asked for only if every entry that takes it out allows that. */
function itemsOf(path: string, named: readonly PlannedEntry[], most: Withheld['access'] = 'on-request'): Withheld[] {
  const firm = named.filter(({ entry }) => entry.class !== 'conditional');
  const lenient = named.filter(({ entry }) => entry.class === 'conditional');
  const access = firm.length === 0 ? most : 'none';
  return [...firm, ...lenient].map(({ entry }) => ({ path, entry: entry.id, legalBasis: entry.legalBasis, access }));
}

function hasAncestor(pointer: string, isOut: (pointer: string) => boolean): boolean {
  for (let end = pointer.lastIndexOf('/'); end >= 0; end = pointer.lastIndexOf('/', end - 1)) {
    if (isOut(pointer.slice(0, end))) return true;
    if (end === 0) break;
  }
  return false;
}

function holdBack(consumers: readonly UnitId[], code: FailClosedCode): DisclosureDecision[] {
  if (consumers.length === 0) return [];
  return [{ consumers: [...consumers], withheld: [failClosed('', code)], pointers: [''] }];
}

function failClosed(path: string, code: FailClosedCode): Withheld {
  return { path, entry: code, legalBasis: FAIL_CLOSED[code], access: 'none' };
}
