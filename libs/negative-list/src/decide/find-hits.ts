import { parseUnitId } from '@clearance/contracts';
import type { UnitId } from '@clearance/contracts';
import type { PlannedEntry } from '../compile/compile-list.ts';
import type { Pattern } from '../compile/pattern.ts';
import type { Condition, ConditionFacts } from '../condition/reference-evaluator.ts';
import { findNodes } from './find-nodes.ts';

/** An entry that hits a result. */
export interface Hit {
  planned: PlannedEntry;
  /** JSON Pointers of the nodes that it takes out, at least one. */
  pointers: readonly string[];
}

/**
 * The entries that hit a result at an instant (ms since the epoch), whoever asks for it. Each condition and path is
 * tried once, and a condition only if there is something to take out.
 * @throws if the issuer's name is none
 */
export function findHits(
  entries: readonly PlannedEntry[],
  result: { kind: string; issuer: UnitId; content: object },
  at: number,
): Hit[] {
  const { province, role } = parseUnitId(result.issuer);
  const found = new Map<Pattern, readonly string[]>();
  const answers = new Map<Condition, boolean>();
  let facts: ConditionFacts | undefined;

  const pointersOf = (pattern: Pattern): readonly string[] => {
    let known = found.get(pattern);
    if (known === undefined) found.set(pattern, (known = findNodes(pattern, result.content)));
    return known;
  };
  const pointersOfAll = (patterns: readonly Pattern[]): readonly string[] => {
    const [only] = patterns;
    if (patterns.length === 1 && only !== undefined) return pointersOf(only);
    const all: string[] = [];
    for (const pattern of patterns) for (const pointer of pointersOf(pattern)) all.push(pointer);
    return all;
  };
  const holds = (condition: Condition): boolean => {
    let answer = answers.get(condition);
    if (answer === undefined) {
      facts ??= { content: result.content, kind: result.kind, issuer: result.issuer, province, agency: role };
      // Only a plain `false` lets the data pass; a condition that cannot be decided withholds.
      answers.set(condition, (answer = condition(facts) !== false));
    }
    return answer;
  };
  const hits: Hit[] = [];
  for (const planned of entries) {
    const { from, until, patterns, condition } = planned;
    if (at < from || at >= until) continue;
    const pointers = pointersOfAll(patterns);
    if (pointers.length > 0 && (condition === undefined || holds(condition))) hits.push({ planned, pointers });
  }
  return hits;
}
