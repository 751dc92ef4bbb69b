import { fieldsOf } from '@clearance/contracts';
import type { ResultKind } from '@clearance/contracts';
import { checkCondition } from '../condition/check-condition.ts';
import { parseCondition, partsOf } from '../condition/parse-condition.ts';
import type { Expr } from '../condition/parse-condition.ts';
import { unguardedFields } from '../condition/unguarded-fields.ts';
import { requiredPaths } from '../language/catalogue.ts';
import type { Remark } from '../language/finding.ts';

const VARIABLES = new Set(['content', 'kind', 'issuer', 'province', 'agency']);

/** What is to be said about a condition that is asked of results of these kinds. */
export function lintCondition(when: string, kinds: readonly ResultKind[], pointer: string): Remark[] {
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

  if (!namesVariable(root)) say({ code: 'constant-condition', pointer, params: {} });
  const positions = parsed.parsed.sourceInfo?.positions ?? {};
  for (const kind of kinds) {
    const required = requiredPaths(kind);
    for (const { path, expression, id } of unguardedFields(root, (field) => !required.has(field))) {
      say({ code: 'optional-field', pointer, params: { path, expression }, within: positions[String(id)] ?? 0 });
    }
  }
  return [...remarks.values()];
}

function namesVariable(expr: Expr): boolean {
  if (expr.exprKind.case === 'identExpr') return VARIABLES.has(expr.exprKind.value.name);
  return partsOf(expr).some(namesVariable);
}
