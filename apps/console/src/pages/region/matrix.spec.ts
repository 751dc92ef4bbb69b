import { layOut, shadeLimits, shadeOf } from './matrix.ts';

const unit = (id: string, issues = true) => ({ unit: id, issues });

describe('the matrix of who relies on whom', () => {
  it('keeps the order of provinces and agencies, whatever order units come in', () => {
    const { rows, columns } = layOut(
      [unit('hl.tax', false), unit('jl.border'), unit('hl.customs'), unit('ln.inspection'), unit('ln.customs')],
      [],
    );
    expect(rows).toEqual([
      { province: 'ln', units: ['ln.customs', 'ln.inspection'] },
      { province: 'jl', units: ['jl.border'] },
      { province: 'hl', units: ['hl.customs', 'hl.tax'] },
    ]);
    expect(columns.flatMap(({ units }) => units)).toEqual(['ln.customs', 'ln.inspection', 'jl.border', 'hl.customs']);
  });

  it('has a place for whoever is in the figures and not among the units', () => {
    const { rows, columns } = layOut(
      [unit('ln.customs')],
      [{ unit: 'gone', reliesOn: [{ issuer: 'hl.border', checks: 2 }] }],
    );
    expect(rows.map(({ units }) => units)).toEqual([['ln.customs'], ['gone']]);
    expect(columns.map(({ units }) => units)).toEqual([['ln.customs'], ['hl.border']]);
  });

  it('sums by unit, by issuer and in all', () => {
    const matrix = layOut(
      [unit('ln.customs'), unit('hl.border')],
      [
        { unit: 'ln.customs', reliesOn: [{ issuer: 'hl.border', checks: 7 }, { issuer: 'ln.customs', checks: 1 }] }, // prettier-ignore
        { unit: 'hl.border', reliesOn: [{ issuer: 'ln.customs', checks: 3 }] },
      ],
    );
    expect(matrix.checks('ln.customs', 'hl.border')).toBe(7);
    expect(matrix.checks('hl.border', 'hl.border')).toBe(0);
    expect([matrix.ofUnit('ln.customs'), matrix.ofIssuer('ln.customs')]).toEqual([8, 4]);
    expect([matrix.total, matrix.most]).toEqual([11, 7]);
  });
});

describe('shades', () => {
  it.each([
    [0, 100, 0],
    [1, 100, 1],
    [4, 100, 1],
    [5, 100, 2],
    [100, 100, 5],
    [1, 1, 5],
    [3, 0, 0],
  ])('%i of %i is %i', (checks, most, shade) => {
    expect(shadeOf(checks, most)).toBe(shade);
  });

  it.each([0, 1, 2, 3, 7, 25, 26, 99, 12_345])(
    'of %i at most: the legend says of every number what its cell shows',
    (most) => {
      const limits = shadeLimits(most);
      for (const { shade, from, to } of limits) {
        expect(shadeOf(from, most)).toBe(shade);
        expect(shadeOf(to, most)).toBe(shade);
      }
      expect(limits.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(most);
    },
  );
});
