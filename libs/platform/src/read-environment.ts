import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Static, TObject } from 'typebox';

/** Thrown at boot when the environment does not fit its schema; the message lists every variable at fault. */
export class EnvironmentError extends Error {}

/**
 * Reads the process environment against one closed description, at boot.
 *
 * @param schema TypeBox object: one property per variable, with defaults; values are coerced from text.
 * @param env usually `process.env`; variables that the schema does not name are ignored.
 * @throws EnvironmentError naming every variable that is missing or malformed. Values are not repeated: they may be secret.
 */
export function readEnvironment<S extends TObject>(schema: S, env: Record<string, string | undefined>): Static<S> {
  const named = Object.keys(schema.properties);
  const candidate = Object.fromEntries(
    named.flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]])),
  );
  // The schema is the program's own: to hold it against JSON Schema's, that would be compiled first, at every start.
  const own = { validateSchema: false } as const;
  const validate = new Ajv2020({ allErrors: true, coerceTypes: true, useDefaults: true, ...own }).compile(schema);
  if (validate(candidate)) return candidate as Static<S>;
  const faults = (validate.errors ?? []).map((error) => {
    const missing = (error.params as { missingProperty?: string }).missingProperty;
    return missing
      ? `${missing} 未设置 is not set`
      : `${error.instancePath.slice(1)} ${error.message ?? 'is malformed'}`;
  });
  throw new EnvironmentError(`环境变量有误 The environment is not usable: ${faults.join('; ')}`);
}
