import fc from 'fast-check';
import { PACK_CHARACTERS, packItems } from './pack-items.ts';

const sizes = (packs: string[][]): number[] => packs.map((pack) => pack.join('').length);

describe('packItems', () => {
  const half = 'h'.repeat(PACK_CHARACTERS / 2);
  it.each<[string, string[], number, number[][]]>([
    ['nothing gives no pack', [], 10, []],
    ['few small ones go together', ['a', 'b', 'c'], 10, [[1, 1, 1]]],
    ['a pack is closed at the number of items', ['a', 'b', 'c', 'd', 'e'], 2, [[1, 1], [1, 1], [1]]],
    ['a pack may be full to the character', [half, half], 10, [[half.length, half.length]]],
    ['and not one character more', [half, half, 'x'], 10, [[half.length, half.length], [1]]],
    ['one too large goes alone', ['a', half + half + 'x', 'b'], 10, [[1], [PACK_CHARACTERS + 1], [1]]],
  ])('%s', (_what, items, maxItems, expected) => {
    expect(packItems(items, maxItems).map((pack) => pack.map((item) => item.length))).toEqual(expected);
  });

  const item = fc.oneof(
    fc.string(),
    fc.integer({ min: 1, max: PACK_CHARACTERS + 10 }).map((length) => 'x'.repeat(length)),
  );
  it('loses, doubles and reorders nothing, keeps both limits, and closes no pack early', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (items, maxItems) => {
        const packs = packItems(items, maxItems);
        expect(packs.flat()).toEqual(items);
        const total = sizes(packs);
        for (const [index, pack] of packs.entries()) {
          expect(pack.length).toBeGreaterThan(0);
          expect(pack.length).toBeLessThanOrEqual(maxItems);
          if (pack.length > 1) expect(total[index]).toBeLessThanOrEqual(PACK_CHARACTERS);
          const next = packs[index + 1]?.[0];
          if (next === undefined) continue;
          expect(pack.length === maxItems || total[index]! + next.length > PACK_CHARACTERS).toBe(true);
        }
      }),
    );
  });
});
