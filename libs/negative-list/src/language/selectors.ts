import { RESULT_KINDS, agencyOfKind, isResultKind, selects } from '@clearance/contracts';
import type { ResultKind, Selector, UnitId } from '@clearance/contracts';

/** Whether an entry that names this kind pattern (a kind, `customs.*`, `*`) is about a kind. */
export function kindMatches(pattern: string, kind: string): boolean {
  return pattern === '*' || pattern === kind || (pattern.endsWith('.*') && kind.startsWith(pattern.slice(0, -1)));
}

/** The kinds that an entry is about, and which of them it names itself rather than through a pattern. */
export function kindsOf(patterns: readonly string[]): { kind: ResultKind; named: boolean }[] {
  return RESULT_KINDS.filter((kind) => patterns.some((pattern) => kindMatches(pattern, kind))).map((kind) => ({
    kind,
    named: patterns.includes(kind),
  }));
}

/** Whether a unit can issue results of a kind at all: only those of its own agency. */
export function mayIssue(unit: string, kind: string): boolean {
  return isResultKind(kind) && unit.endsWith(`.${agencyOfKind(kind)}`);
}

/** Whether a selector takes in a unit; an absent selector takes in all. */
export function takesIn(selector: Selector | undefined, unit: UnitId): boolean {
  return selector === undefined || selects(selector, unit);
}

/** The single terms of a selector, each with its pointer below the selector's own. */
export function termsOf(selector: Selector): { term: string; pointer: string }[] {
  if (typeof selector === 'string') return [{ term: selector, pointer: '' }];
  const place = 'except' in selector ? '/except' : 'only' in selector ? '/only' : '';
  const terms = 'except' in selector ? selector.except : 'only' in selector ? selector.only : selector;
  return terms.map((term, index) => ({ term, pointer: `${place}/${index}` }));
}
