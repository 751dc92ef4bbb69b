import type { HoldingPlace } from '@clearance/contracts';

/** One page of a list in the order of places. */
export interface Page<V extends HoldingPlace> {
  versions: readonly V[];
  /** Whether there are versions after these. */
  more: boolean;
}

/** Negative when `a` comes before `b`: by issue time, then id, then version. */
export function comparePlaces(a: HoldingPlace, b: HoldingPlace): number {
  if (a.issuedAt !== b.issuedAt) return a.issuedAt < b.issuedAt ? -1 : 1;
  if (a.resultId !== b.resultId) return a.resultId < b.resultId ? -1 : 1;
  return a.version - b.version;
}

/**
 * How far several lists have all been read: up to the last version of the page that ends first of those that have more.
 *
 * @returns undefined when all have been read to their end.
 */
export function reachOf(pages: readonly Page<HoldingPlace>[]): HoldingPlace | undefined {
  const ends = pages.flatMap(({ versions, more }) => (more ? versions.slice(-1) : []));
  const [first] = ends.sort(comparePlaces);
  if (first === undefined) return undefined;
  return { issuedAt: first.issuedAt, resultId: first.resultId, version: first.version };
}

/** Of a page, what lies within a reach. */
export function within<V extends HoldingPlace>({ versions }: Page<V>, reach: HoldingPlace | undefined): V[] {
  return versions.filter((version) => reach === undefined || comparePlaces(version, reach) <= 0);
}

/** Whether a page goes on from a place in order, so that reading on from its end comes to an end. */
export function isInOrder({ versions, more }: Page<HoldingPlace>, after: HoldingPlace | undefined): boolean {
  if (more && versions.length === 0) return false;
  return versions.every((version, index) => {
    const before = index === 0 ? after : versions[index - 1];
    // A version that is held twice, in the history and as the newest one, is listed twice.
    return before === undefined || comparePlaces(before, version) <= (index === 0 ? -1 : 0);
  });
}
