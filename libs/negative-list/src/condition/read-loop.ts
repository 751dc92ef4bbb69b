import type { Expr } from './parse-condition.ts';

/** A loop of a condition as its author wrote it; the parser unfolds it into an accumulator and steps. */
export type Loop = { range: Expr; variable: string } & (
  | { macro: 'exists' | 'all' | 'exists_one'; test: Expr }
  /** `filter` keeps the item itself, `map` with two arguments has no test. */
  | { macro: 'list'; test: Expr | undefined; item: Expr }
);

type Unfolded = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value'];

/** Reads an unfolded loop back. `undefined` if it is in any way different from what the parser makes of a macro. */
export function readLoop(unfolded: Unfolded): Loop | undefined {
  const { iterRange: range, iterVar: variable, accuVar, accuInit, loopCondition, loopStep, result } = unfolded;
  if (!range || !accuInit || !loopCondition || !loopStep || !result || unfolded.iterVar2 !== '') return undefined;
  const isAccu = (expr: Expr | undefined): boolean =>
    expr?.exprKind.case === 'identExpr' && expr.exprKind.value.name === accuVar;
  const [test, more, less] = partsOfCall(loopStep, '_?_:_', 3) ?? [];

  const any = partsOfCall(loopStep, '_||_', 2);
  if (any !== undefined) {
    const [goesOn] = partsOfCall(loopCondition, '@not_strictly_false', 1) ?? [];
    const sound = isConstant(accuInit, false) && isAccu(any[0]) && isAccu(result) && isAccu(inverted(goesOn));
    return sound ? { macro: 'exists', range, variable, test: any[1] as Expr } : undefined;
  }
  const every = partsOfCall(loopStep, '_&&_', 2);
  if (every !== undefined) {
    const [goesOn] = partsOfCall(loopCondition, '@not_strictly_false', 1) ?? [];
    const sound = isConstant(accuInit, true) && isAccu(every[0]) && isAccu(result) && isAccu(goesOn);
    return sound ? { macro: 'all', range, variable, test: every[1] as Expr } : undefined;
  }
  if (!isConstant(loopCondition, true)) return undefined;
  if (isConstant(accuInit, 0n)) {
    const [counted, one] = partsOfCall(result, '_==_', 2) ?? [];
    const [before, added] = partsOfCall(more, '_+_', 2) ?? [];
    const counts = isAccu(before) && isConstant(added, 1n) && isAccu(less) && isAccu(counted) && isConstant(one, 1n);
    return counts && test ? { macro: 'exists_one', range, variable, test } : undefined;
  }
  if (accuInit.exprKind.case !== 'listExpr' || accuInit.exprKind.value.elements.length > 0) return undefined;
  const [before, added] = partsOfCall(test === undefined ? loopStep : more, '_+_', 2) ?? [];
  const elements = added?.exprKind.case === 'listExpr' ? added.exprKind.value.elements : [];
  const [item] = elements;
  if (item === undefined || elements.length !== 1 || !isAccu(before) || !isAccu(result)) return undefined;
  return test !== undefined && !isAccu(less) ? undefined : { macro: 'list', range, variable, test, item };
}

function partsOfCall(expr: Expr | undefined, name: string, count: number): readonly Expr[] | undefined {
  if (expr?.exprKind.case !== 'callExpr') return undefined;
  const { function: called, target, args } = expr.exprKind.value;
  return called === name && target === undefined && args.length === count ? args : undefined;
}

function inverted(expr: Expr | undefined): Expr | undefined {
  return partsOfCall(expr, '!_', 1)?.[0];
}

function isConstant(expr: Expr | undefined, value: boolean | bigint): boolean {
  return expr?.exprKind.case === 'constExpr' && expr.exprKind.value.constantKind.value === value;
}
