import { isUnlocode } from '../identifiers/unlocode.ts';
import { COUNTRIES } from './countries.ts';
import { CURRENCIES } from './currencies.ts';
import { CUSTOMS_OFFICES, isDeclaringOffice } from './customs-offices.ts';
import { PLACES } from './places.ts';
import { agencyOfKind, RESULT_KINDS } from './results.ts';
import { UNITS_OF_MEASURE } from './units-of-measure.ts';
import { AGENCIES, isUnitId, parseUnitId, PROVINCES } from './units.ts';

describe('provinces, offices and places', () => {
  const provinces = PROVINCES.map((province) => province.code);

  it('are those of the Northeast, by their codes of ISO 3166-2 and GB/T 2260', () => {
    expect(PROVINCES.map(({ code, iso, gb2260 }) => `${code} ${iso} ${gb2260}`)).toEqual([
      'ln CN-LN 21',
      'jl CN-JL 22',
      'hl CN-HL 23',
      'nm CN-NM 15',
    ]);
  });

  it.each([
    ['0600', 'nm'],
    ['0601', 'nm'],
    ['0700', 'nm'],
    ['0800', 'ln'],
    ['0900', 'ln'],
    ['0902', 'ln'],
    ['1500', 'jl'],
    ['1507', 'jl'],
    ['1900', 'hl'],
    ['1902', 'hl'],
  ])('office %s is of %s', (office, province) => {
    expect(CUSTOMS_OFFICES[office]?.province).toBe(province);
  });

  it('every office has the number of its direct customs and a name', () => {
    const directs = { nm: ['06', '07'], ln: ['08', '09'], jl: ['15'], hl: ['19'] } as Record<string, string[]>;
    for (const [code, { province, name }] of Object.entries(CUSTOMS_OFFICES)) {
      expect(directs[province]).toContain(code.slice(0, 2));
      expect(name).toMatch(/^\p{Script=Han}{3,6}$/u);
    }
    expect(Object.keys(CUSTOMS_OFFICES).length).toBeGreaterThan(90);
  });

  it.each([
    ['CNDLC', 'ln'],
    ['CNYIK', 'ln'],
    ['CNDDG', 'ln'],
    ['CNHUC', 'jl'],
    ['CNCGQ', 'jl'],
    ['CNSFE', 'hl'],
    ['CNHEK', 'hl'],
    ['CNHRB', 'hl'],
    ['CNMLX', 'nm'],
    ['CNRLC', 'nm'],
    ['CNGQD', 'nm'],
  ])('place %s is of %s', (place, province) => {
    expect(PLACES[place]?.province).toBe(province);
  });

  it('every place is a UN/LOCODE of a province of the region', () => {
    for (const [code, place] of Object.entries(PLACES)) {
      expect(isUnlocode(code)).toBe(true);
      expect(provinces).toContain(place.province);
    }
  });

  it('a declaration may come from any direct customs, in the region only from an office that exists', () => {
    expect(['0202', '2248', '0901'].every(isDeclaringOffice)).toBe(true);
    expect(['9901', '0399', '0999', '0977'].some(isDeclaringOffice)).toBe(false);
  });
});

describe('international lists', () => {
  it('know what the region trades with', () => {
    for (const country of ['RU', 'MN', 'KP', 'KR', 'JP', 'BR', 'US']) expect(COUNTRIES).toHaveProperty(country);
    for (const currency of ['CNY', 'USD', 'RUB', 'MNT', 'KRW', 'JPY', 'EUR'])
      expect(CURRENCIES).toHaveProperty(currency);
    for (const unit of ['KGM', 'TNE', 'MTQ', 'LTR', 'H87', 'C62', 'MTK']) expect(UNITS_OF_MEASURE).toHaveProperty(unit);
  });

  it('have 249 countries, and no currency that is gone', () => {
    expect(Object.keys(COUNTRIES)).toHaveLength(249);
    for (const gone of ['SUR', 'HRK', 'BGN', 'DEM']) expect(CURRENCIES).not.toHaveProperty(gone);
  });
});

describe('units and kinds', () => {
  it('a kind belongs to the agency that its name begins with', () => {
    for (const kind of RESULT_KINDS) expect(`${agencyOfKind(kind)}.`).toBe(kind.slice(0, kind.indexOf('.') + 1));
    for (const agency of AGENCIES) expect(RESULT_KINDS.filter((kind) => agencyOfKind(kind) === agency)).toHaveLength(3);
  });

  it('a unit id is taken apart', () => {
    expect(parseUnitId('ln.customs')).toEqual({ province: 'ln', role: 'customs', agency: 'customs' });
    expect(parseUnitId('ln.tax')).toEqual({ province: 'ln', role: 'tax', agency: undefined });
  });

  it.each(['', 'ln', 'ln.', '.customs', 'LN.customs', 'ln.customs.x', 'ln.*', 'ln. customs', 'l.customs'])(
    '%j is no unit id',
    (text) => {
      expect(isUnitId(text)).toBe(false);
      expect(() => parseUnitId(text)).toThrow(RangeError);
    },
  );
});
