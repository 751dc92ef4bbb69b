import { Type, type Static } from 'typebox';
import { DURATION_PATTERN, durationMilliseconds } from '../identifiers/duration.ts';
import { SELECTOR_PATTERN } from '../mesh/selector.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import { type Checked, violation } from '../problem/violation.ts';
import { closed, referenceNumber, text, timestamp } from '../result/scalars.ts';
import { accessPaths, namesPlaces, purposeCode, resultKinds } from './scope.ts';

/** Rules that one unit may have. */
export const MAX_ACCESS_RULES = 500;

export const AccessRuleSchema = Type.Object(
  {
    /** The owner's name for it; a rule of the same name takes its place. */
    rule: referenceNumber(64),
    answer: Type.Enum(['grant', 'refuse']),
    /** Who asks: `hl.customs`, `*.customs`, `hl.*`, `*`. */
    requesters: Type.Array(Type.String({ pattern: SELECTOR_PATTERN, maxLength: 40 }), {
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
    }),
    kinds: resultKinds(),
    /** With `*` for every element: what is asked for is, or lies in, one of these. */
    paths: accessPaths(),
    purposes: Type.Array(purposeCode(), { minItems: 1, maxItems: 64, uniqueItems: true }),
    /** Whether standing queries are answered too, or single results alone. */
    standing: Type.Boolean(),
    /** ISO 8601: what is asked for longer is granted for so long. */
    longest: Type.Optional(Type.String({ pattern: DURATION_PATTERN, maxLength: 20 })),
    /** What the requester is told. */
    reason: text(1_000),
    /** From then on it answers nothing. */
    validUntil: Type.Optional(timestamp()),
  },
  closed,
);
/**
 * A standing rule (常设规则) by which a unit answers requests for its results at once: those that lie within all that it
 * names. A request that no rule answers waits for a person.
 */
export type AccessRule = Static<typeof AccessRuleSchema>;

export const RemoveAccessRuleSchema = Type.Object({ rule: referenceNumber(64) }, closed);
/** Body of `access.remove-rule`. */
export type RemoveAccessRule = Static<typeof RemoveAccessRuleSchema>;

/** Body of `access.rules`. */
export const FindAccessRulesSchema = Type.Object({}, closed);

/** Reply to `access.rules`, `access.put-rule` and `access.remove-rule`: the rules that there are, by name. */
export const AccessRulesSchema = Type.Object(
  { rules: Type.Array(AccessRuleSchema, { maxItems: MAX_ACCESS_RULES }) },
  closed,
);
export type AccessRules = Static<typeof AccessRulesSchema>;

const ruleShape = validatorOf<AccessRule>(AccessRuleSchema);

/** Checks `access.put-rule`: what a rule names is about any result, and what it grants lasts; a refusal has no end. */
export function validateAccessRule(input: unknown): Checked<AccessRule> {
  const shape = ruleShape(input);
  if (!shape.ok) return shape;
  const { answer, paths, longest } = shape.value;
  // A rule for one place would never answer: a refusal, of all things, would not refuse.
  const violations = paths.flatMap((path, index) =>
    namesPlaces(path) ? [violation(`/paths/${index}`, 'bad-format', { expected: '*' })] : [],
  );
  if (longest !== undefined && answer === 'refuse') {
    violations.push(violation('/longest', 'contradiction', { expected: '/answer' }));
  } else if (longest !== undefined && durationMilliseconds(longest) === 0) {
    violations.push(violation('/longest', 'out-of-range', { expected: '> PT0S' }));
  }
  return violations.length > 0 ? { ok: false, violations } : shape;
}

/** Checks `access.remove-rule`. */
export const validateRemoveAccessRule: (input: unknown) => Checked<RemoveAccessRule> =
  validatorOf(RemoveAccessRuleSchema);
/** Checks `access.rules`. */
export const validateFindAccessRules: (input: unknown) => Checked<object> = validatorOf(FindAccessRulesSchema);
