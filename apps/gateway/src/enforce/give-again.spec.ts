import fc from 'fast-check';
import type { UnitId, Withheld } from '@clearance/contracts';
import { entryOf } from '../ledger/append-ledger.ts';
import {
  bothWithheld,
  decideAgain,
  type GivenAgain,
  type ReviewOf,
  type Shown,
  shownLast,
  takesAway,
} from './give-again.ts';
import type { View } from './view.ts';

const A: UnitId = 'hl.customs';
const B: UnitId = 'hl.border';
const entriesFor = (...paths: string[]): Withheld[] =>
  paths.map((path) => ({ path, entry: 'NL-1', legalBasis: '《海关法》', access: 'none' }));
/** A view from which these paths are taken out: the same paths, the same token. */
const view = (paths: readonly string[], consumers: UnitId[], listVersion = '1'): View => ({
  claims: {
    issuer: 'ln.customs',
    resultId: '019aa5a1-7c5b-7000-8000-000000000001',
    version: 1,
    status: 'issued',
    issuedAt: '2026-11-21T08:00:00.000Z',
  },
  kind: 'customs.scan',
  listVersion,
  listRecord: '0'.repeat(64),
  consumers,
  viewNumber: 0,
  withheld: entriesFor(...paths),
  token: `a.b.c~${paths.join()}`,
  tokenDigest: `without ${[...paths].sort().join()}`,
  traceparent: undefined,
});
/** A view without these paths instead. */
const withholding = (before: View, withheld: Withheld[]): View => ({
  ...view(
    withheld.map(({ path }) => path),
    before.consumers,
    before.listVersion,
  ),
  withheld,
});
const seen = (paths: readonly string[], listVersion = '1', keeps?: true): Shown => {
  const { tokenDigest, withheld } = view(paths, []);
  return { tokenDigest, withheld, listVersion, ...(keeps === undefined ? {} : { keeps }) };
};
const names = ({ changed, repeated }: GivenAgain) => ({
  changed: changed.flatMap(({ consumers }) => consumers).sort(),
  repeated: repeated.flatMap(({ consumers }) => consumers).sort(),
});
const NOBODY = { changed: [], repeated: [] };
const RECALL: ReviewOf = { extendsFor: () => false };
const CATCH_UP: ReviewOf = { extendsFor: () => true };
const CATCH_UP_OF_B: ReviewOf = { extendsFor: (unit: UnitId) => unit === B };

describe('a version that is offered again, whose receipt from hl.customs is missing', () => {
  const again = (shown: Shown | undefined, now: View, spared = false) =>
    names(
      decideAgain({
        views: [now],
        shown: new Map(shown === undefined ? [] : [[A, shown]]),
        waiting: new Set([A]),
        review: undefined,
        spared: () => spared,
        withholding,
      }),
    );
  it.each<[string, Shown | undefined, View, boolean, object]>([
    ['as it was', seen([]), view([], [A]), false, { changed: [], repeated: [A] }],
    ['as it was, while the last copy still waits', seen([]), view([], [A]), true, NOBODY],
    ['under another list, of which the ledger knows nothing', seen([]), view([], [A], '2'), false, { changed: [A], repeated: [] }], // prettier-ignore
    ['with less', seen([]), view(['/goods/0/value'], [A], '2'), true, { changed: [A], repeated: [] }],
    ['with more', seen(['/goods/0/value']), view([], [A], '2'), false, { changed: [A], repeated: [] }],
    ['of which nothing was ever shown', undefined, view([], [A]), false, { changed: [A], repeated: [] }],
    [
      'that keeps what was withheld before',
      seen(['/consignee', '/goods/0/value'], '2', true),
      view(['/consignee'], [A], '2'),
      false,
      { changed: [], repeated: [A] },
    ],
    [
      'that keeps it under yet another list',
      seen(['/consignee', '/goods/0/value'], '2', true),
      view([], [A], '3'),
      false,
      { changed: [A], repeated: [] },
    ],
  ])('%s', (_what, shown, now, spared, expected) => {
    expect(again(shown, now, spared)).toEqual(expected);
  });
});

it('a recall that is to be repeated adds nothing either, until a catch-up does', () => {
  const again = (review: ReviewOf | undefined): GivenAgain =>
    decideAgain({
      views: [view(['/consignee'], [A], '2')],
      shown: new Map([[A, seen(['/consignee', '/goods/0/value'], '2', true)]]),
      waiting: new Set([A]),
      review,
      spared: () => false,
      withholding,
    });
  expect(again(CATCH_UP).changed.map(({ tokenDigest }) => tokenDigest)).toEqual(['without /consignee']);
  const { repeated } = again(undefined);
  expect(repeated.map(({ tokenDigest, keeps }) => [tokenDigest, keeps])).toEqual([
    ['without /consignee,/goods/0/value', true],
  ]);
});

describe('a version that everybody has confirmed, and that is reviewed', () => {
  const both = [A, B];
  it.each<[string, string[], string[], ReviewOf, UnitId[]]>([
    ['as it was: nobody is troubled', [], [], RECALL, []],
    ['a field less: it is taken back', [], ['/goods/0/value'], RECALL, both],
    ['a field less, in a catch-up too', [], ['/goods/0/value'], CATCH_UP_OF_B, both],
    ['the whole result', ['/goods/0/value'], [''], RECALL, both],
    ['a field more: left as it is', ['/goods/0/value'], [], RECALL, []],
    ['a field more, in a catch-up: given', ['/goods/0/value'], [], CATCH_UP, both],
    ['a field more, in a catch-up for hl.border alone', ['/goods/0/value'], [], CATCH_UP_OF_B, [B]],
    ['a part of what was withheld before: more, not less', ['/goods'], ['/goods/0/value'], RECALL, []],
    ['one field less and another more: taken back', ['/goods/0/value'], ['/goods/0/origin'], RECALL, both],
    ['a name that only begins alike', ['/goods/1'], ['/goods/10'], RECALL, both],
  ])('%s', (_what, before, now, review, expected) => {
    const shown = new Map(both.map((unit): [UnitId, Shown] => [unit, seen(before)]));
    const outcome = decideAgain({
      views: [view(now, both, '2')],
      shown,
      waiting: new Set(),
      review,
      spared: () => false,
      withholding,
    });
    expect(names(outcome)).toEqual({ changed: [...expected].sort(), repeated: [] });
  });

  it.each<[string, string[], string[], ReviewOf, string[], true | undefined]>([
    ['nothing is added', ['/goods/0/value'], ['/goods/0/origin'], RECALL, ['/goods/0/origin', '/goods/0/value'], true],
    ['but in a catch-up', ['/goods/0/value'], ['/goods/0/origin'], CATCH_UP, ['/goods/0/origin'], undefined],
    [
      'what lies in what stays withheld is not named by itself',
      ['/goods'],
      ['/goods/0/value', '/consignee'],
      RECALL,
      ['/consignee', '/goods'],
      true,
    ],
    [
      'what is withheld as part of more needs no keeping',
      ['/goods/0/value'],
      ['/goods'],
      RECALL,
      ['/goods'],
      undefined,
    ],
    ['the whole result', ['/goods/0/value'], [''], RECALL, [''], undefined],
  ])('takes away, and %s', (_what, before, now, review, left, keeps) => {
    const shown = new Map([[A, seen(before)]]);
    const views = [view(now, [A], '2')];
    const { changed } = decideAgain({ views, shown, waiting: new Set(), review, spared: () => false, withholding });
    expect(changed.map(({ withheld, keeps: kept }) => [withheld.map(({ path }) => path).sort(), kept])).toEqual([
      [left, keeps],
    ]);
  });

  it('gives those the same who had the same', () => {
    const shown = new Map<UnitId, Shown>([
      [A, seen(['/goods/0/value'])],
      [B, seen(['/consignee'])],
    ]);
    const views = [view(['/goods/0/origin'], [A, B], '2')];
    const { changed } = decideAgain({
      views,
      shown,
      waiting: new Set(),
      review: RECALL,
      spared: () => false,
      withholding,
    });
    expect(changed.map(({ consumers, tokenDigest }) => [consumers, tokenDigest])).toEqual([
      [[A], 'without /goods/0/origin,/goods/0/value'],
      [[B], 'without /consignee,/goods/0/origin'],
    ]);
  });

  it('is compared with what each was shown last, by the rows of the ledger in their order', () => {
    const rows = [
      entryOf(view([], [A, B]), '2026-11-21T08:00:00.000Z'),
      entryOf(view(['/goods/0/value'], [A], '2'), '2026-11-22T08:00:00.000Z'),
    ];
    const shown = shownLast(rows).get(`${rows[0]!.resultId}:1`)!;
    expect([shown.get(A)!.listVersion, shown.get(B)!.listVersion]).toEqual(['2', '1']);
  });
});

it('of two views what is left is what both have left', () => {
  const pointer = fc.constantFrom('/a', '/a/0', '/a/0/x', '/a/1', '/a/10', '/b', '/b/c');
  const topmost = (paths: readonly string[]): string[] =>
    paths.filter((path) => !paths.some((other) => path !== other && path.startsWith(`${other}/`)));
  const nodes = ['/a', '/a/0', '/a/0/x', '/a/1', '/a/10', '/b', '/b/c'];
  const left = (gone: readonly string[]): string[] =>
    nodes.filter((node) => !gone.some((each) => node === each || node.startsWith(`${each}/`)));
  fc.assert(
    fc.property(fc.uniqueArray(pointer).map(topmost), fc.uniqueArray(pointer).map(topmost), (before, after) => {
      const both = (bothWithheld(entriesFor(...before), entriesFor(...after)) ?? entriesFor(...after)).map(
        ({ path }) => path,
      );
      expect(left(both)).toEqual(left(before).filter((node) => left(after).includes(node)));
      expect(topmost(both)).toEqual(both);
    }),
  );
});

it('takes away exactly when a node that was there is not there any more', () => {
  const pointer = fc.constantFrom('', '/a', '/a/0', '/a/0/x', '/a/1', '/a/10', '/b', '/b/c');
  const nodes = ['/a', '/a/0', '/a/0/x', '/a/1', '/a/10', '/b', '/b/c'];
  const left = (gone: readonly string[]): string[] =>
    nodes.filter((node) => !gone.some((each) => node === each || node.startsWith(`${each}/`)));
  fc.assert(
    fc.property(fc.uniqueArray(pointer), fc.uniqueArray(pointer), (before, after) => {
      const less = left(before).some((node) => !left(after).includes(node));
      // Of a whole that is withheld in parts, all of them, the root stays: it has no node of its own here.
      if (!after.includes('') || before.includes('')) {
        expect(takesAway(entriesFor(...before), entriesFor(...after))).toBe(less);
      }
    }),
  );
});
