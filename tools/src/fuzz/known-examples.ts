/** What there is in a mesh that an operation can be asked about. */
export interface KnownExamples {
  /** By the names of parameters in path, query and headers. */
  parameters: Readonly<Record<string, string>>;
  /** What is otherwise with one operation, by its operationId. */
  operations: Readonly<Record<string, { parameters?: Readonly<Record<string, string>>; body?: object }>>;
  /**
   * An optional parameter that is tried with some operations only, by their operationIds: an idempotency key would have
   * every other body refused that comes with it.
   */
  sparing: { parameter: string; triedWith: readonly string[] };
}

/** Of an OpenAPI document what is read here; the rest stays as it is. */
export interface ApiDescription {
  paths: Record<string, Record<string, DescribedOperation>>;
}

/** One operation of it. */
export interface DescribedOperation {
  operationId: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; example?: unknown }[];
  requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> };
}

/**
 * The description with what there is in place of its examples: whoever tries the examples reaches what is really there, and
 * whoever makes values up does not.
 */
export function withKnownExamples<D extends ApiDescription>(description: D, known: KnownExamples): D {
  const changed = structuredClone(description);
  for (const operation of Object.values(changed.paths).flatMap((item) => Object.values(item))) {
    const own = known.operations[operation.operationId];
    const values = { ...known.parameters, ...own?.parameters };
    const { parameter: spared, triedWith } = known.sparing;
    if (operation.parameters !== undefined && !triedWith.includes(operation.operationId))
      operation.parameters = operation.parameters.filter(({ name }) => name !== spared);
    for (const parameter of operation.parameters ?? []) {
      const value = values[parameter.name];
      if (value !== undefined) parameter.example = value;
    }
    if (own?.body === undefined) continue;
    for (const media of Object.values(operation.requestBody?.content ?? {}))
      media.examples = { known: { value: own.body } };
  }
  return changed;
}
