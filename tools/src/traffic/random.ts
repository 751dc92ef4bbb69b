/**
 * A small seeded generator of pseudo-random numbers: sfc32 (Chris Doty-Humphrey, PractRand), seeded by hashing a text.
 * Not for secrets: its only virtue is that the same seed gives the same numbers on every machine.
 */
export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** True with the given probability (0–1). */
  chance(probability: number): boolean;
  /** One of a list that is not empty, each equally likely. */
  pick<T>(list: readonly T[]): T;
  /** One of a list that is not empty, in proportion to the weights given with it. */
  weighted<T>(list: readonly (readonly [weight: number, value: T])[]): T;
  /** `count` different elements of a list, in random order (all of them if the list is shorter). */
  sample<T>(list: readonly T[], count: number): T[];
  /** `count` decimal digits; the first is not zero. */
  digits(count: number): string;
  /** `count` characters out of an alphabet. */
  text(count: number, alphabet: string): string;
  /** A generator of its own for a named part, so that what one part draws does not shift what another gets. */
  fork(label: string): Random;
}

/** FNV-1a with a murmur3 finaliser: 32 well-mixed bits of a text, different for every `salt`. */
function hash(text: string, salt: number): number {
  let h = 0x811c9dc5 ^ salt;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Makes a generator from a seed text.
 *
 * @param seed any text; equal texts give equal sequences
 */
export function seededRandom(seed: string): Random {
  let a = hash(seed, 1);
  let b = hash(seed, 2);
  let c = hash(seed, 3);
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  // The first outputs of sfc32 still show the seed; its author discards twelve.
  for (let i = 0; i < 12; i++) next();

  const fraction = (): number => next() / 0x1_0000_0000;
  const integer = (min: number, max: number): number => min + Math.floor(fraction() * (max - min + 1));
  const at = <T>(list: readonly T[], index: number): T => {
    if (index >= list.length) throw new RangeError('nothing to pick from an empty list');
    return list[index] as T;
  };
  return {
    fraction,
    integer,
    chance: (probability) => fraction() < probability,
    pick: (list) => at(list, Math.floor(fraction() * list.length)),
    weighted: (list) => {
      let left = fraction() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      return at(list, list.length - 1)[1];
    },
    sample: (list, count) => {
      const rest = [...list];
      const taken = [];
      while (taken.length < count && rest.length > 0) {
        taken.push(...rest.splice(Math.floor(fraction() * rest.length), 1));
      }
      return taken;
    },
    digits: (count) => Array.from({ length: count }, (_, i) => integer(i === 0 ? 1 : 0, 9)).join(''),
    text: (count, alphabet) =>
      Array.from({ length: count }, () => alphabet.charAt(integer(0, alphabet.length - 1))).join(''),
    fork: (label) => seededRandom(`${seed}/${label}`),
  };
}
