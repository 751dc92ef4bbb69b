import fc from 'fast-check';
import { seededRandom } from './random.ts';

describe('seededRandom', () => {
  it('gives the same numbers for the same seed on every machine', () => {
    const random = seededRandom('绥芬河');
    const first = Array.from({ length: 4 }, () => random.integer(0, 9999));
    expect(first).toEqual([9441, 5089, 6268, 8735]);
  });

  it('gives a fork its own sequence, whatever its parent has drawn', () => {
    const before = seededRandom('s');
    const after = seededRandom('s');
    after.fraction();
    expect(before.fork('a').digits(20)).toBe(after.fork('a').digits(20));
    expect(before.fork('a').digits(20)).not.toBe(before.fork('b').digits(20));
  });

  it('stays within the bounds asked for', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -1000, max: 1000 }), fc.nat(1000), (seed, min, span) => {
        const random = seededRandom(seed);
        for (let i = 0; i < 50; i++) {
          const value = random.integer(min, min + span);
          if (!Number.isInteger(value) || value < min || value > min + span) return false;
        }
        return /^[1-9][0-9]{8}$/.test(random.digits(9));
      }),
    );
  });

  it('draws in proportion to the weights, and every value evenly', () => {
    const random = seededRandom('weights');
    const counts = { rare: 0, often: 0 };
    for (let i = 0; i < 20_000; i++)
      counts[
        random.weighted([
          [1, 'rare'],
          [9, 'often'],
        ] as const)
      ]++;
    expect(counts.rare / 20_000).toBeGreaterThan(0.09);
    expect(counts.rare / 20_000).toBeLessThan(0.11);
    const tens = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 20_000; i++) tens[random.integer(0, 9)]!++;
    for (const count of tens) expect(Math.abs(count - 2000)).toBeLessThan(250);
  });

  it('takes a sample without repeats, and refuses to pick from nothing', () => {
    const random = seededRandom('sample');
    expect(random.sample([1, 2, 3, 4], 3)).toHaveLength(3);
    expect(new Set(random.sample([1, 2, 3, 4], 9)).size).toBe(4);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
