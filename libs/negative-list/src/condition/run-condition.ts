import { compileCondition } from './compile-condition.ts';
import type { Parsed } from './parse-condition.ts';
import { planReference } from './reference-evaluator.ts';
import type { Condition } from './reference-evaluator.ts';

/**
 * Makes a parsed and checked condition runnable: compiled where it can be, by the CEL library where it cannot, with the
 * same answers.
 */
export function planCondition(parsed: Parsed): Condition {
  const compiled = parsed.expr === undefined ? undefined : compileCondition(parsed.expr);
  if (compiled === undefined) return planReference(parsed);
  let reference: Condition | undefined;
  return (facts) => {
    const { content } = facts;
    if (typeof content === 'object' && content !== null) return compiled(facts);
    // A content that is none is the library's to judge: it takes a missing variable for more than a missing member.
    reference ??= planReference(parsed);
    return reference(facts);
  };
}
