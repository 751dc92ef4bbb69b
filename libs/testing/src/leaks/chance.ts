/** A stream of choices that follows from its seed alone, so that a case that failed can be made again. */
export interface Chance {
  /** From 0 (included) to 1. */
  fraction(): number;
  /** From 0 to below `limit`. */
  below(limit: number): number;
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Letters and digits without meaning. */
  text(length: number): string;
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Starts a stream of choices (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    happens: (probability) => fraction() < probability,
    pick: (from) => from[below(from.length)]!,
    text: (length) => Array.from({ length }, () => LETTERS[below(LETTERS.length)]).join(''),
  };
}
