import { nearest } from '../language/nearest.ts';
import type { FindingCode, Params } from '../language/finding.ts';
import type { ConditionFault, Expr, Parsed } from './parse-condition.ts';
import { callType } from './functions.ts';
import { isPattern } from './reference-evaluator.ts';
import { ANY, BOOL, comparable, DOUBLE, INT, NULL, STRING, typeAt, typeName } from './types.ts';
import type { Catalogue, ConditionType } from './types.ts';

/** Where a check stands: the kind's fields, the names in scope, and what has been found wrong. */
interface Context {
  kind: string;
  catalogue: Catalogue;
  names: ReadonlyMap<string, ConditionType>;
  faults: ConditionFault[];
  positions: Readonly<Record<string, number>>;
}

const ROOT_NAMES = ['kind', 'issuer', 'province', 'agency'] as const;

/**
 * Type-checks a parsed condition for results of one kind: every name, field and function known, every operand of a
 * fitting type, the whole a bool. CEL itself would let `content.directoin == "import"` and `content.goods == "x"`
 * pass as an error or `false` at decision time; a list says only what can be true.
 * @returns the faults, none if the condition may be used for this kind.
 */
export function checkCondition(parsed: Parsed, root: Expr, kind: string, catalogue: Catalogue): ConditionFault[] {
  const names = new Map<string, ConditionType>(ROOT_NAMES.map((name) => [name, STRING]));
  names.set('content', { is: 'object', path: '' });
  const context: Context = { kind, catalogue, names, faults: [], positions: parsed.sourceInfo?.positions ?? {} };
  const type = typeOf(root, context);
  if (type !== undefined && type.is !== 'bool') fault(context, root, 'condition-not-bool', { type: typeName(type) });
  return context.faults;
}

/** Type of an expression; undefined after a fault in it has been noted, so that one mistake is told once. */
function typeOf(expr: Expr, context: Context): ConditionType | undefined {
  const { case: form, value } = expr.exprKind;
  switch (form) {
    case 'constExpr':
      return constantType(expr, value.constantKind.case, context);
    case 'identExpr':
      return context.names.get(value.name) ?? fault(context, expr, 'condition-unknown-name', { name: value.name });
    case 'selectExpr':
      return selectType(expr, value.operand, value.field, value.testOnly, context);
    case 'callExpr':
      return typeOfCall(expr, value.function, value.target, value.args, context);
    case 'listExpr':
      return listType(expr, value.elements, context);
    case 'comprehensionExpr':
      return loopType(value, context);
    default:
      return fault(context, expr, 'condition-unknown-function', { name: form === 'structExpr' ? '{…}' : String(form) });
  }
}

function constantType(expr: Expr, form: string | undefined, context: Context): ConditionType | undefined {
  switch (form) {
    case 'boolValue':
      return BOOL;
    case 'stringValue':
      return STRING;
    case 'int64Value':
      return INT;
    case 'doubleValue':
      return DOUBLE;
    case 'nullValue':
      return NULL;
    default:
      return fault(context, expr, 'condition-unknown-function', { name: form ?? 'constant' });
  }
}

function selectType(
  expr: Expr,
  operand: Expr | undefined,
  field: string,
  testOnly: boolean,
  context: Context,
): ConditionType | undefined {
  const of = operand && typeOf(operand, context);
  if (of === undefined) return undefined;
  if (of.is !== 'object') {
    return illTyped(context, expr, `${typeName(of)} 没有成员“${field}”`, `${typeName(of)} has no member "${field}"`);
  }
  const path = `${of.path}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const type = typeAt(context.catalogue, path);
  if (type === undefined) {
    const close = nearest(path, context.catalogue.keys()) ?? '';
    return fault(context, expr, 'condition-unknown-field', { kind: context.kind, path, nearest: close });
  }
  return testOnly ? BOOL : type;
}

function typeOfCall(
  expr: Expr,
  name: string,
  target: Expr | undefined,
  args: readonly Expr[],
  context: Context,
): ConditionType | undefined {
  if (name === '_[_]') return indexType(expr, args, context);
  const types = args.map((arg) => typeOf(arg, context));
  const of = target && typeOf(target, context);
  if (types.includes(undefined) || (target !== undefined && of === undefined)) return undefined;
  const answer = callType(name, of, types as ConditionType[]);
  switch (answer) {
    case 'unknown':
      return fault(context, expr, 'condition-unknown-function', { name: shownName(name) });
    case 'mismatch': {
      const given = [...(of ? [of] : []), ...(types as ConditionType[])].map(typeName).join(', ');
      return illTyped(
        context,
        expr,
        `${shownName(name)} 不适用于 (${given})`,
        `${shownName(name)} does not apply to (${given})`,
      );
    }
    default:
      if (name === 'matches') checkPattern(args[0], context);
      return answer;
  }
}

/** `list[0]` or `object["member"]`; only with a constant, so that what is named can be checked. */
function indexType(expr: Expr, [of, index]: readonly Expr[], context: Context): ConditionType | undefined {
  const type = of && typeOf(of, context);
  if (type === undefined || index === undefined) return undefined;
  const constant = index.exprKind.case === 'constExpr' ? index.exprKind.value.constantKind : undefined;
  if (type.is === 'list' && constant?.case === 'int64Value') return type.of;
  if (type.is === 'object' && constant?.case === 'stringValue')
    return selectType(expr, of, constant.value, false, context);
  return illTyped(context, expr, '下标须为常量', 'an index must be a constant');
}

function listType(expr: Expr, elements: readonly Expr[], context: Context): ConditionType | undefined {
  const types = elements.map((element) => typeOf(element, context));
  if (types.includes(undefined)) return undefined;
  const [first = ANY, ...rest] = types as ConditionType[];
  if (rest.every((type) => comparable(first, type))) return { is: 'list', of: first };
  return illTyped(context, expr, '列表各项类型不一', 'the items of a list must be of one type');
}

type Loop = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value'];

/** `exists`, `all`, `exists_one`, `filter`, `map`, as the parser has unfolded them. */
function loopType(loop: Loop, context: Context): ConditionType | undefined {
  const { iterRange, accuInit, loopStep, result } = loop;
  if (!iterRange || !accuInit || !loopStep || !result) return undefined;
  const range = typeOf(iterRange, context);
  const start = typeOf(accuInit, context);
  if (range === undefined || start === undefined) return undefined;
  if (range.is !== 'list') {
    return illTyped(context, iterRange, `${typeName(range)} 不是列表`, `${typeName(range)} is not a list`);
  }
  const withVariable = new Map(context.names).set(loop.iterVar, range.of);
  const step = typeOf(loopStep, { ...context, names: new Map(withVariable).set(loop.accuVar, start) });
  if (step === undefined) return undefined;
  return typeOf(result, { ...context, names: new Map(context.names).set(loop.accuVar, step) });
}

/** A pattern must be written out: it is then known to be RE2, and costs no more than the text is long. */
function checkPattern(arg: Expr | undefined, context: Context): void {
  const constant = arg?.exprKind.case === 'constExpr' ? arg.exprKind.value.constantKind : undefined;
  if (arg === undefined) return;
  if (constant?.case !== 'stringValue') {
    illTyped(context, arg, '正则表达式须为常量', 'a pattern must be a constant');
  } else if (!isPattern(constant.value)) {
    fault(context, arg, 'condition-pattern', { pattern: constant.value });
  }
}

function illTyped(context: Context, expr: Expr, zh: string, en: string): undefined {
  return fault(context, expr, 'condition-type', { zh, en });
}

function fault(context: Context, expr: Expr, code: FindingCode, params: Params): undefined {
  context.faults.push({ code, params, offset: context.positions[String(expr.id)] ?? 0 });
  return undefined;
}

/** `_==_` as people write it. */
function shownName(name: string): string {
  return name.replace(/^@/, '').replaceAll('_', name.startsWith('_') || name.endsWith('_') ? '' : '_');
}
