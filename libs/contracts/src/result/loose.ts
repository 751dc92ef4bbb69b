/** A JSON object of unknown members. */
export type Loose = Readonly<Record<string, unknown>>;

/** Reads a member as an object, or undefined: for looking at content that may break its schema. */
export function objectAt(value: unknown, member: string): Loose | undefined {
  const found = isLoose(value) ? value[member] : undefined;
  return isLoose(found) ? found : undefined;
}

/** Whether a value is a JSON object. */
export function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a member as a list, empty when it is none. */
export function listAt(value: unknown, member: string): readonly unknown[] {
  const found = isLoose(value) ? value[member] : undefined;
  // Array.from fills the holes of a sparse array, which `map` would pass on to whoever cannot take them.
  return Array.isArray(found) ? Array.from<unknown>(found) : [];
}

/** Reads a member as a text, or undefined. */
export function textAt(value: unknown, member: string): string | undefined {
  const found = isLoose(value) ? value[member] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** Reads a member as an integer, or undefined. */
export function integerAt(value: unknown, member: string): number | undefined {
  const found = isLoose(value) ? value[member] : undefined;
  return Number.isSafeInteger(found) ? (found as number) : undefined;
}

/** Reads a member as an instant in milliseconds, or undefined when it is no timestamp. */
export function instantAt(value: unknown, member: string): number | undefined {
  const text = textAt(value, member);
  if (text === undefined) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}
