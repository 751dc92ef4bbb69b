import type { ConditionFacts } from './reference-evaluator.ts';

/**
 * An expression ready to run: its value, undefined where CEL has an error. `first` and `second` are the items of the
 * loops around it. Values are JSON as it is, with arrays for lists, objects for maps, numbers for doubles; ints are
 * bigints.
 */
export type Run = (facts: ConditionFacts, first: unknown, second: unknown) => unknown;

/** Whether a value is what CEL takes for a map: a JSON object. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equality as CEL has it: numbers of both types by their value, lists and maps by their parts, else of one type only. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNumeric(a) && isNumeric(b)) return a == b; // eslint-disable-line eqeqeq -- 1 and 1n are the same number
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]))
  );
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
