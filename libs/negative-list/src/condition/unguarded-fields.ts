import type { Expr } from './parse-condition.ts';

/** A field that a condition reads though it may be absent. */
export interface UnguardedField {
  /** Its path pattern in the catalogue. */
  path: string;
  /** As the condition writes it, `content.consignee.name`. */
  expression: string;
  /** Id of its node, for its place in the text. */
  id: bigint;
}

interface Scope {
  /** Path of the content, or of the item of a loop, by name. */
  paths: ReadonlyMap<string, string>;
  /** Expressions known to be present here. */
  present: ReadonlySet<string>;
  isOptional: (path: string) => boolean;
  found: Map<string, UnguardedField>;
}

/**
 * Fields that a condition reads without `has(…)` though a content may lack them: for such a content the condition
 * is an error, and the entry withholds. CEL's `&&` and `||` take an answer from either side, so a guard counts on
 * whichever side it stands.
 */
export function unguardedFields(root: Expr, isOptional: (path: string) => boolean): UnguardedField[] {
  const found = new Map<string, UnguardedField>();
  visit(root, { paths: new Map([['content', '']]), present: new Set(), isOptional, found });
  return [...found.values()];
}

function visit(expr: Expr, scope: Scope): void {
  const { case: form, value } = expr.exprKind;
  if (form === 'selectExpr') {
    if (value.operand !== undefined) visit(value.operand, scope);
    if (!value.testOnly) note(expr, scope);
  } else if (form === 'listExpr') {
    value.elements.forEach((element) => visit(element, scope));
  } else if (form === 'comprehensionExpr') {
    const { iterRange, loopStep, iterVar } = value;
    if (iterRange === undefined || loopStep === undefined) return;
    visit(iterRange, scope);
    const list = pathOf(iterRange, scope.paths);
    const paths = new Map(scope.paths);
    if (list === undefined) paths.delete(iterVar);
    else paths.set(iterVar, `${list}/*`);
    // A name that is bound anew says nothing about what it named before.
    const present = new Set([...scope.present].filter((known) => !known.startsWith(`${iterVar}.`)));
    visit(loopStep, { ...scope, paths, present });
  } else if (form === 'callExpr') {
    visitCall(value.function, value.target === undefined ? value.args : [value.target, ...value.args], scope);
  }
}

function visitCall(name: string, operands: readonly Expr[], scope: Scope): void {
  const [condition, then, otherwise] = operands;
  if (name === '_&&_' || name === '_||_') {
    const answer = name === '_&&_';
    operands.forEach((operand, index) => {
      const others = operands.filter((_, other) => other !== index);
      visit(
        operand,
        knowing(
          scope,
          others.flatMap((other) => implied(other, answer)),
        ),
      );
    });
  } else if (name === '_?_:_' && condition && then && otherwise) {
    visit(condition, scope);
    visit(then, knowing(scope, implied(condition, true)));
    visit(otherwise, knowing(scope, implied(condition, false)));
  } else {
    operands.forEach((operand) => visit(operand, scope));
  }
}

/** The expressions that must be present when a condition has a given answer. */
function implied(expr: Expr, answer: boolean): string[] {
  const { case: form, value } = expr.exprKind;
  if (form === 'selectExpr' && value.testOnly && answer && value.operand !== undefined) {
    return [`${written(value.operand)}.${value.field}`];
  }
  if (form !== 'callExpr') return [];
  if (value.function === '!_') return value.args.flatMap((arg) => implied(arg, !answer));
  const together = value.function === '_&&_' ? answer : value.function === '_||_' ? !answer : false;
  return together ? value.args.flatMap((arg) => implied(arg, answer)) : [];
}

function note(expr: Expr, scope: Scope): void {
  const path = pathOf(expr, scope.paths);
  const expression = written(expr);
  if (path === undefined || scope.present.has(expression) || !scope.isOptional(path)) return;
  if (!scope.found.has(expression)) scope.found.set(expression, { path, expression, id: expr.id });
}

function pathOf(expr: Expr, paths: ReadonlyMap<string, string>): string | undefined {
  const { case: form, value } = expr.exprKind;
  if (form === 'identExpr') return paths.get(value.name);
  if (form !== 'selectExpr' || value.operand === undefined) return undefined;
  const of = pathOf(value.operand, paths);
  return of === undefined ? undefined : `${of}/${value.field}`;
}

/** A field, or what is made of one, as a condition writes it: `content.direction`, `size(content.goods)`. */
export function written(expr: Expr): string {
  const { case: form, value } = expr.exprKind;
  if (form === 'identExpr') return value.name;
  if (form === 'callExpr') {
    const of = value.target ?? value.args[0];
    return of === undefined ? '…' : `${value.function}(${written(of)})`;
  }
  if (form === 'selectExpr' && value.operand !== undefined) return `${written(value.operand)}.${value.field}`;
  return '…';
}

function knowing(scope: Scope, more: readonly string[]): Scope {
  return more.length === 0 ? scope : { ...scope, present: new Set([...scope.present, ...more]) };
}
