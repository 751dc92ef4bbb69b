import { isResultKind, RESULT_KINDS, type ResultKind } from '../codes/results.ts';
import { validatorOf, type Validator } from '../problem/schema-validator.ts';
import { violation, type Checked, type Violation } from '../problem/violation.ts';
import { Type } from 'typebox';
import { commonMembers } from './common.ts';
import { closed } from './scalars.ts';
import { contentSchemas, type ResultContent } from './content.ts';
import { crossReferenceViolations } from './cross-references.ts';

const validators = Object.fromEntries(
  RESULT_KINDS.map((kind) => [kind, validatorOf<ResultContent>(contentSchemas[kind])]),
) as Record<ResultKind, Validator<ResultContent>>;

/** What can be said of a content whose kind is not known: its common members. Which agency part it may have cannot. */
const commonValidator = validatorOf<unknown>(
  Type.Object(
    {
      ...commonMembers,
      kind: Type.Optional(Type.Unknown()),
      customs: Type.Optional(Type.Unknown()),
      inspection: Type.Optional(Type.Unknown()),
      border: Type.Optional(Type.Unknown()),
    },
    closed,
  ),
);

/** Whether the walk over the value had to stop: then nothing else may look at it. */
function isUnbounded(checked: Checked<unknown>): boolean {
  return !checked.ok && checked.violations.some((found) => found.pointer === '' || found.code === 'too-deep');
}

/**
 * Validates a result's content as a backend sends it: the closed schema of its kind, identifiers to their check
 * digits, and what the content's parts say about each other. Every violation is listed. Never throws.
 * The kind is looked at first, so that the errors are about the kind that was meant.
 */
export function validateContent(input: unknown): Checked<ResultContent> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { ok: false, violations: [violation('', 'wrong-type', { expected: 'object' })] };
  }
  const kind: unknown = Object.hasOwn(input, 'kind') ? (input as { kind?: unknown }).kind : undefined;
  const known = isResultKind(kind);
  const checked: Checked<unknown> = known ? validators[kind](input) : commonValidator(input);
  const violations: Violation[] = checked.ok ? [] : [...checked.violations];
  if (kind === undefined) violations.unshift(violation('/kind', 'missing'));
  else if (!known) violations.unshift(violation('/kind', 'unknown-kind', { expected: RESULT_KINDS.join(', ') }));
  if (!isUnbounded(checked)) violations.push(...crossReferenceViolations(input));
  return violations.length === 0 ? { ok: true, value: input as ResultContent } : { ok: false, violations };
}
