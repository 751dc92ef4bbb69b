import { exampleContent } from '../examples/examples.ts';
import { RESULT_KINDS, agencyOfKind } from '../codes/results.ts';
import { PLACES } from '../codes/places.ts';
import { AGENCIES, PROVINCES, type UnitId } from '../codes/units.ts';
import type { ResultContent } from './content.ts';
import { validateIssuer } from './validate-issuer.ts';

const codes = (content: ResultContent, unit: UnitId): string[] =>
  validateIssuer(content, unit).map(({ pointer, code }) => `${pointer} ${code}`);

describe('a unit issues its own agency’s kinds only, for offices and places of its own province', () => {
  it.each(RESULT_KINDS)('%s: exactly one unit of the mesh may issue the example', (kind) => {
    const content = exampleContent(kind);
    const units = PROVINCES.flatMap(({ code }) => AGENCIES.map((agency): UnitId => `${code}.${agency}`));
    const may = units.filter((unit) => codes(content, unit).length === 0);
    expect(may).toEqual([`${String(PLACES[content.location]?.province)}.${agencyOfKind(kind)}`]);
  });

  it.each([
    ['ln.customs', []],
    ['ln.inspection', ['/kind wrong-agency']],
    ['hl.customs', ['/office wrong-province', '/location wrong-province']],
    ['hl.border', ['/kind wrong-agency', '/office wrong-province', '/location wrong-province']],
    ['ln.tax', ['/kind wrong-agency']],
  ] as const)('a Dalian examination from %s', (unit, expected) => {
    expect(codes(exampleContent('customs.examination'), unit)).toEqual(expected);
  });

  it('a place that nobody knows is refused, unless the mesh adds it', () => {
    const content: ResultContent = { ...exampleContent('border.crew'), location: 'CNZZZ' };
    expect(codes(content, 'ln.border')).toEqual(['/location unknown-code']);
    const places = { CNZZZ: { province: 'ln', name: { zh: '新口岸', en: 'New crossing' } } };
    expect(validateIssuer(content, 'ln.border', places)).toEqual([]);
    expect(validateIssuer(content, 'jl.border', places)).toHaveLength(1);
  });

  it('a foreign place is nobody’s', () => {
    expect(codes({ ...exampleContent('border.crew'), location: 'RUVVO' }, 'ln.border')).toEqual([
      '/location unknown-code',
    ]);
  });
});
