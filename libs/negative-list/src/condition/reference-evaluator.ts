import { celEnv, celFunc, celList, celMap, CelScalar, parse, plan, run } from '@bufbuild/cel';
import type { CelInput } from '@bufbuild/cel';
import type { Parsed } from './parse-condition.ts';

/** What a condition is asked about: one result, the same for every consumer. */
export interface ConditionFacts {
  /** The content, plain JSON. */
  content: unknown;
  kind: string;
  issuer: string;
  province: string;
  agency: string;
}

/** A condition ready to run: `true` or `false`, or undefined where it cannot be decided. It never throws. */
export type Condition = (facts: ConditionFacts) => boolean | undefined;

const { STRING, DOUBLE, DYN } = CelScalar;

/** What `double(…)` reads: the evaluator itself reads any text, as NaN if need be, with which every comparison is false. */
export const DECIMAL = /^-?\d+(\.\d+)?$/;

const strictDouble = celFunc('double', [STRING], DOUBLE, (text: string): number => {
  if (!DECIMAL.test(text)) throw new Error('not a decimal number');
  return Number(text);
});

const environment = celEnv({
  variables: { content: DYN, kind: STRING, issuer: STRING, province: STRING, agency: STRING },
  funcs: [strictDouble],
});

/** Facts as the evaluator takes them, made once for all conditions that are asked of a result. */
const evaluable = new WeakMap<ConditionFacts, ConditionFacts>();

/** Makes a parsed and checked condition runnable by the CEL library: what every other way of running it must equal. */
export function planReference(parsed: Parsed): Condition {
  const evaluate = plan(environment, parsed) as (facts: ConditionFacts) => unknown;
  return (facts) => {
    try {
      let known = evaluable.get(facts);
      if (known === undefined) evaluable.set(facts, (known = { ...facts, content: celValue(facts.content) }));
      // Errors come back as objects, which are truthy: only the two booleans themselves are answers.
      const answer = evaluate(known);
      return answer === true || answer === false ? answer : undefined;
    } catch {
      return undefined;
    }
  };
}

/**
 * A JSON value as the evaluator takes it. Objects become maps, so that no member name (`constructor`, `$typeName`) and
 * no missing prototype can change how a content is read.
 */
function celValue(json: unknown): unknown {
  if (Array.isArray(json)) return celList(json.map(celValue) as CelInput[]);
  if (typeof json !== 'object' || json === null) return json;
  return celMap(new Map(Object.entries(json).map(([name, member]) => [name, celValue(member) as CelInput])));
}

const match = plan(celEnv({ variables: { text: STRING, pattern: STRING } }), parse('text.matches(pattern)'));

/** Whether a text matches a pattern of RE2; undefined if it is none. */
export function matchesPattern(text: string, pattern: string): boolean | undefined {
  const answer = match({ text, pattern });
  return typeof answer === 'boolean' ? answer : undefined;
}

const PATTERNS_KEPT = 256;
const patterns = new Map<string, boolean>();

/** Whether a text is a pattern of RE2. The last answers are kept: a condition is checked for every kind of its entry. */
export function isPattern(pattern: string): boolean {
  let known = patterns.get(pattern);
  if (known === undefined) {
    known = typeof run('"".matches(pattern)', { pattern }) === 'boolean';
    if (patterns.size >= PATTERNS_KEPT) patterns.clear();
    patterns.set(pattern, known);
  }
  return known;
}
