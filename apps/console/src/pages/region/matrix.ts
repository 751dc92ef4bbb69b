import { AGENCIES, isUnitId, parseUnitId, PROVINCES } from '@clearance/contracts/words';

/** Of one deciding unit: on whose results its recognised checks rest. */
export interface Reliance {
  unit: string;
  reliesOn: readonly { issuer: string; checks: number }[];
}

/** Neighbouring rows or columns of one province. */
export interface Band {
  /** Undefined for units whose name is not read here. */
  province: string | undefined;
  units: readonly string[];
}

/** Who relies on whom: a row for each unit that decides, a column for each that issues. */
export interface Matrix {
  rows: readonly Band[];
  columns: readonly Band[];
  /** Checks that a unit recognised by an issuer's results. */
  checks: (unit: string, issuer: string) => number;
  ofUnit: (unit: string) => number;
  ofIssuer: (issuer: string) => number;
  total: number;
  most: number;
}

/** Lays the matrix out: the region's order of provinces and agencies, then whoever else there is, by name. */
export function layOut(units: readonly { unit: string; issues: boolean }[], groups: readonly Reliance[]): Matrix {
  const counts = new Map<string, number>();
  const ofUnit = new Map<string, number>();
  const ofIssuer = new Map<string, number>();
  const add = (sums: Map<string, number>, key: string, checks: number): unknown =>
    sums.set(key, (sums.get(key) ?? 0) + checks);
  for (const { unit, reliesOn } of groups)
    for (const { issuer, checks } of reliesOn) {
      add(counts, `${unit} ${issuer}`, checks);
      add(ofUnit, unit, checks);
      add(ofIssuer, issuer, checks);
    }
  return {
    rows: bandsOf([...units.map(({ unit }) => unit), ...ofUnit.keys()]),
    columns: bandsOf([...units.flatMap(({ unit, issues }) => (issues ? [unit] : [])), ...ofIssuer.keys()]),
    checks: (unit, issuer) => counts.get(`${unit} ${issuer}`) ?? 0,
    ofUnit: (unit) => ofUnit.get(unit) ?? 0,
    ofIssuer: (issuer) => ofIssuer.get(issuer) ?? 0,
    total: [...counts.values()].reduce((sum, checks) => sum + checks, 0),
    most: Math.max(0, ...counts.values()),
  };
}

/** The province and the rest of a unit's name; both undefined where it is not read here. */
export function partsOf(unit: string): { province?: string; agency?: string } {
  if (!isUnitId(unit)) return {};
  const { province, role } = parseUnitId(unit);
  return { province, agency: role };
}

/** Compares units by the region's order: province by province, customs first, then whoever else there is by name. */
export function inRegionOrder(one: string, other: string): number {
  return placeOf(one) - placeOf(other) || (one < other ? -1 : 1);
}

function bandsOf(units: readonly string[]): Band[] {
  const each = [...new Set(units)].sort(inRegionOrder);
  const bands: { province: string | undefined; units: string[] }[] = [];
  for (const unit of each) {
    const { province } = partsOf(unit);
    const last = bands.at(-1);
    if (last !== undefined && last.province === province) last.units.push(unit);
    else bands.push({ province, units: [unit] });
  }
  return bands;
}

function placeOf(unit: string): number {
  const { province, agency } = partsOf(unit);
  const row = PROVINCES.findIndex(({ code }) => code === province);
  const column = AGENCIES.findIndex((each) => each === agency);
  return (row < 0 ? PROVINCES.length : row) * 100 + (column < 0 ? AGENCIES.length : column);
}

/** How many shades there are beside none. */
export const SHADES = 5;

/**
 * The shade of a number, 0 for none to {@link SHADES}: by its square root, because a few pairs of neighbours exchange most of
 * everything, and the rest would look all the same.
 */
export function shadeOf(checks: number, most: number): number {
  if (checks <= 0 || most <= 0) return 0;
  return Math.min(SHADES, Math.max(1, Math.ceil(Math.sqrt(checks / most) * SHADES)));
}

/** The highest number of each shade that has any, for the legend: `[1, 4, 9]` of 9 says 1, 2–4, 5–9. */
export function shadeLimits(most: number): { shade: number; from: number; to: number }[] {
  const limits: { shade: number; from: number; to: number }[] = [];
  let from = 1;
  for (let shade = 1; shade <= SHADES; shade += 1) {
    const to = shade === SHADES ? most : Math.floor(most * (shade / SHADES) ** 2);
    if (to < from) continue;
    limits.push({ shade, from, to });
    from = to + 1;
  }
  return limits;
}
