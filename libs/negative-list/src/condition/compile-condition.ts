import { callOf } from './compiled-calls.ts';
import { readLoop } from './read-loop.ts';
import type { Loop } from './read-loop.ts';
import type { Expr } from './parse-condition.ts';
import type { Condition, ConditionFacts } from './reference-evaluator.ts';
import { isMap, sameValue } from './values.ts';
import type { Run } from './values.ts';

/** What the names in scope stand for, and how many loops are around. */
interface Scope {
  names: ReadonlyMap<string, Run>;
  loops: number;
}

const FACTS: Scope = {
  names: new Map<string, Run>([
    ['content', (facts) => facts.content],
    ['kind', (facts) => facts.kind],
    ['issuer', (facts) => facts.issuer],
    ['province', (facts) => facts.province],
    ['agency', (facts) => facts.agency],
  ]),
  loops: 0,
};

const ITEMS: readonly Run[] = [(_facts, first) => first, (_facts, _first, second) => second];

/**
 * Compiles a checked condition into functions over plain JSON, for contents that are objects. Its answers are exactly
 * those of the CEL library, whose errors are here `undefined`: `&&` and `||` take an answer from either side, what is
 * wrongly typed or missing is an error, a member that is `null` is not there for `has(…)`.
 * @returns undefined if the condition has a part that is not compiled (times): it is the library's then, as a whole
 */
export function compileCondition(root: Expr): Condition | undefined {
  const run = compile(root, FACTS);
  if (run === undefined) return undefined;
  return (facts) => {
    try {
      const answer = run(facts, undefined, undefined);
      return typeof answer === 'boolean' ? answer : undefined;
    } catch {
      return undefined;
    }
  };
}

function compile(expr: Expr, scope: Scope): Run | undefined {
  const { case: form, value } = expr.exprKind;
  switch (form) {
    case 'constExpr':
      return constant(value.constantKind.value);
    case 'identExpr':
      return scope.names.get(value.name);
    case 'selectExpr': {
      const of = value.operand && compile(value.operand, scope);
      return of && (value.testOnly ? hasMember(of, value.field) : member(of, value.field));
    }
    case 'callExpr': {
      const { function: name, target, args } = value;
      return compileCall(name, target, args, scope);
    }
    case 'listExpr': {
      const elements = compileAll(value.elements, scope);
      return elements && value.optionalIndices.length === 0 ? list(elements) : undefined;
    }
    case 'comprehensionExpr': {
      const loop = readLoop(value);
      return loop && compileLoop(loop, scope);
    }
    default:
      return undefined;
  }
}

function compileAll(exprs: readonly Expr[], scope: Scope): Run[] | undefined {
  const runs = exprs.map((expr) => compile(expr, scope)).filter((run) => run !== undefined);
  return runs.length === exprs.length ? runs : undefined;
}

function compileCall(name: string, target: Expr | undefined, args: readonly Expr[], scope: Scope): Run | undefined {
  const operands = compileAll(target === undefined ? args : [target, ...args], scope);
  const [a, b, c] = operands ?? [];
  if (operands === undefined || a === undefined) return undefined;
  const constants = args.map(constantOf);
  switch (name) {
    case '_&&_':
      return allOf(operands, false);
    case '_||_':
      return allOf(operands, true);
    case '_?_:_':
      return b && c && choice(a, b, c);
    case '_[_]':
      return element(a, constants[1]);
    case '_==_':
      return b && equality(a, b, constants);
    case '@in': {
      const texts = textsOf(args[1]);
      return texts === undefined ? b && callOf(name, false, [a, b]) : oneOf(a, texts);
    }
    default:
      return callOf(name, target !== undefined, operands);
  }
}

function constant(value: unknown): Run | undefined {
  const known = value === null || ['string', 'boolean', 'number', 'bigint'].includes(typeof value);
  return known ? () => value : undefined;
}

function member(of: Run, name: string): Run {
  return (facts, first, second) => {
    const value = of(facts, first, second);
    return isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  };
}

function hasMember(of: Run, name: string): Run {
  return (facts, first, second) => {
    const value = of(facts, first, second);
    if (value === undefined) return undefined;
    return isMap(value) && Object.hasOwn(value, name) && value[name] !== null && value[name] !== undefined;
  };
}

function element(of: Run, index: unknown): Run | undefined {
  if (typeof index === 'string') return member(of, index);
  if (typeof index !== 'bigint') return undefined;
  const place = Number(index);
  return (facts, first, second) => {
    const value = of(facts, first, second);
    return Array.isArray(value) ? (value as unknown[])[place] : undefined;
  };
}

function list(elements: readonly Run[]): Run {
  return (facts, first, second) => {
    const values = elements.map((each) => each(facts, first, second));
    return values.includes(undefined) ? undefined : values;
  };
}

/** `&&` and `||`: one operand that says `settles` settles it, whatever the others are. */
function allOf(operands: readonly Run[], settles: boolean): Run {
  return (facts, first, second) => {
    let sure = true;
    for (const operand of operands) {
      const value = operand(facts, first, second);
      if (value === settles) return settles;
      if (typeof value !== 'boolean') sure = false;
    }
    return sure ? !settles : undefined;
  };
}

function choice(condition: Run, then: Run, otherwise: Run): Run {
  return (facts, first, second) => {
    const answer = condition(facts, first, second);
    if (answer === true) return then(facts, first, second);
    return answer === false ? otherwise(facts, first, second) : undefined;
  };
}

function equality(a: Run, b: Run, constants: readonly unknown[]): Run {
  const [left, right] = constants;
  if (typeof right === 'string') return equalsText(a, right);
  if (typeof left === 'string') return equalsText(b, left);
  return (facts, first, second) => {
    const one = a(facts, first, second);
    const other = b(facts, first, second);
    return one === undefined || other === undefined ? undefined : sameValue(one, other);
  };
}

function equalsText(of: Run, text: string): Run {
  return (facts, first, second) => {
    const value = of(facts, first, second);
    return value === undefined ? undefined : value === text;
  };
}

function oneOf(of: Run, texts: ReadonlySet<unknown>): Run {
  return (facts, first, second) => {
    const value = of(facts, first, second);
    return value === undefined ? undefined : texts.has(value);
  };
}

function compileLoop(loop: Loop, scope: Scope): Run | undefined {
  const variable = ITEMS[scope.loops];
  const range = compile(loop.range, scope);
  if (variable === undefined || range === undefined) return undefined;
  const within: Scope = { names: new Map(scope.names).set(loop.variable, variable), loops: scope.loops + 1 };
  const inner = scope.loops === 1;
  /** A part of the loop, run for an item of this loop. */
  const part = (expr: Expr): ItemRun | undefined => {
    const run = compile(expr, within);
    return (
      run && (inner ? (facts, first, item) => run(facts, first, item) : (facts, _, item) => run(facts, item, undefined))
    );
  };
  const test = loop.test && part(loop.test);
  if (loop.test !== undefined && test === undefined) return undefined;
  if (loop.macro !== 'list') return test && seeking[loop.macro](range, test);
  const item = part(loop.item);
  return item && collecting(range, test, item);
}

type ItemRun = (facts: ConditionFacts, first: unknown, item: unknown) => unknown;

const seeking = {
  exists: (range: Run, test: ItemRun): Run => untilAnswer(range, test, true),
  all: (range: Run, test: ItemRun): Run => untilAnswer(range, test, false),
  exists_one:
    (range: Run, test: ItemRun): Run =>
    (facts, first, second) => {
      const items = itemsOf(range(facts, first, second));
      if (items === undefined) return undefined;
      let count = 0;
      for (const item of items) {
        const answer = test(facts, first, item);
        if (typeof answer !== 'boolean') return undefined;
        if (answer) count += 1;
      }
      return count === 1;
    },
};

/** One item that gives the answer sought settles it, whatever the others are. */
function untilAnswer(range: Run, test: ItemRun, sought: boolean): Run {
  return (facts, first, second) => {
    const items = itemsOf(range(facts, first, second));
    if (items === undefined) return undefined;
    let sure = true;
    for (const item of items) {
      const answer = test(facts, first, item);
      if (answer === sought) return sought;
      if (typeof answer !== 'boolean') sure = false;
    }
    return sure ? !sought : undefined;
  };
}

function collecting(range: Run, test: ItemRun | undefined, yielded: ItemRun): Run {
  return (facts, first, second) => {
    const items = itemsOf(range(facts, first, second));
    if (items === undefined) return undefined;
    const kept: unknown[] = [];
    for (const item of items) {
      const answer = test === undefined ? true : test(facts, first, item);
      if (typeof answer !== 'boolean') return undefined;
      if (!answer) continue;
      const value = yielded(facts, first, item);
      if (value === undefined) return undefined;
      kept.push(value);
    }
    return kept;
  };
}

/** A loop over a map, which only a content of the wrong shape has in that place, is one over its keys. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return isMap(value) ? Object.keys(value) : undefined;
}

function constantOf(expr: Expr): unknown {
  return expr.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind.value : undefined;
}

/** The texts of a list that is nothing but texts, written out. */
function textsOf(expr: Expr | undefined): ReadonlySet<unknown> | undefined {
  if (expr?.exprKind.case !== 'listExpr') return undefined;
  const texts = expr.exprKind.value.elements.map(constantOf);
  return texts.every((text) => typeof text === 'string') ? new Set(texts) : undefined;
}
