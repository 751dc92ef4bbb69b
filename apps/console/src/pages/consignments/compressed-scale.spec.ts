import fc from 'fast-check';
import { compressedScale } from './compressed-scale.ts';

const times = fc.array(fc.integer({ min: 0, max: 2e12 }), { minLength: 1, maxLength: 60 });

describe('a compressed scale', () => {
  it('keeps the order of times, and gives each two of them room', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 2_000 }), (given, width) => {
        const { place, width: whole } = compressedScale(given, width);
        const sorted = [...new Set(given)].sort((one, other) => one - other);
        const places = sorted.map(place);
        for (const [index, at] of places.slice(1).entries()) expect(at).toBeGreaterThan(places[index]!);
        expect([places[0], whole >= width]).toEqual([0, true]);
        if (sorted.length > 1) expect(places.at(-1)).toBeCloseTo(whole, 6);
      }),
    );
  });

  it('places a time that it was not made for between its neighbours, or at the nearer end', () => {
    const { place } = compressedScale([1_000, 2_000], 100);
    expect([place(0), place(1_500), place(9_000)]).toEqual([0, 50, 100]);
  });

  it('draws all pauses beyond half a minute equally wide, and names them', () => {
    const minute = 60_000;
    const { pauses } = compressedScale([0, 100, minute, 3 * 24 * 60 * minute], 400);
    expect(pauses.map(({ from, to }) => [from, to])).toEqual([
      [100, minute],
      [minute, 3 * 24 * 60 * minute],
    ]);
    const [first, second] = pauses.map(({ x1, x2 }) => x2 - x1);
    expect(first).toBeCloseTo(second!, 9);
  });

  it('is wider than its frame when so much happened that it would not be seen', () => {
    const { width } = compressedScale(
      Array.from({ length: 500 }, (_, index) => index * 1_000),
      300,
    );
    expect(width).toBeGreaterThan(300);
  });

  it('of a single moment, or of none, is a scale still', () => {
    expect(compressedScale([5], 100).place(5)).toBe(0);
    expect(compressedScale([], 100).place(5)).toBe(0);
  });
});
