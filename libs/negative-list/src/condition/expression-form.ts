import type { Expr } from './parse-condition.ts';

/** What the names of a condition stand for, where they are to be told apart by more than their names. */
export type Names = ReadonlyMap<string, string>;

const NONE: Names = new Map();

/**
 * An expression as one text that says all of it and nothing of how it was written: two expressions with the same form
 * have the same answer for everything. White space, quotes and brackets are gone; `a != b` is the opposite of `a == b`.
 * @param names what free names stand for; the others stand for themselves
 */
export function formOf(expr: Expr, names: Names = NONE): string {
  const { case: form, value } = expr.exprKind;
  switch (form) {
    case 'constExpr':
      return constantForm(value.constantKind.case, value.constantKind.value);
    case 'identExpr':
      return `$${names.get(value.name) ?? value.name}`;
    case 'selectExpr':
      return `(${value.testOnly ? 'has' : '.'} ${partForm(value.operand, names)} ${JSON.stringify(value.field)})`;
    case 'callExpr': {
      const { function: name, target, args } = value;
      if (name === '_!=_' && target === undefined) return `(!_ (_==_ ${formsOf(args, names)}))`;
      // `size(x)` and `x.size()` are one function; no other is called both ways.
      const operands = target === undefined ? args : [target, ...args];
      return `(${target === undefined || name === 'size' ? '' : 'method '}${name} ${formsOf(operands, names)})`;
    }
    case 'listExpr':
      return `[${formsOf(value.elements, names)}]`;
    case 'comprehensionExpr': {
      const { iterRange, iterVar, iterVar2, accuVar, accuInit, loopCondition, loopStep, result } = value;
      // What a loop binds is its own, whatever the names mean around it.
      const within = new Map([...names].filter(([name]) => ![iterVar, iterVar2, accuVar].includes(name)));
      const inner = [loopCondition, loopStep, result].map((part) => partForm(part, within)).join(' ');
      const outer = `${partForm(iterRange, names)} ${partForm(accuInit, names)}`;
      return `(loop ${JSON.stringify([iterVar, iterVar2, accuVar])} ${outer} ${inner})`;
    }
    default:
      // No list may hold what stands here; each is told from every other.
      return `(${String(form)} ${String(expr.id)})`;
  }
}

/** The parts of a chain of `&&`, or of `||`, each once; the expression itself if it is none. */
export function operandsOf(expr: Expr, operator: '_&&_' | '_||_'): Expr[] {
  const { case: form, value } = expr.exprKind;
  const joined = form === 'callExpr' && value.function === operator && value.target === undefined;
  return joined ? value.args.flatMap((part) => operandsOf(part, operator)) : [expr];
}

function formsOf(exprs: readonly Expr[], names: Names): string {
  return exprs.map((expr) => formOf(expr, names)).join(' ');
}

function partForm(expr: Expr | undefined, names: Names): string {
  return expr === undefined ? '-' : formOf(expr, names);
}

function constantForm(kind: string | undefined, value: unknown): string {
  if (kind === 'stringValue') return JSON.stringify(value);
  return `${kind ?? ''}:${Object.is(value, -0) ? '-0' : String(value)}`;
}
