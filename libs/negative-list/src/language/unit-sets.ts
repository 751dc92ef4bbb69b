import type { Selector, UnitId } from '@clearance/contracts';
import { takesIn, termsOf } from './selectors.ts';

/** Some units, said as shortly as a selector can: `*`, `*.border`, or everyone except some. */
export type UnitTerms = { only: string[] } | { except: string[] };

/** How the units that one selector takes in differ from those of another. */
export interface UnitsCompared {
  added: UnitId[];
  removed: UnitId[];
  /** Whether units that are not in the mesh, but may join it, would be treated otherwise than before. */
  laterAdded: boolean;
  laterRemoved: boolean;
}

/**
 * Compares two selectors over the units of a mesh, and over some that it does not have: of a province or with a role that
 * is unknown, or known to one of the selectors only.
 * @param counts which units matter at all
 */
export function compareUnits(
  before: Selector | undefined,
  after: Selector | undefined,
  units: readonly UnitId[],
  counts: (unit: UnitId) => boolean = () => true,
): UnitsCompared {
  const differing = (candidates: readonly UnitId[], inOne: Selector | undefined, inOther: Selector | undefined) =>
    candidates.filter((unit) => counts(unit) && takesIn(inOne, unit) && !takesIn(inOther, unit));
  const later = unitsToCome(units, [before, after].flatMap(writtenTerms));
  return {
    added: differing(units, after, before),
    removed: differing(units, before, after),
    laterAdded: differing(later, after, before).length > 0,
    laterRemoved: differing(later, before, after).length > 0,
  };
}

/** The terms that a selector is written in. */
export function writtenTerms(selector: Selector | undefined): string[] {
  return selector === undefined ? [] : termsOf(selector).map(({ term }) => term);
}

/** A selector in the words that it is written in. */
export function asWritten(selector: Selector | undefined): UnitTerms {
  if (selector === undefined) return { only: ['*'] };
  if (typeof selector === 'string') return { only: [selector] };
  if ('except' in selector) return { except: [...selector.except] };
  return { only: 'only' in selector ? [...selector.only] : [...selector] };
}

/** Says which of the units of a mesh are meant, in as few terms as it can; terms that somebody wrote are preferred. */
export function termsFor(meant: readonly UnitId[], units: readonly UnitId[], written: readonly string[]): UnitTerms {
  const others = units.filter((unit) => !meant.includes(unit));
  const only = cover(meant, units, written);
  if (others.length === 0 || meant.length === 0) return { only };
  const except = cover(others, units, written);
  return except.length < only.length ? { except } : { only };
}

function cover(meant: readonly UnitId[], units: readonly UnitId[], written: readonly string[]): string[] {
  if (meant.length > 0 && meant.length === units.length) return ['*'];
  const allowed = new Set(meant);
  const patterns = [...new Set([...written, ...units.flatMap(patternsOf)])].map((term) => ({
    term,
    units: units.filter((unit) => takesIn(term, unit)),
  }));
  const usable = patterns.filter(
    ({ term, units: taken }) =>
      taken.length > (written.includes(term) ? 0 : 1) && taken.every((unit) => allowed.has(unit)),
  );
  const terms: string[] = [];
  let left = [...meant];
  while (left.length > 0) {
    const gain = (pattern: { units: UnitId[] }): number => pattern.units.filter((unit) => left.includes(unit)).length;
    const best = usable.reduce<(typeof usable)[number] | undefined>(
      (most, pattern) => (gain(pattern) > (most === undefined ? 0 : gain(most)) ? pattern : most),
      undefined,
    );
    if (best === undefined) return [...terms, ...left];
    terms.push(best.term);
    left = left.filter((unit) => !best.units.includes(unit));
  }
  return terms;
}

function patternsOf(unit: UnitId): string[] {
  const [province = '', role = ''] = unit.split('.');
  return [`*.${role}`, `${province}.*`];
}

/** Units that a mesh may yet have: one for each way in which the terms could tell a newcomer from others. */
export function unitsToCome(units: readonly UnitId[], terms: readonly string[]): UnitId[] {
  const parts = [...units, ...terms].map((term) => term.split('.'));
  const provinces = new Set(parts.map(([province]) => province));
  const roles = new Set(parts.map(([, role]) => role));
  const elsewhere = ['zz', 'zy', 'zx', 'zw'].find((name) => !provinces.has(name)) ?? 'zv';
  const another = ['other', 'another', 'further'].find((name) => !roles.has(name)) ?? 'newcomer';
  const known = (names: Iterable<string | undefined>): string[] =>
    [...names].filter((name): name is string => name !== undefined && name !== '*');
  const toCome = [
    `${elsewhere}.${another}`,
    ...known(provinces).map((province) => `${province}.${another}`),
    ...known(roles).map((role) => `${elsewhere}.${role}`),
    ...terms.filter((term) => !term.includes('*')),
  ] as UnitId[];
  const here = new Set(units);
  return [...new Set(toCome)].filter((unit) => !here.has(unit));
}
