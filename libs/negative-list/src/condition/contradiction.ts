import { escapeSegment } from '../language/catalogue.ts';
import type { Domain } from './domain.ts';
import type { Expr } from './parse-condition.ts';
import { matchesPattern } from './reference-evaluator.ts';

/** Something that a condition reads: a fact by its name, a member of the content or of the item of a loop. */
export interface Place {
  /** Tells it from every other place. */
  key: string;
  /** Its path in the catalogue, if it is in the content. */
  path: string | undefined;
  /** Its name, if it is a fact other than the content. */
  name?: string;
  /** What it is a member or an item of. */
  within?: Place;
}

/** A single expression that is to have an answer, together with others. */
export interface Claim {
  expr: Expr;
  /** What it is answered with; of `a != b` it is the answer to `a == b`. */
  answer: boolean;
  /** What it says; claims of one form have one answer. */
  form: string;
  formOf: (part: Expr) => string;
  placeOf: (part: Expr) => Place | undefined;
}

/**
 * Why some claims cannot hold together. `constant`: it is written out. `both`: one thing is to be so and not so.
 * `texts`: no text is all that is asked of it. `numbers`: no number is. `absent`: it is to be missing, and to have a
 * value. `required`: it is to be missing, and never is.
 */
export interface Contradiction {
  reason: 'constant' | 'both' | 'texts' | 'numbers' | 'absent' | 'required';
  /** Where in the condition it shows. */
  expr: Expr;
  /** What it is about, where that is a field, as the condition writes it. */
  of?: Expr;
  /** For `texts`: what it can be at all. */
  known?: readonly string[];
}

/** The place of a member. */
export function memberOf(of: Place, field: string): Place {
  const path = of.path === undefined ? undefined : `${of.path}/${escapeSegment(field)}`;
  return { key: `${of.key}\n${field}`, path, within: of };
}

/** The first reason found for which claims cannot hold together; `undefined` if they may. */
export function findContradiction(claims: readonly Claim[], domain: Domain): Contradiction | undefined {
  return findOpposites(claims) ?? findAbsent(claims, domain) ?? findNoText(claims, domain) ?? findNoNumber(claims);
}

function findOpposites(claims: readonly Claim[]): Contradiction | undefined {
  const answers = new Map<string, boolean>();
  for (const { form, answer, expr } of claims) {
    if (answers.get(form) === !answer) return { reason: 'both', expr };
    answers.set(form, answer);
  }
  return undefined;
}

// Presence

/** That a claim has an answer at all means that what it reads is there; what `has(…)` denies is not. */
function findAbsent(claims: readonly Claim[], domain: Domain): Contradiction | undefined {
  const there = new Set<string>();
  const missing: { place: Place; expr: Expr }[] = [];
  for (const claim of claims) {
    const { expr, answer } = claim;
    const { case: form, value } = expr.exprKind;
    if (form === 'selectExpr' && value.testOnly) {
      const of = value.operand && claim.placeOf(value.operand);
      if (of === undefined) continue;
      const place = memberOf(of, value.field);
      addAbove(of, there);
      if (answer) addAll(place, there);
      else missing.push({ place, expr });
    } else {
      for (const { part, isValue } of partsRead(expr, answer)) {
        const place = claim.placeOf(part);
        if (place !== undefined) (isValue ? addAll : addAbove)(place, there);
      }
    }
  }
  for (const { place, expr } of missing) {
    if (there.has(place.key)) return { reason: 'absent', expr, of: expr };
    if (place.path !== undefined && domain.isRequired(place.path)) return { reason: 'required', expr, of: expr };
  }
  return undefined;
}

/** Operators that have no answer for `null`, so that what they are asked about has a value. */
const OF_VALUES = new Set(['_<_', '_<=_', '_>_', '_>=_', 'contains', 'startsWith', 'endsWith', 'matches', 'size']);

/** The parts that must have been read for a claim to have its answer; `isValue` if they are not `null` either. */
function partsRead(expr: Expr, answer: boolean): { part: Expr; isValue: boolean }[] {
  const { case: form, value } = expr.exprKind;
  if (form === 'comprehensionExpr') return value.iterRange ? [{ part: value.iterRange, isValue: true }] : [];
  if (form !== 'callExpr') return [{ part: expr, isValue: true }];
  const operands = value.target === undefined ? value.args : [value.target, ...value.args];
  const { function: name } = value;
  if (OF_VALUES.has(name)) return operands.flatMap((part) => within(part, true));
  if (name !== '_==_' && name !== '_!=_' && name !== '@in') return [];
  // What equals a text is a text; what does not may be `null`.
  const isValue = answer && name !== '@in' && operands.some((part) => textOf(part) !== undefined);
  return operands.flatMap((part) => within(part, isValue));
}

function within(part: Expr, isValue: boolean): { part: Expr; isValue: boolean }[] {
  const { case: form, value } = part.exprKind;
  const isSize = form === 'callExpr' && value.function === 'size';
  const of = isSize ? (value.target ?? value.args[0]) : undefined;
  return of === undefined ? [{ part, isValue }] : [{ part: of, isValue: true }];
}

function addAll(place: Place, there: Set<string>): void {
  there.add(place.key);
  addAbove(place, there);
}

function addAbove(place: Place, there: Set<string>): void {
  for (let above = place.within; above !== undefined; above = above.within) there.add(above.key);
}

// Texts

interface Texts {
  place: Place;
  /** What it may be; undefined if anything. */
  allowed: readonly string[] | undefined;
  tests: ((text: string) => boolean)[];
  expr: Expr;
  of: Expr;
}

const TESTS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  // What is no pattern is no claim either; lint tells of it.
  matches: (text, pattern) => matchesPattern(text, pattern) !== false,
};

/** No text that a field can hold is all that is asked of it. */
function findNoText(claims: readonly Claim[], domain: Domain): Contradiction | undefined {
  const byKey = new Map<string, Texts>();
  for (const claim of claims) {
    const asked = textAsked(claim);
    if (asked === undefined) continue;
    const { place, of } = asked;
    const start = place.name === undefined ? place.path && domain.textsAt(place.path) : domain.textsOf(place.name);
    const texts = byKey.get(place.key) ?? { place, allowed: start || undefined, tests: [], expr: claim.expr, of };
    texts.expr = claim.expr;
    if (asked.oneOf !== undefined) {
      const { oneOf } = asked;
      texts.allowed = texts.allowed?.filter((text) => oneOf.includes(text)) ?? oneOf;
    } else {
      texts.tests.push(asked.test);
    }
    byKey.set(place.key, texts);
    if (texts.allowed?.every((text) => texts.tests.some((test) => !test(text)))) {
      const known = start || undefined;
      return { reason: 'texts', expr: texts.expr, of: texts.of, ...(known === undefined ? {} : { known }) };
    }
  }
  return undefined;
}

type TextAsked = { place: Place; of: Expr } & (
  { oneOf: readonly string[] } | { oneOf: undefined; test: (text: string) => boolean }
);

function textAsked({ expr, answer, placeOf }: Claim): TextAsked | undefined {
  if (expr.exprKind.case !== 'callExpr') return undefined;
  const { function: name, target, args } = expr.exprKind.value;
  const [a, b] = target === undefined ? args : [target, ...args];
  if (a === undefined || b === undefined) return undefined;
  if (name === '_==_' || name === '_!=_') {
    const [of, text] = textOf(b) === undefined ? [b, textOf(a)] : [a, textOf(b)];
    const place = placeOf(of);
    return place && text !== undefined ? among(place, of, [text], answer) : undefined;
  }
  const place = placeOf(a);
  if (place === undefined) return undefined;
  if (name === '@in') {
    const texts = b.exprKind.case === 'listExpr' ? b.exprKind.value.elements.map(textOf) : [undefined];
    const known = texts.filter((text) => text !== undefined);
    return known.length === texts.length ? among(place, a, known, answer) : undefined;
  }
  const test = target !== undefined && Object.hasOwn(TESTS, name) ? TESTS[name] : undefined;
  const part = textOf(b);
  if (test === undefined || part === undefined) return undefined;
  return { place, of: a, oneOf: undefined, test: (text) => test(text, part) === answer };
}

function among(place: Place, of: Expr, texts: readonly string[], answer: boolean): TextAsked {
  return answer ? { place, of, oneOf: texts } : { place, of, oneOf: undefined, test: (text) => !texts.includes(text) };
}

function textOf(expr: Expr): string | undefined {
  const constant = expr.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind : undefined;
  return constant?.case === 'stringValue' ? constant.value : undefined;
}

// Numbers

interface Range {
  isWhole: boolean;
  least: number;
  /** Whether `least` itself is out. */
  above: boolean;
  most: number;
  below: boolean;
  not: number[];
}

/** No number is all that is asked of a field, a size or a number that is read from a text. */
function findNoNumber(claims: readonly Claim[]): Contradiction | undefined {
  const ranges = new Map<string, Range>();
  for (const claim of claims) {
    const asked = numberAsked(claim);
    if (asked === undefined) continue;
    const { of, operator, number, isWhole, isSize } = asked;
    const key = claim.formOf(of);
    const anything: Range = { isWhole, least: -Infinity, above: false, most: Infinity, below: false, not: [] };
    const range = ranges.get(key) ?? (isSize ? { ...anything, least: 0 } : anything);
    ranges.set(key, range);
    narrow(range, operator, number);
    if (isEmpty(range)) return { reason: 'numbers', expr: claim.expr, of };
  }
  return undefined;
}

type Operator = '<' | '<=' | '>' | '>=' | '==' | '!=';
const OPERATORS: Readonly<Record<string, Operator>> = {
  '_<_': '<',
  '_<=_': '<=',
  '_>_': '>',
  '_>=_': '>=',
  '_==_': '==',
  '_!=_': '==',
};
const TURNED: Readonly<Record<Operator, Operator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};
const DENIED: Readonly<Record<Operator, Operator>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': '!=',
  '!=': '==',
};

function numberAsked({ expr, answer, placeOf }: Claim) {
  if (expr.exprKind.case !== 'callExpr' || expr.exprKind.value.target !== undefined) return undefined;
  const { function: name, args } = expr.exprKind.value;
  const [a, b] = args;
  const written = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (written === undefined || a === undefined || b === undefined) return undefined;
  const [left, right] = [numberOf(a), numberOf(b)];
  const number = right ?? left;
  if (number === undefined || (left !== undefined && right !== undefined)) return undefined;
  const of = right === undefined ? b : a;
  const operator = right === undefined ? TURNED[written] : written;
  const { case: form, value } = of.exprKind;
  const called = form === 'callExpr' ? value.function : undefined;
  const isSize = called === 'size';
  const isWhole = isSize || called === 'int';
  const [only] = form === 'callExpr' ? value.args : [];
  // Only what is never NaN, of which every comparison is false and none is denied by another.
  const isNumber = isWhole || placeOf(of) !== undefined || (called === 'double' && only && placeOf(only) !== undefined);
  return isNumber ? { of, operator: answer ? operator : DENIED[operator], number, isWhole, isSize } : undefined;
}

/** A number that is written out, and small enough to be compared exactly with whole numbers. */
function numberOf(expr: Expr): number | undefined {
  const { case: form, value } = expr.exprKind;
  if (form === 'callExpr' && value.function === '-_' && value.args[0] !== undefined) {
    const number = numberOf(value.args[0]);
    return number === undefined ? undefined : -number;
  }
  const constant = form === 'constExpr' ? value.constantKind : undefined;
  if (constant?.case !== 'int64Value' && constant?.case !== 'doubleValue') return undefined;
  const number = Number(constant.value);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

function narrow(range: Range, operator: Operator, number: number): void {
  const atLeast = (least: number, above: boolean): void => {
    if (least < range.least || (least === range.least && !above)) return;
    Object.assign(range, { least, above });
  };
  const atMost = (most: number, below: boolean): void => {
    if (most > range.most || (most === range.most && !below)) return;
    Object.assign(range, { most, below });
  };
  const { isWhole } = range;
  switch (operator) {
    case '>':
      return isWhole ? atLeast(Math.floor(number) + 1, false) : atLeast(number, true);
    case '>=':
      return atLeast(isWhole ? Math.ceil(number) : number, false);
    case '<':
      return isWhole ? atMost(Math.ceil(number) - 1, false) : atMost(number, true);
    case '<=':
      return atMost(isWhole ? Math.floor(number) : number, false);
    case '==':
      atLeast(number, false);
      return atMost(number, false);
    case '!=':
      return void range.not.push(number);
    default:
      return operator satisfies never;
  }
}

function isEmpty({ isWhole, least, above, most, below, not }: Range): boolean {
  if (least > most || (least === most && (above || below))) return true;
  if (least !== most) return false;
  return not.includes(least) || (isWhole && !Number.isInteger(least));
}
