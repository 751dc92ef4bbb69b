import fc from 'fast-check';
import type { UnitId } from '@clearance/contracts';
import { compileNegativeList } from '../compile/compile-list.ts';
import { decideDisclosure } from '../decide/decide-disclosure.ts';
import { anyInstant, anyResult, listAndChanged } from '../diff/lists.fixture.ts';
import { CONSUMERS } from '../example-results.fixture.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';
import { scopeOfTurn, turnsOf } from './turns.ts';

const DAY = 86_400_000;
const at = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);
const entry = (changes: Partial<Entry> = {}): Entry => ({
  id: 'NL-1',
  title: { zh: '货值', en: 'Value of goods' },
  class: 'withheld',
  legalBasis: '《海关法》第七十二条',
  owner: 'customs',
  match: { kinds: ['customs.scan'] },
  fields: ['/goods/*/value'],
  ...changes,
});
const list = (version: string, ...entries: Entry[]): NegativeList => ({
  version,
  effectiveFrom: '2026-11-01T00:00:00+08:00',
  entries,
});

describe('turnsOf', () => {
  it.each<[string, Partial<Entry>, string, string[]]>([
    ['a list begins', {}, '2027-01-01', ['2026-11-01']],
    ['an entry begins later', { validFrom: '2026-11-20' }, '2027-01-01', ['2026-11-01', '2026-11-20']],
    ['an entry begins with it', { validFrom: '2026-11-01' }, '2027-01-01', ['2026-11-01']],
    ['an entry began before', { validFrom: '2026-10-01' }, '2027-01-01', ['2026-11-01']],
    // The last day counts in full.
    ['an entry ends', { validUntil: '2026-11-30' }, '2027-01-01', ['2026-11-01', '2026-12-01']],
    ['what comes later is not yet', { validFrom: '2026-11-20', validUntil: '2026-11-30' }, '2026-11-25', ['2026-11-01', '2026-11-20']], // prettier-ignore
    ['nothing before it begins', {}, '2026-10-31', []],
  ])('%s', (_what, changes, until, days) => {
    expect(turnsOf(list('1', entry(changes)), at(until))).toEqual(days.map(at));
  });
});

describe('scopeOfTurn', () => {
  const units: UnitId[] = ['ln.customs', 'hl.customs', 'ln.border', 'ln.inspection'];
  const NOW = at('2026-11-10');
  const all = [{ kind: 'customs.scan', issuers: ['hl.customs', 'ln.customs'] }];
  const ofLiaoning = [{ kind: 'customs.scan', issuers: ['ln.customs'] }];
  it.each<[string, NegativeList | undefined, NegativeList, object, object]>([
    ['the first list', undefined, list('1', entry()), all, []],
    ['the same list', list('1', entry()), list('2', entry()), [], []],
    ['an entry more', list('1'), list('2', entry()), all, []],
    ['an entry less', list('1', entry()), list('2'), [], all],
    ['of one issuer', list('1'), list('2', entry({ match: { kinds: ['customs.scan'], issuers: 'ln.*' } })), ofLiaoning, []], // prettier-ignore
    ['another reason', list('1', entry()), list('2', entry({ legalBasis: '另一条' })), [], []],
    ['a path more and a path less', list('1', entry()), list('2', entry({ fields: ['/goods/*/origin'] })), all, all],
    ['another condition', list('1', entry({ when: 'content.direction == "import"' })), list('2', entry({ when: 'content.direction == "export"' })), all, all], // prettier-ignore
    ['an entry that has not begun', list('1'), list('2', entry({ validFrom: '2026-11-11' })), [], []],
    ['an entry that has ended', list('1', entry()), list('2', entry({ validUntil: '2026-11-08' })), [], all],
    ['issuers that cannot issue it', list('1'), list('2', entry({ match: { kinds: ['customs.scan'], issuers: '*.border' } })), [], []], // prettier-ignore
  ])('%s', (_what, before, after, restricted, extended) => {
    const found = scopeOfTurn(before && { list: before, at: NOW }, { list: after, at: NOW }, units);
    expect(found).toEqual({ restricted, extended });
  });

  it('an entry that begins, and one that ends, under one and the same list', () => {
    const begins = list('1', entry({ validFrom: '2026-11-20' }));
    const turn = at('2026-11-20');
    expect(scopeOfTurn({ list: begins, at: turn - 1 }, { list: begins, at: turn }, units)).toEqual({
      restricted: all,
      extended: [],
    });
    const ends = list('1', entry({ validUntil: '2026-11-20' }));
    const end = turn + DAY;
    expect(scopeOfTurn({ list: ends, at: end - 1 }, { list: ends, at: end }, units)).toEqual({
      restricted: [],
      extended: all,
    });
  });

  it('leaves out no result of which anybody sees less, or more', () => {
    const covered = (pointer: string, by: readonly string[]): boolean =>
      by.some((other) => pointer === other || pointer.startsWith(`${other}/`));
    fc.assert(
      fc.property(
        listAndChanged,
        anyInstant,
        anyInstant,
        anyResult,
        ([before, after], then, now, { kind, issuer, content }) => {
          const scope = scopeOfTurn({ list: before, at: then }, { list: after, at: now }, CONSUMERS);
          const others = CONSUMERS.filter((unit) => unit !== issuer);
          const taken = (which: NegativeList, moment: number) =>
            new Map(
              decideDisclosure(
                compileNegativeList(which, CONSUMERS),
                { kind, issuer, content },
                others,
                moment,
              ).flatMap(({ consumers, pointers }) => consumers.map((unit) => [unit, pointers] as const)),
            );
          const [old, young] = [taken(before, then), taken(after, now)];
          const named = (results: typeof scope.restricted): boolean =>
            results.some((each) => each.kind === kind && each.issuers.includes(issuer));
          for (const unit of others) {
            const [had, has] = [old.get(unit)!, young.get(unit)!];
            if (has.some((pointer) => !covered(pointer, had))) expect(named(scope.restricted)).toBe(true);
            if (had.some((pointer) => !covered(pointer, has))) expect(named(scope.extended)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
