import { operandsOf } from './expression-form.ts';
import type { Expr } from './parse-condition.ts';
import { readLoop } from './read-loop.ts';
import type { Loop } from './read-loop.ts';

/**
 * A step towards a value: to a member, or to every item of a list. Where a `guarded` member is missing, `has(…)` has
 * made the condition false; where another is, the condition cannot be decided.
 */
export type NeededStep = { name: string; guarded: boolean } | 'each';

/** Texts of which one has to stand at a path for a condition to be anything but false. */
export interface Need {
  steps: readonly NeededStep[];
  texts: ReadonlySet<string>;
}

/** Needs of which at least one has to be met. */
export type Needs = readonly Need[];

/** Where an expression leads: from the content, or from the item of a loop, each of which is another starting point. */
interface Path {
  key: string;
  steps: readonly NeededStep[];
  /** The loops whose items it leads through. */
  loops: readonly number[];
}

interface Scope {
  paths: ReadonlyMap<string, Path>;
  /** Keys of the paths that a `has(…)` asks for without which nothing here matters. */
  guards: ReadonlySet<string>;
  /** Numbers the loops: an item of one is none of another over the same list. */
  number: () => number;
}

type OfLoops = Need & { loops: readonly number[] };

const SEPARATOR = '\n';

/**
 * What a condition needs to be anything but plainly false, in several ways each of which is enough to rule it out; none
 * if nothing is known. That a needed path is missing or of a wrong type is not ruled out by this unless it is guarded:
 * whoever follows it must take the condition for one that may hit ({@link NeededStep}).
 */
export function neededValues(root: Expr): Needs[] {
  let loops = 0;
  const content: Path = { key: 'content', steps: [], loops: [] };
  return needsOf(root, { paths: new Map([['content', content]]), guards: new Set(), number: () => loops++ });
}

function needsOf(expr: Expr, scope: Scope): OfLoops[][] {
  const { case: form, value } = expr.exprKind;
  if (form === 'comprehensionExpr') {
    const loop = readLoop(value);
    return loop === undefined ? [] : needsOfLoop(loop, scope);
  }
  if (form !== 'callExpr' || value.target !== undefined) return [];
  const { function: name, args } = value;
  const [a, b] = args;
  switch (name) {
    case '_&&_': {
      // A conjunction is anything but false only if every part is.
      const parts = operandsOf(expr, '_&&_');
      const guards = new Set([...scope.guards, ...parts.flatMap((part) => guardOf(part, scope))]);
      return parts.flatMap((part) => needsOf(part, { ...scope, guards }));
    }
    case '_||_': {
      // An alternative is anything but false only if some part is: each must be ruled out, in whichever way.
      const ways = args.map((part) => needsOf(part, scope)).map(shortest);
      const known = ways.filter((way) => way !== undefined);
      return known.length === ways.length ? [known.flat()] : [];
    }
    case '_==_':
      return a && b ? [...needOf(a, textsOf([b]), scope), ...needOf(b, textsOf([a]), scope)] : [];
    case '@in': {
      if (a === undefined || b === undefined) return [];
      if (b.exprKind.case === 'listExpr') return needOf(a, textsOf(b.exprKind.value.elements), scope);
      return needOf(b, textsOf([a]), scope, ['each']);
    }
    default:
      return [];
  }
}

function guardOf(expr: Expr, scope: Scope): string[] {
  const { case: form, value } = expr.exprKind;
  if (form !== 'selectExpr' || !value.testOnly || value.operand === undefined) return [];
  const of = pathOf(value.operand, scope);
  return of === undefined ? [] : [of.key + SEPARATOR + value.field];
}

/** A loop that looks for an item needs one for which its test is not false, and a list to look in. */
function needsOfLoop(loop: Loop, scope: Scope): OfLoops[][] {
  const list = pathOf(loop.range, scope);
  if (list === undefined || (loop.macro !== 'exists' && loop.macro !== 'exists_one')) return [];
  const id = scope.number();
  const item: Path = { key: `#${id}`, steps: [...list.steps, 'each'], loops: [...list.loops, id] };
  const within = { ...scope, paths: new Map(scope.paths).set(loop.variable, item) };
  // What does not lead through the list says nothing of whether there is a list: that would be an error, not false.
  return needsOf(loop.test, within).filter((needs) => needs.every(({ loops }) => loops.includes(id)));
}

function needOf(
  expr: Expr,
  texts: ReadonlySet<string> | undefined,
  scope: Scope,
  last: NeededStep[] = [],
): OfLoops[][] {
  const path = pathOf(expr, scope);
  if (path === undefined || texts === undefined || path.steps.length + last.length === 0) return [];
  return [[{ steps: [...path.steps, ...last], texts, loops: path.loops }]];
}

function pathOf(expr: Expr, scope: Scope): Path | undefined {
  const { case: form, value } = expr.exprKind;
  if (form === 'identExpr') return scope.paths.get(value.name);
  if (form !== 'selectExpr' || value.testOnly || value.operand === undefined) return undefined;
  const of = pathOf(value.operand, scope);
  if (of === undefined) return undefined;
  const key = of.key + SEPARATOR + value.field;
  return { key, steps: [...of.steps, { name: value.field, guarded: scope.guards.has(key) }], loops: of.loops };
}

function textsOf(exprs: readonly Expr[]): ReadonlySet<string> | undefined {
  const texts = new Set<string>();
  for (const { exprKind } of exprs) {
    if (exprKind.case !== 'constExpr' || exprKind.value.constantKind.case !== 'stringValue') return undefined;
    texts.add(exprKind.value.constantKind.value);
  }
  return texts;
}

function shortest(ways: OfLoops[][]): OfLoops[] | undefined {
  const size = (way: OfLoops[]): number => way.reduce((sum, { texts }) => sum + texts.size, 0);
  return ways.reduce<OfLoops[] | undefined>(
    (best, way) => (best === undefined || size(way) < size(best) ? way : best),
    undefined,
  );
}
