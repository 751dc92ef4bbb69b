import { whereRepeated } from './where-repeated.ts';

const place = (name: string, repeated: number, reasons: Record<string, number> = {}) => ({
  name,
  checks: { repeated },
  reasons: Object.entries(reasons).map(([code, checks]) => ({ code, checks })),
});

describe('where checks are repeated', () => {
  it('is nowhere where none is, and first where most are', () => {
    const places = whereRepeated([place('few', 1), place('none', 0), place('many', 9)]);
    expect(places.map(({ name }) => name)).toEqual(['many', 'few']);
  });

  it('has its three chief reasons, and never that nobody had looked yet', () => {
    const reasons = { 'no-result': 90, expired: 2, 'seal-broken': 7, 'non-conformant': 4, withheld: 1 };
    expect(whereRepeated([place('here', 5, reasons)])[0]?.chief).toEqual([
      { code: 'seal-broken', checks: 7 },
      { code: 'non-conformant', checks: 4 },
      { code: 'expired', checks: 2 },
    ]);
  });
});
