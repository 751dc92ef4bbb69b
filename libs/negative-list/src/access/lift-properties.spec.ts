import fc from 'fast-check';
import { fieldsOf, type UnitId } from '@clearance/contracts';
import { compileNegativeList } from '../compile/compile-list.ts';
import { decideDisclosure, type DisclosedResult, type Lifts } from '../decide/decide-disclosure.ts';
import { CONSUMERS } from '../example-results.fixture.ts';
import type { Entry } from '../language/negative-list.ts';
import { atArb, entryAbout, leaves, listOf, PURPOSES_ASKED, resultArb } from '../random-lists.fixture.ts';
import type { Lift } from './lift-hits.ts';

/** What stands for every `*` of a path: mostly itself. */
const place = fc.constantFrom('*', '*', '*', '0', '1');

/** A result, a list that is mostly about it, a consumer and what that was granted. */
interface Case {
  entries: Entry[];
  result: DisclosedResult;
  unit: UnitId;
  lifts: Lift[];
  at: number;
}

/** The nodes of a content, as paths with `*` for places. */
function pathsIn(content: unknown, at = ''): string[] {
  if (typeof content !== 'object' || content === null) return [at];
  const below = Object.entries(content).flatMap(([name, member]) =>
    pathsIn(member, `${at}/${Array.isArray(content) ? '*' : name}`),
  );
  return [...new Set([at, ...below])];
}

const caseArb: fc.Arbitrary<Case> = resultArb.chain((result) => {
  const present = fc.constantFrom(...pathsIn(result.content).filter((path) => fieldsOf(result.kind).has(path)));
  const path = fc
    .tuple(fc.oneof({ weight: 4, arbitrary: present }, fc.constantFrom(...fieldsOf(result.kind).keys())), place)
    .map(([general, at]) => general.replaceAll('*', at));
  return fc
    .record({
      // Grants matter where entries hit and are conditional: some of these are about every result, and many about this one.
      entries: fc.array(
        fc
          .tuple(entryAbout(result.kind), fc.array(present, { minLength: 1, maxLength: 3 }), fc.nat(9))
          .map(([entry, fields, die]): Entry => {
            if (die < 2) return entry;
            const { id, title, legalBasis, owner, purposes } = entry;
            const sharing = die < 8 ? 'conditional' : entry.class;
            const plain = { id, title, legalBasis, owner, class: sharing, match: { kinds: [result.kind] } };
            return { ...plain, ...(die < 9 ? { fields } : {}), ...(purposes === undefined ? {} : { purposes }) };
          }),
        { minLength: 1, maxLength: 5 },
      ),
      granted: fc.array(
        fc.record({
          paths: fc.array(path, { minLength: 1, maxLength: 4 }),
          purpose: fc.constantFrom(...PURPOSES_ASKED, ...PURPOSES_ASKED, 'curiosity'),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      unit: fc.constantFrom(...CONSUMERS.filter((unit) => unit !== result.issuer)),
      at: atArb,
    })
    .map(({ entries, granted, unit, at }) => ({
      entries: listOf(entries).entries,
      result,
      unit,
      lifts: granted.map((lift, index) => ({ ...lift, grant: `G${index}` })),
      at,
    }));
});

function viewOf({ entries, result, unit, at }: Case, lifts?: readonly Lift[]) {
  const compiled = compileNegativeList({ version: '1', effectiveFrom: '2026-11-01', entries }, CONSUMERS);
  const granted: Lifts = lifts === undefined ? new Map() : new Map([[unit, lifts]]);
  const [view] = decideDisclosure(compiled, result, [unit], at, granted);
  return view!;
}

const hides = (pointers: readonly string[], leaf: string): boolean =>
  pointers.some((pointer) => leaf.startsWith(`${pointer}/`) || leaf.startsWith(`${pointer} `));
const shownTo = (one: Case, lifts?: readonly Lift[]): Set<string> => {
  const { pointers } = viewOf(one, lifts);
  return new Set(leaves(one.result.content).filter((leaf) => !hides(pointers, leaf)));
};

/** Whether a path names a node that a leaf is or lies in. */
const names = (path: string, leaf: string): boolean => {
  const [steps, place] = [path.split('/'), leaf.slice(0, leaf.indexOf(' ')).split('/')];
  return (
    steps.length <= place.length && steps.every((step, at) => step === place[at] || /^\*[0-9]/.test(step + place[at]))
  );
};

/** The rule by itself, leaf by leaf; what an entry takes out is seen where it is the only one of a list. */
function shownByRule(one: Case): Set<string> {
  const strange = viewOf({ ...one, entries: [] }).pointers;
  const alone = one.entries.map((entry) => ({ entry, pointers: viewOf({ ...one, entries: [entry] }).pointers }));
  return new Set(
    leaves(one.result.content).filter((leaf) => {
      if (hides(strange, leaf)) return false;
      const hitting = alone.filter(({ pointers }) => hides(pointers, leaf)).map(({ entry }) => entry);
      if (hitting.length === 0) return true;
      return one.lifts.some(
        ({ paths, purpose }) =>
          purpose !== 'curiosity' &&
          paths.some((path) => names(path, leaf)) &&
          hitting.every((entry) => entry.class === 'conditional' && (entry.purposes?.includes(purpose) ?? true)),
      );
    }),
  );
}

describe('性质 properties', () => {
  it('所生成的授权常有放开 the grants that are made up often give something free', () => {
    const drawn = fc.sample(caseArb, { numRuns: 200, seed: 1 });
    const giving = drawn.filter((one) => viewOf(one, one.lifts).grants !== undefined);
    expect(giving.length).toBeGreaterThan(40);
    expect(giving.filter((one) => viewOf(one, one.lifts).grants!.length > 1).length).toBeGreaterThan(10);
    expect(giving.filter((one) => viewOf(one, one.lifts).pointers.length > 0).length).toBeGreaterThan(20);
  });

  it('授权之下所示，恰为未授权所示，加上同一授权为各条目均接受之用途所准予的 what is shown is what the rule says', () => {
    fc.assert(
      fc.property(caseArb, (one) => {
        expect(shownTo(one, one.lifts)).toEqual(shownByRule(one));
      }),
      { numRuns: 200 },
    );
  });

  it('授权只会多示，不会少示；所列条目均在未授权时已列 grants never withhold more', () => {
    fc.assert(
      fc.property(caseArb, (one) => {
        const [without, under] = [shownTo(one), shownTo(one, one.lifts)];
        expect([...without].filter((leaf) => !under.has(leaf))).toEqual([]);
        const view = viewOf(one, one.lifts);
        const named = (each: { path: string; entry: string }) =>
          viewOf({ ...one, entries: one.entries.filter(({ id }) => id === each.entry) }).withheld.some(
            ({ path }) => each.path === path || each.path.startsWith(`${path}/`) || path.startsWith(`${each.path}/`),
          );
        expect(view.withheld.filter((each) => !each.entry.startsWith('FC-') && !named(each))).toEqual([]);
        expect([...new Set(view.withheld.map(({ path }) => path))]).toEqual(view.pointers);
        const within = view.pointers.filter((pointer) =>
          view.pointers.some((above) => above !== pointer && (above === '' || pointer.startsWith(`${above}/`))),
        );
        expect(within).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('他人所见不因授权而变 the views of others are the same', () => {
    fc.assert(
      fc.property(caseArb, ({ entries, result, unit, lifts, at }) => {
        const compiled = compileNegativeList(listOf(entries), CONSUMERS);
        const others = (granted?: Lifts) =>
          decideDisclosure(compiled, result, [...CONSUMERS, 'sh.customs'], at, granted)
            .map((view) => ({ ...view, consumers: view.consumers.filter((each) => each !== unit) }))
            .filter(({ consumers }) => consumers.length > 0);
        const [before, after] = [others(), others(new Map([[unit, lifts]]))];
        const bySight = (views: typeof before) =>
          new Map(views.map(({ consumers, ...view }) => [JSON.stringify(view), consumers]));
        expect(bySight(after)).toEqual(bySight(before));
        expect(after).toHaveLength(before.length);
      }),
    );
  });

  it('列名的授权，各自都有所放开；未列名的，去之无异 which grants are named', () => {
    fc.assert(
      fc.property(caseArb, (one) => {
        const { lifts } = one;
        const none = viewOf(one);
        const { grants: named = [], ...view } = viewOf(one, lifts);
        // A grant is named that alone would give something free.
        const alone = lifts.filter((lift) => viewOf(one, [lift]).grants !== undefined);
        expect(named).toEqual(alone.map(({ grant }) => grant).sort());
        for (const lift of lifts) {
          const changed = viewOf(one, [lift]).grants !== undefined;
          expect(JSON.stringify(viewOf(one, [lift]).withheld) !== JSON.stringify(none.withheld)).toBe(changed);
        }
        // Without those that are not named all is the same, and without those that are, as if nothing were granted.
        expect(viewOf(one, alone)).toEqual(viewOf(one, lifts));
        expect(
          viewOf(
            one,
            lifts.filter((lift) => !alone.includes(lift)),
          ),
        ).toEqual(none);
        if (named.length === 0) expect(view).toEqual(none);
        // All together show what each shows alone, and no more.
        const each = lifts.flatMap((lift) => [...shownTo(one, [lift])]);
        expect(shownTo(one, lifts)).toEqual(new Set(each));
      }),
      { numRuns: 150 },
    );
  });

  it('与授权的先后次序无关 the order of grants does not matter', () => {
    fc.assert(
      fc.property(caseArb, (one) => {
        expect(viewOf(one, one.lifts.toReversed())).toEqual(viewOf(one, one.lifts));
      }),
    );
  });
});
