import { parse } from '@bufbuild/cel';
import { LIST_BOUNDS } from '../language/negative-list.ts';
import type { FindingCode, Params } from '../language/finding.ts';

/** A condition's syntax tree, as the CEL parser gives it (cel.expr.ParsedExpr). */
export type Parsed = ReturnType<typeof parse>;
/** One node of it (cel.expr.Expr). */
export type Expr = NonNullable<Parsed['expr']>;

/** What is wrong with a condition, and at which offset in its text. */
export interface ConditionFault {
  code: FindingCode;
  params: Params;
  offset: number;
}

export type ParsedCondition = { ok: true; parsed: Parsed; root: Expr } | { ok: false; fault: ConditionFault };

/**
 * Parses a CEL condition within bounds: its length and brackets before parsing (the parser recurses), its size and
 * loops after (each loop multiplies the cost of a decision by the length of an array).
 */
export function parseCondition(text: string): ParsedCondition {
  const { conditionLength, conditionBrackets, conditionNodes, conditionLoops } = LIST_BOUNDS;
  if (text.length > conditionLength) return tooComplex('表达式过长', 'too long', conditionLength);
  if (openBrackets(text) > conditionBrackets)
    return tooComplex('括号嵌套过深', 'too many open brackets', conditionBrackets);
  let parsed: Parsed;
  try {
    parsed = parse(text);
  } catch (fault) {
    return { ok: false, fault: syntaxFault(fault) };
  }
  const root = parsed.expr;
  if (root === undefined)
    return { ok: false, fault: { code: 'condition-syntax', params: { detail: 'empty' }, offset: 0 } };
  const { nodes, loops } = measure(root);
  if (nodes > conditionNodes) return tooComplex('运算过多', 'too many operations', conditionNodes);
  if (loops > conditionLoops) return tooComplex('循环嵌套过深', 'too many nested loops', conditionLoops);
  return { ok: true, parsed, root };
}

/** The direct parts of a node. */
export function partsOf(expr: Expr): Expr[] {
  const { case: kind, value } = expr.exprKind;
  switch (kind) {
    case 'selectExpr':
      return defined([value.operand]);
    case 'callExpr':
      return defined([value.target, ...value.args]);
    case 'listExpr':
      return value.elements;
    case 'structExpr':
      return value.entries.flatMap((entry) =>
        defined([entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined, entry.value]),
      );
    case 'comprehensionExpr':
      return defined([value.iterRange, value.accuInit, value.loopCondition, value.loopStep, value.result]);
    default:
      return [];
  }
}

function measure(expr: Expr): { nodes: number; loops: number } {
  const parts = partsOf(expr).map(measure);
  const loop = expr.exprKind.case === 'comprehensionExpr' ? 1 : 0;
  return {
    nodes: parts.reduce((sum, part) => sum + part.nodes, 1),
    loops: loop + Math.max(0, ...parts.map((part) => part.loops)),
  };
}

function openBrackets(text: string): number {
  let open = 0;
  let most = 0;
  // An estimate (a literal with escapes is counted as text): the parser itself stops at its stack's end.
  for (const character of text.replace(/"[^"\\]*"|'[^'\\]*'/g, '')) {
    if ('([{'.includes(character)) most = Math.max(most, ++open);
    else if (')]}'.includes(character)) open = Math.max(0, open - 1);
  }
  return most;
}

function syntaxFault(fault: unknown): ConditionFault {
  const { rawMessage, message, location } = fault as {
    rawMessage?: string;
    message?: string;
    location?: { start?: { offset?: number } };
  };
  // The parser's list of everything that it would have expected helps nobody.
  const detail = (rawMessage ?? message ?? 'unreadable').replace(/ but expecting '!'.*$/s, '').slice(0, 200);
  return { code: 'condition-syntax', params: { detail }, offset: location?.start?.offset ?? 0 };
}

function tooComplex(zh: string, en: string, limit: number): ParsedCondition {
  return { ok: false, fault: { code: 'condition-too-complex', params: { zh, en, limit }, offset: 0 } };
}

function defined<T>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item) => item !== undefined);
}
