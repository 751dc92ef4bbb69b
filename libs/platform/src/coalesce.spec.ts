import fc from 'fast-check';
import { coalesce } from './coalesce.ts';

/** Each number's own outcome; a negative one spoils its batch. */
const square = (items: number[]): number[] => {
  if (items.some((item) => item < 0)) throw new Error('spoilt');
  return items.map((item) => item * item);
};

describe('coalesce', () => {
  it('joins calls that arrive together, and gives each its own outcomes in order', async () => {
    const batches: number[][] = [];
    const call = coalesce(
      async (items: number[]) => {
        batches.push(items);
        return square(items);
      },
      { maxItems: 100, lingerMs: 1 },
    );
    expect(await Promise.all([call([1, 2]), call([3]), call([]), call([4, 5])])).toEqual([[1, 4], [9], [], [16, 25]]);
    expect(batches).toEqual([[1, 2, 3, 4, 5]]);
  });

  it('waits no longer than until it has enough', async () => {
    const batches: number[][] = [];
    const call = coalesce(
      async (items: number[]) => {
        batches.push(items);
        return square(items);
      },
      { maxItems: 100, lingerMs: 3_600_000, enough: (items) => items.length >= 3 },
    );
    expect(await Promise.all([call([1]), call([2]), call([3])])).toEqual([[1], [4], [9]]);
    expect(await Promise.all([call([4, 5, 6])])).toEqual([[16, 25, 36]]);
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('lets the next batch gather while one runs', async () => {
    const batches: number[][] = [];
    let finishFirst: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const firstBegun = new Promise<void>((resolve) => (begun = resolve));
    const call = coalesce(
      async (items: number[]) => {
        batches.push(items);
        if (batches.length === 1) {
          begun();
          await new Promise<void>((resolve) => (finishFirst = resolve));
        }
        return square(items);
      },
      { maxItems: 100, lingerMs: 0 },
    );
    const first = call([1]);
    await firstBegun;
    const later = [call([2]), call([3]), call([4])];
    finishFirst();
    expect(await Promise.all([first, ...later])).toEqual([[1], [4], [9], [16]]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('rejects all callers of a batch that fails, and none of the next', async () => {
    const call = coalesce(async (items: number[]) => square(items), { maxItems: 2, lingerMs: 0 });
    const outcomes = await Promise.allSettled([call([1]), call([-1]), call([2]), call([3])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await call([4])).toEqual([16]);
  });

  it('rejects when the work gives another number of outcomes than it had items', async () => {
    const call = coalesce(async (items: number[]) => items.slice(1), { maxItems: 10, lingerMs: 0 });
    await expect(Promise.all([call([1]), call([2])])).rejects.toThrow(/outcomes/);
  });

  it('keeps order and limits, mixes nothing up and answers everybody, whatever arrives', async () => {
    const calls = fc.array(fc.array(fc.integer({ min: -1, max: 50 }), { maxLength: 6 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 1, max: 8 }), fc.scheduler(), async (given, maxItems, scheduler) => {
        const batches: number[][] = [];
        const work = scheduler.scheduleFunction(async (items: number[]) => {
          batches.push(items);
          return square(items);
        });
        const call = coalesce(work, { maxItems, lingerMs: 0 });
        const outcomes = Promise.allSettled(given.map((items) => call(items)));
        await scheduler.waitFor(outcomes);
        expect(batches.flat()).toEqual(given.flat());
        const single = new Set(given.map((items) => items.length));
        for (const batch of batches) expect(batch.length <= maxItems || single.has(batch.length)).toBe(true);
        for (const [index, outcome] of (await outcomes).entries()) {
          const items = given[index]!;
          if (items.some((item) => item < 0)) expect(outcome.status).toBe('rejected');
          if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(square(items));
        }
      }),
      { numRuns: 60 },
    );
  }, 30_000);
});
