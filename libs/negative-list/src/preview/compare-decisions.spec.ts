import type { UnitId } from '@clearance/contracts';
import type { DisclosureDecision } from '../decide/decide-disclosure.ts';
import { compareDecisions, patternOf } from './compare-decisions.ts';

const A: UnitId = 'ln.border';
const B: UnitId = 'hl.border';

/** Who sees the result without what; each path with its entry: `/goods/0/value NL-1`. */
const view = (consumers: UnitId[], ...withheld: string[]): DisclosureDecision => ({
  consumers,
  withheld: withheld.map((item) => {
    const [path, entry] = item.split(' ') as [string, string];
    return { path, entry, legalBasis: '《法》', access: 'none' };
  }),
  pointers: [...new Set(withheld.map((item) => item.split(' ')[0]!))],
});

describe('两份清单的差别 what two lists decide differently', () => {
  it.each<[string, DisclosureDecision[], DisclosureDecision[], string[]]>([
    ['无差别', [view([A], '/x N1')], [view([A], '/x N1')], []],
    ['换了条目，不算差别', [view([A], '/x N1')], [view([A], '/x N2')], []],
    ['新取出', [view([A])], [view([A], '/x N1')], ['ln.border −/x N1']],
    ['新示出', [view([A], '/x N1')], [view([A])], ['ln.border +/x N1']],
    ['取出更大的部分', [view([A], '/x/y N1')], [view([A], '/x N2')], ['ln.border −/x N2']],
    ['取出更小的部分', [view([A], '/x N2')], [view([A], '/x/y N1')], ['ln.border +/x N2']],
    ['名称相近不算同一处', [view([A], '/x N1')], [view([A], '/xy N1')], ['ln.border −/xy N1', 'ln.border +/x N1']],
    ['整份取出', [view([A], '/x N1')], [view([A], ' N2')], ['ln.border − N2']],
    ['多条同时取出，全部列名', [view([A])], [view([A], '/x N1', '/x N2')], ['ln.border −/x N1,N2']],
    ['只对一个单位', [view([A, B])], [view([A]), view([B], '/x N1')], ['hl.border −/x N1']],
    [
      '分组变了，各算各的',
      [view([A], '/x N1'), view([B])],
      [view([A, B], '/y N2')],
      ['ln.border −/y N2', 'ln.border +/x N1', 'hl.border −/y N2'],
    ],
  ])('%s', (_what, before, after, expected) => {
    const told = compareDecisions(before, after).flatMap(({ consumers, withheld, shown }) => [
      ...withheld.map(({ path, entries }) => `${consumers.join()} −${path} ${entries.join()}`),
      ...shown.map(({ path, entries }) => `${consumers.join()} +${path} ${entries.join()}`),
    ]);
    expect(told).toEqual(expected);
  });
});

it.each([
  ['/goods/0/value', '/goods/*/value'],
  ['/goods/12', '/goods/*'],
  ['/containers/0/seals/3/number', '/containers/*/seals/*/number'],
  ['/reference', '/reference'],
  ['', ''],
  ['/a1/2b', '/a1/2b'],
])('%s 属于 %s', (path, pattern) => {
  expect(patternOf(path)).toBe(pattern);
});
