import { fieldsOf } from '@clearance/contracts';
import type { ResultKind } from '@clearance/contracts';
import { checkCondition } from './check-condition.ts';
import { formOf, operandsOf } from './expression-form.ts';
import { parseCondition } from './parse-condition.ts';
import type { Expr } from './parse-condition.ts';

/**
 * How what a condition lets an entry hit compares with what another does: `same`, `narrower` (nothing that the other
 * does not hit), `wider`, or not to be told from how they are written.
 */
export type Comparison = 'same' | 'narrower' | 'wider' | 'unknown';

/**
 * Compares the results that an entry hits under one condition with those under another; absent, it hits all. An entry
 * hits where its condition is true and where it cannot be decided, so `a && b` hits nothing that `a` does not, and `a`
 * nothing that `a || b` does not, whatever is missing in a result. What may not be asked of one of the kinds hits
 * always there, and is compared with nothing.
 */
export function compareConditions(
  before: string | undefined,
  after: string | undefined,
  kinds: readonly ResultKind[],
): Comparison {
  if (before === after) return 'same';
  if (before === undefined) return 'narrower';
  if (after === undefined) return 'wider';
  const [old, now] = [rootOf(before, kinds), rootOf(after, kinds)].map((root) => root && shapeOf(root));
  if (old === undefined || now === undefined) return 'unknown';
  const [narrower, wider] = [implies(now, old), implies(old, now)];
  if (narrower && wider) return 'same';
  return narrower ? 'narrower' : wider ? 'wider' : 'unknown';
}

/** What a condition demands together, and what it is content with any of, each by its form. */
export interface ConditionShape {
  demands: ReadonlySet<string>;
  alternatives: ReadonlySet<string>;
}

/** Takes a condition apart, to be compared with others. */
export function shapeOf(root: Expr): ConditionShape {
  const forms = (operator: '_&&_' | '_||_') => new Set(operandsOf(root, operator).map((part) => formOf(part)));
  return { demands: forms('_&&_'), alternatives: forms('_||_') };
}

/**
 * Whether everything that `one` hits is hit by `other`, as far as it shows: `one` demands all that `other` demands and
 * perhaps more, or is one of the alternatives of `other`.
 */
export function implies(one: ConditionShape, other: ConditionShape): boolean {
  return isWithin(other.demands, one.demands) || isWithin(one.alternatives, other.alternatives);
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  if (some.size > all.size) return false;
  for (const item of some) if (!all.has(item)) return false;
  return true;
}

/** A condition's syntax tree if it may be asked of results of all these kinds. */
function rootOf(when: string, kinds: readonly ResultKind[]): Expr | undefined {
  const parsed = parseCondition(when);
  if (!parsed.ok) return undefined;
  const { root } = parsed;
  const isSound = kinds.every((kind) => checkCondition(parsed.parsed, root, kind, fieldsOf(kind)).length === 0);
  return isSound ? root : undefined;
}
