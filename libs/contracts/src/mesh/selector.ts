import { escapePointerToken, violation, type Violation } from '../problem/violation.ts';
import type { UnitId } from '../codes/units.ts';

/** Names units: `ln.customs`, `ln.*`, `*.border`, `*`; a list of them; or lists under `only` or `except`. */
export type Selector = string | readonly string[] | { only: readonly string[] } | { except: readonly string[] };

/** The form of one selector term, for schemas. */
export const SELECTOR_PATTERN = '^(\\*|([a-z]{2}|\\*)\\.([a-z][a-z0-9-]{0,31}|\\*))$';

const selectorPattern = new RegExp(SELECTOR_PATTERN);

/** Whether a text is a selector term. */
export function isSelectorTerm(text: string): boolean {
  return selectorPattern.test(text);
}

/** Whether one term names the unit. A malformed term names nobody. */
export function termSelects(term: string, unit: UnitId): boolean {
  if (term === '*') return true;
  if (term === unit) return true;
  if (!isSelectorTerm(term)) return false;
  const [province, role] = term.split('.');
  const [unitProvince, unitRole] = unit.split('.');
  return (province === '*' || province === unitProvince) && (role === '*' || role === unitRole);
}

/** Whether a selector names the unit. */
export function selects(selector: Selector, unit: UnitId): boolean {
  if (typeof selector === 'string') return termSelects(selector, unit);
  if ('except' in selector) return !selector.except.some((term) => termSelects(term, unit));
  const terms = 'only' in selector ? selector.only : selector;
  return terms.some((term) => termSelects(term, unit));
}

/** The terms of a selector, each with its JSON Pointer below `at`. */
export function selectorTerms(selector: Selector, at: string): { term: string; pointer: string }[] {
  if (typeof selector === 'string') return [{ term: selector, pointer: at }];
  const [terms, pointer] =
    'only' in selector
      ? [selector.only, `${at}/only`]
      : 'except' in selector
        ? [selector.except, `${at}/except`]
        : [selector, at];
  return terms.map((term, index) => ({ term, pointer: `${pointer}/${index}` }));
}

function listViolations(list: unknown, at: string): Violation[] {
  if (!Array.isArray(list)) return [violation(at, 'wrong-type', { expected: 'array' })];
  if (list.length === 0) return [violation(at, 'too-few', { expected: 1 })];
  return (list as unknown[]).flatMap((term, index) =>
    typeof term === 'string' && isSelectorTerm(term)
      ? []
      : [violation(`${at}/${index}`, 'bad-format', { expected: 'ln.customs | ln.* | *.border | *' })],
  );
}

/** What is wrong with a value as a selector; empty when it is one. */
export function selectorViolations(value: unknown, at: string): Violation[] {
  if (typeof value === 'string') {
    return isSelectorTerm(value) ? [] : [violation(at, 'bad-format', { expected: 'ln.customs | ln.* | *.border | *' })];
  }
  if (Array.isArray(value)) return listViolations(value, at);
  if (typeof value !== 'object' || value === null)
    return [violation(at, 'wrong-type', { expected: 'string, array, object' })];
  const members = Object.keys(value);
  const unknown = members.filter((name) => name !== 'only' && name !== 'except');
  if (unknown.length > 0)
    return unknown.map((name) => violation(`${at}/${escapePointerToken(name)}`, 'unknown-member'));
  const [member] = members;
  if (members.length !== 1 || member === undefined)
    return [violation(at, 'contradiction', { expected: 'only | except' })];
  return listViolations((value as Record<string, unknown>)[member], `${at}/${member}`);
}
