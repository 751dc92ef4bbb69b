import fc from 'fast-check';
import { type Arrival, planArrivals } from './plan-arrivals.ts';

/** What a database holds of results: the newest version of each, and the versions before it. */
interface Store {
  newest: Map<string, number>;
  history: Map<string, Set<number>>;
  /** Versions that backends were told of, in order. */
  told: Arrival[];
}

const emptyStore = (): Store => ({ newest: new Map(), history: new Map(), told: [] });

/** Carries a plan out, as storeResults does with its statements. */
function store(into: Store, arrivals: readonly Arrival[]): void {
  const { insert, supersede, history } = planArrivals(arrivals, into.newest);
  const keep = (resultId: string, version: number): void => {
    const versions = into.history.get(resultId) ?? new Set();
    into.history.set(resultId, versions.add(version));
  };
  for (const { resultId, version } of supersede) {
    keep(resultId, into.newest.get(resultId)!);
    into.newest.set(resultId, version);
  }
  for (const { resultId, version } of insert) {
    if (into.newest.has(resultId)) throw new Error('a known result was inserted');
    into.newest.set(resultId, version);
  }
  for (const { resultId, version } of history) keep(resultId, version);
  into.told.push(...insert, ...supersede);
}

const arrival = fc.record({ resultId: fc.constantFrom('a', 'b', 'c'), version: fc.integer({ min: 1, max: 6 }) });
/** Arrivals as they may come: with repetitions, in any order, in any groups. */
const groups = fc.array(fc.array(arrival, { maxLength: 8 }), { maxLength: 6 });

const versionsOf = (arrivals: readonly Arrival[], resultId: string): number[] =>
  [...new Set(arrivals.filter((each) => each.resultId === resultId).map(({ version }) => version))].sort();

describe('planArrivals', () => {
  it.each([
    ['a new result', [], ['a1'], { insert: ['a1'] }],
    ['its amendment', ['a1'], ['a2'], { supersede: ['a2'] }],
    ['both at once, in the wrong order', [], ['a2', 'a1'], { insert: ['a2'], history: ['a1'] }],
    ['the first version after the second', ['a2'], ['a1'], { history: ['a1'] }],
    ['what is known already', ['a1'], ['a1'], { repeated: ['a1'] }],
    ['the same twice in one batch', [], ['a1', 'a1'], { insert: ['a1'], repeated: ['a1'] }],
    ['two results, one known', ['a1'], ['b1', 'a3', 'a2'], { insert: ['b1'], supersede: ['a3'], history: ['a2'] }],
  ] as [string, string[], string[], Partial<Record<'insert' | 'supersede' | 'history' | 'repeated', string[]>>][])(
    '%s',
    (_what, stored, arriving, expected) => {
      const read = (text: string): Arrival => ({ resultId: text[0]!, version: Number(text.slice(1)) });
      const plan = planArrivals(
        arriving.map(read),
        new Map(stored.map(read).map(({ resultId, version }) => [resultId, version])),
      );
      const written = Object.fromEntries(
        Object.entries(plan as unknown as Record<string, Arrival[]>).map(([name, list]) => [
          name,
          list.map(({ resultId, version }) => `${resultId}${version}`),
        ]),
      );
      expect(written).toEqual({ insert: [], supersede: [], history: [], repeated: [], ...expected });
    },
  );

  it('puts every arrival into exactly one of its lists', () => {
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 20 }), fc.array(arrival), (arrivals, stored) => {
        const { insert, supersede, history, repeated } = planArrivals(
          arrivals,
          new Map(stored.map(({ resultId, version }) => [resultId, version])),
        );
        const planned = [...insert, ...supersede, ...history, ...repeated];
        expect(planned).toHaveLength(arrivals.length);
        expect(new Set(planned)).toEqual(new Set(arrivals));
      }),
    );
  });

  it('lets the highest version win, in any order and any grouping, and loses none', () => {
    fc.assert(
      fc.property(groups, (batches) => {
        const into = emptyStore();
        for (const batch of batches) store(into, batch);
        for (const resultId of ['a', 'b', 'c']) {
          const arrived = versionsOf(batches.flat(), resultId);
          const head = into.newest.get(resultId);
          const before = [...(into.history.get(resultId) ?? [])].sort();
          expect(head).toBe(arrived.at(-1));
          expect([...before, ...(head === undefined ? [] : [head])]).toEqual(arrived);
        }
      }),
    );
  });

  it('ends the same whatever the grouping', () => {
    fc.assert(
      fc.property(groups, (batches) => {
        const grouped = emptyStore();
        const together = emptyStore();
        for (const batch of batches) store(grouped, batch);
        store(together, batches.flat());
        expect(grouped.newest).toEqual(together.newest);
        expect(new Map([...grouped.history].filter(([, versions]) => versions.size > 0))).toEqual(together.history);
      }),
    );
  });

  it('tells nobody of a version twice, nor of one older than what was told', () => {
    fc.assert(
      fc.property(groups, (batches) => {
        const into = emptyStore();
        for (const batch of batches) store(into, batch);
        for (const resultId of ['a', 'b', 'c']) {
          const told = into.told.filter((each) => each.resultId === resultId).map(({ version }) => version);
          expect(told).toEqual([...new Set(told)].sort());
        }
      }),
    );
  });

  it('changes nothing when all of it is delivered once more', () => {
    fc.assert(
      fc.property(groups, (batches) => {
        const into = emptyStore();
        for (const batch of batches) store(into, batch);
        const { newest, told } = structuredClone(into);
        for (const batch of batches) store(into, batch);
        expect(into.newest).toEqual(newest);
        expect(into.told).toEqual(told);
      }),
    );
  });
});
