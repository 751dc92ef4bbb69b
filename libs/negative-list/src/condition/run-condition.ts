import { celEnv, celFunc, celList, celMap, CelScalar, plan, run } from '@bufbuild/cel';
import type { CelInput } from '@bufbuild/cel';
import type { Parsed } from './parse-condition.ts';

/** What a condition is asked about: one result, the same for every consumer. */
export interface ConditionFacts {
  /** The content as `celValue` gives it. */
  content: unknown;
  kind: string;
  issuer: string;
  province: string;
  agency: string;
}

/** A condition ready to run: `true` or `false`, or undefined where it cannot be decided. It never throws. */
export type Condition = (facts: ConditionFacts) => boolean | undefined;

const { STRING, DOUBLE, DYN } = CelScalar;
const DECIMAL = /^-?\d+(\.\d+)?$/;

/** The evaluator reads any text as a double, as NaN if need be, with which every comparison is false: refused here. */
const strictDouble = celFunc('double', [STRING], DOUBLE, (text: string): number => {
  if (!DECIMAL.test(text)) throw new Error('not a decimal number');
  return Number(text);
});

const environment = celEnv({
  variables: { content: DYN, kind: STRING, issuer: STRING, province: STRING, agency: STRING },
  funcs: [strictDouble],
});

/** Makes a parsed and checked condition runnable. */
export function planCondition(parsed: Parsed): Condition {
  const evaluate = plan(environment, parsed) as (facts: ConditionFacts) => unknown;
  return (facts) => {
    try {
      // Errors come back as objects, which are truthy: only the two booleans themselves are answers.
      const answer = evaluate(facts);
      return answer === true || answer === false ? answer : undefined;
    } catch {
      return undefined;
    }
  };
}

/**
 * A JSON value as the evaluator takes it, made once for all conditions of a result. Objects become maps, so that no
 * member name (`constructor`, `$typeName`) and no missing prototype can change how a content is read.
 */
export function celValue(json: unknown): unknown {
  if (Array.isArray(json)) return celList(json.map(celValue) as CelInput[]);
  if (typeof json !== 'object' || json === null) return json;
  return celMap(new Map(Object.entries(json).map(([name, member]) => [name, celValue(member) as CelInput])));
}

/** Whether a text is a pattern of RE2. */
export function isPattern(pattern: string): boolean {
  return typeof run('"".matches(pattern)', { pattern }) === 'boolean';
}
