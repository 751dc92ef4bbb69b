import fc from 'fast-check';
import { compileNegativeList } from '../compile/compile-list.ts';
import { decideDisclosure } from '../decide/decide-disclosure.ts';
import { anyEntry, anyResult, INSTANTS, listAndChanged } from '../diff/lists.fixture.ts';
import { CONSUMERS } from '../example-results.fixture.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';
import { lintEntry } from './lint-entry.ts';
import { lintShadows } from './lint-shadows.ts';
import { severityOf } from '../language/finding.ts';

function shadowed(list: NegativeList): string[] {
  const sound = list.entries.filter(
    (entry) => !lintEntry(entry, '', {}, { units: CONSUMERS }).some(({ code }) => severityOf(code) === 'error'),
  );
  const placed = sound.map((entry) => ({ entry, pointer: '' }));
  return lintShadows(placed, CONSUMERS, list.effectiveFrom).map(({ params }) => String(params.id));
}

/** An entry beside one or two that were made from it. */
const anyList = fc
  .tuple(listAndChanged, fc.array(anyEntry, { maxLength: 2 }))
  .map(([[before, after], more]): NegativeList => {
    const entries = [...before.entries, ...after.entries, ...more];
    return { ...before, entries: entries.map((entry, index): Entry => ({ ...entry, id: `X-${index}` })) };
  });

it('被遮盖的条目去掉与否，所取出的内容相同、同样严格 without a shadowed entry every decision is the same', () => {
  let found = 0;
  fc.assert(
    fc.property(anyList, fc.array(anyResult, { minLength: 6, maxLength: 6 }), (list, results) => {
      const needless = shadowed(list);
      found += needless.length;
      if (needless.length === 0) return;
      const shorter = { ...list, entries: list.entries.filter(({ id }) => !needless.includes(id)) };
      const [with_, without] = [compileNegativeList(list, CONSUMERS), compileNegativeList(shorter, CONSUMERS)];
      for (const result of results) {
        const told = (compiled: typeof without, at: number) =>
          decideDisclosure(compiled, result, CONSUMERS, at)
            .flatMap(({ consumers, withheld }) =>
              consumers.map((unit) => {
                const items = withheld.map(({ path, access }) => `${path} ${access}`);
                return `${unit}: ${[...new Set(items)].sort().join(', ')}`;
              }),
            )
            .sort();
        for (const at of INSTANTS) expect(told(without, at)).toEqual(told(with_, at));
      }
    }),
    { numRuns: 250 },
  );
  expect(found).toBeGreaterThan(4);
}, 60_000);
