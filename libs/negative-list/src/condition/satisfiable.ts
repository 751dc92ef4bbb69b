import { formOf, operandsOf } from './expression-form.ts';
import type { Names } from './expression-form.ts';
import type { Domain } from './domain.ts';
import { findContradiction, memberOf } from './contradiction.ts';
import type { Claim, Contradiction, Place } from './contradiction.ts';
import type { Expr } from './parse-condition.ts';
import { readLoop } from './read-loop.ts';

/** What an expression is to be answered with, among the names of the loops around it. */
interface Goal {
  expr: Expr;
  answer: boolean;
  scope: Scope;
}

interface Scope {
  /** Where the content and the items of loops stand. */
  places: ReadonlyMap<string, Place>;
  /** What the names of loops stand for: one item is not another. */
  names: Names;
}

/** Cases that are looked at; beyond them a condition is taken for one that can be met. */
const MOST_CASES = 256;

/** How much may still be looked at, in claims; shared by all conditions of a list, so that none makes a lint endless. */
export interface Effort {
  left: number;
}

interface Case {
  goals: Goal[];
  claims: Claim[];
}

/**
 * Why a condition can never have an answer, whatever it is asked about within a domain: one contradiction for each case
 * in which it might. `undefined` if it may have that answer, or if it cannot be told within bounds. An answer is plain
 * `true` or `false`; that a condition cannot be decided, for a field that is missing, is neither.
 *
 * It follows `&&`, `||`, `!`, choices and searches in lists to the single claims that a case makes together, and asks
 * whether those can hold together. Sound, not complete: what it does not understand may be so.
 */
export function whyNever(
  root: Expr,
  answer: boolean,
  domain: Domain,
  effort: Effort = { left: Infinity },
): Contradiction[] | undefined {
  return whyNeverAll([root], answer, domain, effort);
}

/** Why several conditions can never have an answer all at once; as {@link whyNever} tells it of one. */
export function whyNeverAll(
  roots: readonly Expr[],
  answer: boolean,
  domain: Domain,
  effort: Effort,
): Contradiction[] | undefined {
  const content: Place = { key: 'content', path: '' };
  const scope: Scope = { places: new Map([['content', content]]), names: new Map() };
  const found: Contradiction[] = [];
  const cases: Case[] = [{ goals: roots.map((expr) => ({ expr, answer, scope })), claims: [] }];
  let items = 0;
  let looked = 0;
  for (let now = cases.pop(); now !== undefined; now = cases.pop()) {
    looked += 1;
    const choice = settle(now, () => items++);
    effort.left -= now.claims.length + 1;
    if (looked > MOST_CASES || effort.left < 0) return undefined;
    // Before a choice is followed: what is impossible already need not be followed into each of its ways.
    const contradiction = choice === 'never' ? undefined : findContradiction(now.claims, domain);
    if (choice === 'never') found.push({ reason: 'constant', expr: roots[0]! });
    else if (contradiction !== undefined) found.push(contradiction);
    else if (choice === undefined) return undefined;
    else {
      for (const way of choice) {
        cases.push({ goals: [...now.goals, ...way.goals], claims: [...now.claims, ...way.claims] });
      }
    }
  }
  return found;
}

/**
 * Follows the goals of a case as far as there is one way only. What is left is one choice, taken from the goals, which
 * keep the others; none if the case is its claims, `never` if it cannot be.
 */
function settle(now: Case, number: () => number): Way[] | 'never' | undefined {
  const choices: { goal: Goal; ways: Way[] }[] = [];
  for (let goal = now.goals.pop(); goal !== undefined; goal = now.goals.pop()) {
    const ways = expand(goal, number);
    const [only] = ways ?? [];
    if (ways === undefined) {
      now.claims.push(claimOf(goal));
    } else if (only === undefined) {
      return 'never';
    } else if (ways.length === 1) {
      now.goals.push(...only.goals);
      now.claims.push(...only.claims);
    } else {
      choices.push({ goal, ways });
    }
  }
  const chosen = choices.pop();
  now.goals = choices.map(({ goal }) => goal);
  return chosen?.ways;
}

interface Way {
  goals: Goal[];
  claims: Claim[];
}

/** The ways in which a goal is reached; `undefined` if it is a claim of its own. */
function expand({ expr, answer, scope }: Goal, number: () => number): Way[] | undefined {
  const { case: form, value } = expr.exprKind;
  const goal = (of: Expr, to: boolean): Goal => ({ expr: of, answer: to, scope });
  if (form === 'constExpr') {
    return value.constantKind.value === answer ? [{ goals: [], claims: [] }] : [];
  }
  if (form === 'comprehensionExpr') return expandLoop({ expr, answer, scope }, number);
  if (form !== 'callExpr' || value.target !== undefined) return undefined;
  const { function: name, args } = value;
  const [a, b, c] = args;
  switch (name) {
    case '_&&_':
    case '_||_': {
      const parts = operandsOf(expr, name).map((part) => goal(part, answer));
      // `&&` is true if all are, and false if any is; `||` the other way round; whatever the others are.
      const all = (name === '_&&_') === answer;
      return all ? [{ goals: parts, claims: [] }] : parts.map((part) => ({ goals: [part], claims: [] }));
    }
    case '!_':
      return a && [{ goals: [goal(a, !answer)], claims: [] }];
    case '_?_:_':
      if (!a || !b || !c) return undefined;
      return [
        { goals: [goal(a, true), goal(b, answer)], claims: [] },
        { goals: [goal(a, false), goal(c, answer)], claims: [] },
      ];
    default:
      return undefined;
  }
}

/** A search that succeeds has found an item, and one that is sure of all has not found one that fails. */
function expandLoop({ expr, answer, scope }: Goal, number: () => number): Way[] | undefined {
  const unfolded = expr.exprKind.case === 'comprehensionExpr' ? expr.exprKind.value : undefined;
  const loop = unfolded && readLoop(unfolded);
  if (loop === undefined || loop.macro === 'list') return undefined;
  const finds = loop.macro === 'all' ? !answer : answer;
  if (!finds) return undefined;
  const key = `item ${number()}`;
  const list = placeOf(loop.range, scope);
  const path = list?.path === undefined ? undefined : `${list.path}/*`;
  const item: Place = { key, path, ...(list === undefined ? {} : { within: list }) };
  const within: Scope = {
    places: new Map(scope.places).set(loop.variable, item),
    names: new Map(scope.names).set(loop.variable, key),
  };
  const goal: Goal = { expr: loop.test, answer: loop.macro !== 'all', scope: within };
  return [{ goals: [goal], claims: [claimOf({ expr, answer, scope })] }];
}

function claimOf({ expr, answer, scope }: Goal): Claim {
  const form = (part: Expr): string => formOf(part, scope.names);
  const { case: kind, value } = expr.exprKind;
  const isOpposite = kind === 'callExpr' && value.function === '_!=_';
  return {
    expr,
    // `a != b` is true exactly where `a == b` is false.
    answer: isOpposite ? !answer : answer,
    form: isOpposite ? `(_==_ ${value.args.map(form).join(' ')})` : form(expr),
    formOf: form,
    placeOf: (part) => placeOf(part, scope),
  };
}

/** Where an expression leads: to a member of the content or of an item, by names alone. */
function placeOf(expr: Expr, scope: Scope): Place | undefined {
  const { case: form, value } = expr.exprKind;
  if (form === 'identExpr')
    return scope.places.get(value.name) ?? { key: value.name, path: undefined, name: value.name };
  if (form !== 'selectExpr' || value.testOnly || value.operand === undefined) return undefined;
  const of = placeOf(value.operand, scope);
  return of && memberOf(of, value.field);
}
