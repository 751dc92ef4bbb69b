import { fieldsOf } from '@clearance/contracts';
import type { ResultKind } from '@clearance/contracts';
import { checkCondition } from '../condition/check-condition.ts';
import type { Contradiction } from '../condition/contradiction.ts';
import { domainOf } from '../condition/domain.ts';
import { parseCondition, partsOf } from '../condition/parse-condition.ts';
import type { Expr } from '../condition/parse-condition.ts';
import { whyNever } from '../condition/satisfiable.ts';
import type { Effort } from '../condition/satisfiable.ts';
import { unguardedFields, written } from '../condition/unguarded-fields.ts';
import { requiredPaths } from '../language/catalogue.ts';
import type { Remark } from '../language/finding.ts';
import { listed } from '../language/words.ts';

const VARIABLES = new Set(['content', 'kind', 'issuer', 'province', 'agency']);

/** What is to be said about a condition that is asked of results of these kinds. */
export function lintCondition(when: string, kinds: readonly ResultKind[], pointer: string, effort: Effort): Remark[] {
  const parsed = parseCondition(when);
  if (!parsed.ok) return [{ ...parsed.fault, pointer, within: parsed.fault.offset }];
  const { root } = parsed;
  const remarks = new Map<string, Remark>();
  const say = (remark: Remark): void => {
    // The same mistake is told once, and not again for every kind that the entry is about.
    const key = `${remark.code} ${remark.within} ${remark.params.path ?? ''}`;
    if (!remarks.has(key)) remarks.set(key, remark);
  };
  for (const kind of kinds) {
    for (const fault of checkCondition(parsed.parsed, root, kind, fieldsOf(kind))) {
      say({ code: fault.code, params: fault.params, pointer, within: fault.offset });
    }
  }
  if (remarks.size > 0) return [...remarks.values()];

  const positions = parsed.parsed.sourceInfo?.positions ?? {};
  if (!namesVariable(root)) say({ code: 'constant-condition', pointer, params: {} });
  else
    for (const [code, answer] of [
      ['impossible-condition', true],
      ['always-true', false],
    ] as const) {
      const why = whyNeverOfAny(root, answer, kinds, effort);
      if (why !== undefined) {
        say({ code, pointer, params: reasonOf(why), within: positions[String(why.expr.id)] ?? 0 });
      }
    }
  for (const kind of kinds) {
    const required = requiredPaths(kind);
    for (const { path, expression, id } of unguardedFields(root, (field) => !required.has(field))) {
      say({ code: 'optional-field', pointer, params: { path, expression }, within: positions[String(id)] ?? 0 });
    }
  }
  return [...remarks.values()];
}

/** Why a condition never has an answer for results of any of the kinds; what shows it for the first of them. */
function whyNeverOfAny(
  root: Expr,
  answer: boolean,
  kinds: readonly ResultKind[],
  effort: Effort,
): Contradiction | undefined {
  let first: Contradiction | undefined;
  for (const kind of kinds) {
    const found = whyNever(root, answer, domainOf(kind), effort);
    if (found === undefined) return undefined;
    first ??= found[0];
  }
  return first;
}

function reasonOf({ reason, of, known = [] }: Contradiction): { zh: string; en: string } {
  const field = of === undefined ? '' : written(of);
  switch (reason) {
    case 'constant':
      return { zh: '其结果已写定', en: 'its answer is written out' };
    case 'both':
      return { zh: '同一判断既须成立又须不成立', en: 'one thing would have to be so and not so' };
    case 'texts': {
      const { zh, en } = listed(known);
      return known.length === 0
        ? { zh: `没有取值能同时满足对“${field}”的各项要求`, en: `no value of "${field}" is all that is asked of it` }
        : { zh: `“${field}”只能取 ${zh}`, en: `"${field}" can only be one of ${en}` };
    }
    case 'numbers':
      return { zh: `没有数值能同时满足对“${field}”的各项要求`, en: `no number is all that is asked of "${field}"` };
    case 'absent':
      return { zh: `“${field}”既须缺失又须有值`, en: `"${field}" would have to be missing and to have a value` };
    case 'required':
      return { zh: `“${field}”总是存在`, en: `"${field}" is always there` };
    default:
      return reason satisfies never;
  }
}

function namesVariable(expr: Expr): boolean {
  if (expr.exprKind.case === 'identExpr') return VARIABLES.has(expr.exprKind.value.name);
  return partsOf(expr).some(namesVariable);
}
