import type { Withheld } from '@clearance/contracts';

/** Stands for a member that the negative list took out of a copy, as opposed to one that the issuer never wrote. */
export const WITHHELD = Symbol('withheld');

/** A member of a copy: its value, undefined when the issuer wrote none, or taken out. */
export type Seen<T> = T | undefined | typeof WITHHELD;

/** The names of the members that lead from a content to one of its nodes; `*` stands for any array element. */
export type Path = readonly string[];

/**
 * Answers whether a member was taken out, alone or with something around it. The path's `*` stands for any array
 * element: a list names paths with wildcards, and elements that were taken out shift the indexes of those that remain.
 * @param notShown what counts as taken out although the copy does not say so
 * @returns a function of a path, e.g. `hides('containers', '*', 'number')`
 */
export function withheldPaths(
  withheld: readonly Withheld[],
  notShown: readonly Path[] = [],
): (...path: string[]) => boolean {
  const taken = [...withheld.map(({ path }) => (path === '' ? [] : path.slice(1).split('/'))), ...notShown];
  return (...path) =>
    taken.some(
      (tokens) =>
        tokens.length <= path.length && tokens.every((token, depth) => path[depth] === '*' || path[depth] === token),
    );
}

/** The objects in an array of a content; anything else reads as none. */
export function members(value: unknown): Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((element) => typeof element === 'object' && element !== null && !Array.isArray(element));
}

/** A text, or why there is none; a value of another type reads as taken out. */
export function readString(value: unknown, hidden: boolean): Seen<string> {
  if (typeof value === 'string') return value;
  return hidden || value !== undefined ? WITHHELD : undefined;
}

/** A finite number, else undefined. */
export function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** An RFC 3339 time in milliseconds since the epoch, or why there is none; an unreadable one reads as taken out. */
export function readTime(value: unknown, hidden: boolean): Seen<number> {
  const text = readString(value, hidden);
  if (typeof text !== 'string') return text;
  const time = Date.parse(text);
  return Number.isNaN(time) ? WITHHELD : time;
}
