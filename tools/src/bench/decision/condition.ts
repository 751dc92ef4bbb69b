/** Holds where some node at a path of the catalogue has one of the values; a node that is missing has none. */
export interface Condition {
  /** `/direction`, `/goods/*\/commodityCode`. */
  readonly path: string;
  readonly values: readonly string[];
}

/** Conditions that must all hold, as the negative list writes them: CEL, with a guard before each optional member. */
export function celOf(conditions: readonly Condition[]): string {
  return conditions.map(({ path, values }) => clause('content', path.split('/').slice(1), values, 'a')).join(' && ');
}

function clause(value: string, [step, ...rest]: readonly string[], values: readonly string[], name: string): string {
  if (step === undefined) {
    const [first] = values;
    return values.length === 1 ? `${value} == ${JSON.stringify(first)}` : `${value} in ${JSON.stringify(values)}`;
  }
  if (step === '*') return `${value}.exists(${name}, ${clause(name, rest, values, `${name}a`)})`;
  const member = `${value}.${step}`;
  return `has(${member}) && ${clause(member, rest, values, name)}`;
}

/** The texts at each of some paths of a content, for engines that are told facts: a list each, empty where none is. */
export function factsOf(content: object, paths: Iterable<string>): Record<string, string[]> {
  return Object.fromEntries(Array.from(paths, (path) => [path, textsAt(content, path.split('/').slice(1))]));
}

function textsAt(value: unknown, [step, ...rest]: readonly string[]): string[] {
  if (step === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Array.isArray(value) ? value.flatMap((element) => textsAt(element, rest)) : [];
  return textsAt((value as Record<string, unknown>)[step], rest);
}
