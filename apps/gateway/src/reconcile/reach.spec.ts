import fc from 'fast-check';
import type { HoldingPlace } from '@clearance/contracts';
import { comparePlaces, isInOrder, type Page, reachOf, within } from './reach.ts';

const anyPlace = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .map(([second, id, version]): HoldingPlace => ({
    issuedAt: `2026-11-21T08:00:0${second}.000000Z`,
    resultId: `019aa5a1-7c5b-7000-8000-00000000000${id}`,
    version,
  }));
const textOf = ({ issuedAt, resultId, version }: HoldingPlace): string => `${issuedAt} ${resultId} ${version}`;
/** A list in order, each version once. */
const anyList = fc.uniqueArray(anyPlace, { selector: textOf }).map((places) => places.sort(comparePlaces));

/** The next page of a list, as whoever holds it would answer. */
function pageOf(list: readonly HoldingPlace[], after: HoldingPlace | undefined, limit: number): Page<HoldingPlace> {
  const rest = list.filter((place) => after === undefined || comparePlaces(place, after) > 0);
  return { versions: rest.slice(0, limit), more: rest.length > limit };
}

describe('reading lists side by side', () => {
  it('sees every version of every list exactly once, at the same time as the others see it', () => {
    fc.assert(
      fc.property(fc.array(anyList, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 4 }), (lists, limit) => {
        const seen = lists.map((): string[] => []);
        const together = new Map<string, number>();
        let after: HoldingPlace | undefined;
        let round = 0;
        do {
          const pages = lists.map((list) => pageOf(list, after, limit));
          for (const page of pages) expect(isInOrder(page, after)).toBe(true);
          const reach = reachOf(pages);
          for (const [index, page] of pages.entries()) {
            for (const place of within(page, reach)) {
              seen[index]!.push(textOf(place));
              expect(together.get(textOf(place)) ?? round).toBe(round);
              together.set(textOf(place), round);
            }
          }
          after = reach;
          round += 1;
        } while (after !== undefined);
        expect(seen).toEqual(lists.map((list) => list.map(textOf)));
      }),
    );
  });
});

describe('isInOrder', () => {
  const at = (version: number): HoldingPlace => ({
    issuedAt: '2026-11-21T08:00:00.000000Z',
    resultId: '019aa5a1-7c5b-7000-8000-000000000001',
    version,
  });
  it.each<[string, Page<HoldingPlace>, HoldingPlace | undefined, boolean]>([
    ['goes on from where it was left', { versions: [at(2), at(3)], more: true }, at(1), true],
    ['lists a version twice that lies in two tables', { versions: [at(2), at(2)], more: true }, at(1), true],
    ['is empty at the end', { versions: [], more: false }, at(1), true],
    ['is empty and has more: it would never end', { versions: [], more: true }, at(1), false],
    ['begins before where it was left', { versions: [at(1), at(2)], more: false }, at(1), false],
    ['goes back', { versions: [at(3), at(2)], more: false }, undefined, false],
  ])('a page that %s: %#', (_what, page, after, expected) => {
    expect(isInOrder(page, after)).toBe(expected);
  });
});
