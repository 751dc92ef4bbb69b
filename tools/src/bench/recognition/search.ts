import type { FindResultsRequest, UnitId } from '@clearance/contracts';
import { type Backend, find } from '../../traffic/backend.ts';
import type { Random } from '../../traffic/random.ts';
import { valueOf } from './ask.ts';
import type { ExaminedConsignment } from './consignments.ts';

/** A way of searching, and how many results its page has to hold at least. */
export interface Search {
  readonly by: string;
  readonly next: () => FindResultsRequest;
  readonly atLeast: number;
}

const PAGE = 50;

/**
 * Every filter that results.find has, first pages and pages by cursor; each search asks for something else every time.
 *
 * @param pageTimes times of receipt at which pages with tokens of full length begin, milliseconds since the epoch
 * @param others.silent an issuer of whom there is nothing
 * @param others.lately a time since when there is only what was truly received, milliseconds since the epoch
 */
export async function searches(
  backend: Backend,
  random: Random,
  examined: readonly ExaminedConsignment[],
  pageTimes: readonly number[],
  { silent, lately }: { readonly silent: UnitId; readonly lately: number },
): Promise<Search[]> {
  const one = (): ExaminedConsignment['consignment'] => random.pick(examined).consignment;
  const iso = (at: number): string => new Date(at).toISOString();
  const pages: { at: number; cursor: string; resultId: string }[] = [];
  for (const at of random.sample(pageTimes, 10)) {
    const first = valueOf(await find(backend, { since: iso(at), limit: PAGE }));
    pages.push({ at, cursor: first.cursor!, resultId: first.results[0]!.resultId });
  }
  const issuer = 'hl.inspection';
  return [
    { by: 'resultId', atLeast: 1, next: () => ({ resultId: random.pick(pages).resultId }) },
    {
      by: 'reference',
      atLeast: 1,
      next: () => ({ reference: random.pick(random.pick(examined).results).content.reference }),
    },
    { by: 'declarationNumber', atLeast: 3, next: () => ({ declarationNumber: one().declarationNumber }) },
    { by: 'transportDocument', atLeast: 3, next: () => ({ transportDocument: one().transportDocument! }) },
    { by: 'container', atLeast: 3, next: () => ({ container: random.pick(one().boxes).number }) },
    { by: 'issuer', atLeast: PAGE, next: () => ({ issuer }) },
    { by: 'issuer without results', atLeast: 0, next: () => ({ issuer: silent }) },
    { by: 'since', atLeast: PAGE, next: () => ({ since: iso(random.pick(pages).at) }) },
    { by: 'since lately', atLeast: PAGE, next: () => ({ since: iso(lately) }) },
    { by: 'nothing', atLeast: PAGE, next: () => ({}) },
    { by: 'cursor', atLeast: PAGE, next: () => ({ cursor: random.pick(pages).cursor }) },
    { by: 'cursor and issuer', atLeast: PAGE, next: () => ({ cursor: random.pick(pages).cursor, issuer }) },
    {
      by: 'cursor and since',
      atLeast: PAGE,
      next: () => {
        const { at, cursor } = random.pick(pages);
        return { since: iso(at), cursor };
      },
    },
  ];
}

/**
 * How long so many pages of each search took, milliseconds, one after another.
 *
 * @throws Error when a page holds less than it must
 */
export async function searchInTurn(
  backend: Backend,
  all: readonly Search[],
  count: number,
  signal: AbortSignal,
): Promise<Map<string, number[]>> {
  const took = new Map<string, number[]>(all.map(({ by }) => [by, []]));
  for (let index = 0; index < count; index += 1) {
    for (const { by, next, atLeast } of all) {
      signal.throwIfAborted();
      const request = { limit: PAGE, ...next() };
      const since = performance.now();
      const { results } = valueOf(await find(backend, request));
      took.get(by)!.push(performance.now() - since);
      if (results.length < atLeast) {
        throw new Error(`${results.length} results, not ${atLeast}, by ${by}: ${JSON.stringify(request)}`);
      }
    }
  }
  return took;
}
