import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { formats } from './formats.ts';
import { jsonViolations } from './json-value.ts';
import { escapePointerToken, violation, type Checked, type Violation } from './violation.ts';

/**
 * How `maxLength` counts: characters, as JSON Schema has it, or UTF-16 units, which costs nothing. They differ only beyond
 * the Basic Multilingual Plane; for texts that are ASCII by their pattern, such as tokens, they are the same.
 */
export type LengthsIn = 'characters' | 'units';

/** One Ajv for all schemas: strict, every error, no change to the data. `verbose` gives each error the refused value. */
function createAjv(lengths: LengthsIn): Ajv2020 {
  // Ajv warns on the console of the option that counts units, for those who use it without knowing.
  const counting = lengths === 'units' ? { unicode: false, logger: false as const } : {};
  // The schemas are our own, and documents.spec holds them against JSON Schema's: not again in every process, which would
  // compile that first, a tenth of a second each time. What is misspelt in them `strict` refuses all the same.
  const own = { validateSchema: false } as const;
  const ajv = new Ajv2020({ allErrors: true, strict: true, verbose: true, loopEnum: 20, ...own, ...counting });
  for (const [name, format] of Object.entries(formats))
    ajv.addFormat(name, { type: 'string', validate: format.validate });
  return ajv;
}
const ajvs: Readonly<Record<LengthsIn, Ajv2020>> = { characters: createAjv('characters'), units: createAjv('units') };

/** Errors of one body that are reported at most: a hostile one cannot make its own refusal expensive. */
const maxViolations = 1000;

function listed(values: readonly unknown[]): string {
  return values.map(String).join(', ');
}

/** One Ajv error as the contract tells it. Keywords that the schemas do not use cannot occur. */
function translate(error: ErrorObject): Violation {
  const at = error.instancePath;
  const parameters = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return violation(`${at}/${escapePointerToken(String(parameters['missingProperty']))}`, 'missing');
    case 'additionalProperties':
      return violation(`${at}/${escapePointerToken(String(parameters['additionalProperty']))}`, 'unknown-member');
    case 'type':
      return violation(at, 'wrong-type', { expected: String(parameters['type']) });
    case 'enum':
      return violation(at, 'not-in-list', { expected: listed(parameters['allowedValues'] as unknown[]) });
    case 'const':
      return violation(at, 'not-in-list', { expected: String(parameters['allowedValue']) });
    case 'minLength':
      return violation(at, 'too-short', { expected: Number(parameters['limit']) });
    case 'maxLength':
      return violation(at, 'too-long', { expected: Number(parameters['limit']) });
    case 'minItems':
      return violation(at, 'too-few', { expected: Number(parameters['limit']) });
    case 'maxItems':
      return violation(at, 'too-many', { expected: Number(parameters['limit']) });
    case 'minProperties':
      return violation(at, 'too-few', { expected: Number(parameters['limit']) });
    case 'uniqueItems':
      return violation(`${at}/${String(parameters['i'])}`, 'duplicate');
    case 'minimum':
    case 'maximum':
      return violation(at, 'out-of-range', {
        expected: `${String(parameters['comparison'])} ${String(parameters['limit'])}`,
      });
    case 'format': {
      const format = formats[String(parameters['format'])];
      if (format === undefined) return violation(at, 'bad-format', { expected: String(parameters['format']) });
      const { code, parameters: told } = format.explain(String(error.data));
      return violation(at, code, told);
    }
    case 'pattern':
      return violation(at, 'bad-format', { expected: String(parameters['pattern']) });
    default:
      return violation(at, 'bad-format', { expected: error.keyword });
  }
}

/** Errors in order, one per place where the text itself is wrong: a format explains more than its pattern or length. */
function translateAll(errors: readonly ErrorObject[]): Violation[] {
  const explained = new Set(errors.filter((error) => error.keyword === 'format').map((error) => error.instancePath));
  const textual = new Set(['pattern', 'minLength', 'maxLength']);
  return errors
    .filter((error) => !(textual.has(error.keyword) && explained.has(error.instancePath)))
    .slice(0, maxViolations)
    .map(translate);
}

/** A validator for one schema. Never throws on any input; the value is returned as it came, unchanged. */
export type Validator<T> = (input: unknown) => Checked<T>;

/**
 * Makes a validator of a schema: JSON values only, every violation listed. The schema is compiled at the first use,
 * so that a program pays only for the schemas it needs.
 */
export function validatorOf<T>(schema: TSchema, lengths: LengthsIn = 'characters'): Validator<T> {
  let compiled: ValidateFunction | undefined;
  return (input) => {
    compiled ??= ajvs[lengths].compile(schema);
    const valid = compiled(input);
    const violations = jsonViolations(input);
    if (valid && violations.length === 0) return { ok: true, value: input as T };
    if (violations.some((found) => found.code === 'too-deep' || found.code === 'too-many'))
      return { ok: false, violations };
    return { ok: false, violations: [...translateAll(valid ? [] : (compiled.errors ?? [])), ...violations] };
  };
}
