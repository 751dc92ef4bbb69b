import fc from 'fast-check';
import { CHECK_TYPES, type UnitId } from '@clearance/contracts';
import { type Conflict, conflictsOf, type JudgedResult } from './conflicts.ts';
import type { CheckShown } from './facts-shown-to-all.ts';

const idOf = (index: number): string => `019aa5a1-7c5b-7000-8000-${String(index).padStart(12, '0')}`;
const [BOX, BOX2] = ['CSQU3054383', 'DLCU2045117'];

const look = (type: CheckShown['type'], outcome: string | null, more: Partial<CheckShown> = {}): CheckShown => ({
  ...{ type, outcome, performedAt: null, containers: [], items: [] },
  ...more,
});
let made = 0;
const result = (issuer: UnitId, checks: CheckShown[], more: Partial<JudgedResult> = {}): JudgedResult => ({
  ...{ resultId: idOf((made += 1)), version: 1, status: 'issued', issuer, containers: [BOX], checks },
  ...more,
});
const ok = (more: Partial<CheckShown> = {}): CheckShown => look('quarantine', 'conformant', more);
const bad = (more: Partial<CheckShown> = {}): CheckShown => look('quarantine', 'non-conformant', more);
/** What is said of a conflict, briefly: check, container, who found it well, who did not. */
const brief = (conflicts: readonly Conflict[]): string[] =>
  conflicts.map(
    ({ check, container, conformant, nonConformant }) =>
      `${check} ${container ?? '*'}: ${conformant.map(({ issuer }) => issuer).join(',')} ≠ ${nonConformant.map(({ issuer }) => issuer).join(',')}`,
  );

describe('结论相左 units that contradict each other', () => {
  it.each<[string, JudgedResult[], string[]]>([
    ['无 none: both found it well', [result('ln.inspection', [ok()]), result('jl.inspection', [ok()])], []],
    ['同箱同项相反 the same check of the same box', [result('ln.inspection', [ok()]), result('jl.inspection', [bad()])], [`quarantine ${BOX}: ln.inspection ≠ jl.inspection`]], // prettier-ignore
    [
      '不同项目 other checks',
      [result('ln.inspection', [ok()]), result('jl.customs', [look('x-ray', 'non-conformant')])],
      [],
    ],
    [
      '不同箱 other boxes',
      [result('ln.inspection', [ok()]), result('jl.inspection', [bad()], { containers: [BOX2] })],
      [],
    ],
    ['查验只涉及其中一箱 a check that names one of the boxes', [result('ln.inspection', [ok({ containers: [BOX] })], { containers: [BOX, BOX2] }), result('jl.inspection', [bad({ containers: [BOX2] })], { containers: [BOX, BOX2] })], []], // prettier-ignore
    [
      '货物项不同 other items',
      [result('ln.inspection', [ok({ items: [1] })]), result('jl.inspection', [bad({ items: [2] })])],
      [],
    ],
    ['一方未指明货物项 one names no items', [result('ln.inspection', [ok({ items: [1] })]), result('jl.inspection', [bad()])], [`quarantine ${BOX}: ln.inspection ≠ jl.inspection`]], // prettier-ignore
    ['散货无箱 goods without boxes', [result('ln.inspection', [ok()], { containers: [] }), result('jl.inspection', [bad()], { containers: [] })], ['quarantine *: ln.inspection ≠ jl.inspection']], // prettier-ignore
    ['结论不明 inconclusive contradicts nothing', [result('ln.inspection', [look('quarantine', 'inconclusive')]), result('jl.inspection', [bad()])], []], // prettier-ignore
    ['已撤销 a revoked one says nothing', [result('ln.inspection', [ok()]), result('jl.inspection', [bad()], { status: 'revoked' })], []], // prettier-ignore
    [
      '本单位前后不一 one unit twice is its own affair',
      [result('ln.inspection', [ok()]), result('ln.inspection', [bad()])],
      [],
    ],
    ['两单位对一单位 two against one', [result('ln.inspection', [ok()]), result('hl.inspection', [ok()]), result('jl.inspection', [bad()])], [`quarantine ${BOX}: ln.inspection,hl.inspection ≠ jl.inspection`]], // prettier-ignore
    ['两箱各自成立 each box by itself', [result('ln.inspection', [ok()], { containers: [BOX2, BOX] }), result('jl.inspection', [bad()], { containers: [BOX, BOX2] })], [`quarantine ${BOX}: ln.inspection ≠ jl.inspection`, `quarantine ${BOX2}: ln.inspection ≠ jl.inspection`]], // prettier-ignore
    ['结论不予共享 an outcome that is not shown', [result('ln.inspection', [ok()]), result('jl.inspection', [look('quarantine', null)])], []], // prettier-ignore
  ])('%s', (_what, results, expected) => expect(brief(conflictsOf(results))).toEqual(expected));

  const anyResult = fc.record({
    issuer: fc.constantFrom<UnitId>('ln.customs', 'jl.customs', 'hl.customs'),
    status: fc.constantFrom('issued' as const, 'revoked' as const),
    containers: fc.subarray([BOX, BOX2]),
    checks: fc.array(
      fc.record({
        type: fc.constantFrom(...CHECK_TYPES.slice(0, 3)),
        outcome: fc.constantFrom('conformant', 'non-conformant', 'inconclusive'),
        containers: fc.subarray([BOX, BOX2]),
        items: fc.subarray([1, 2]),
      }),
      { maxLength: 3 },
    ),
  });
  const anyResults = fc.array(anyResult, { maxLength: 6 }).map((many) =>
    many.map(({ checks, ...one }, index): JudgedResult => ({
      ...{ ...one, resultId: idOf(index + 1), version: 1 },
      checks: checks.map((check) => ({ ...check, performedAt: null })),
    })),
  );

  it('与顺序无关 whatever the order of the results', () => {
    fc.assert(
      fc.property(anyResults, (results) => {
        expect(conflictsOf(results.toReversed())).toEqual(conflictsOf(results));
      }),
    );
  });

  it('总有双方，且非同一单位 always has two sides, and nobody contradicts themselves alone', () => {
    fc.assert(
      fc.property(anyResults, (results) => {
        for (const { conformant, nonConformant } of conflictsOf(results)) {
          expect(conformant.length * nonConformant.length).toBeGreaterThan(0);
          expect(new Set([...conformant, ...nonConformant].map(({ issuer }) => issuer)).size).toBeGreaterThan(1);
        }
      }),
    );
  });

  it('去掉不符合的结果即无相左 without what was found amiss there is none', () => {
    fc.assert(
      fc.property(anyResults, (results) => {
        const well = results.map((one) => ({ ...one, checks: one.checks.filter(({ outcome }) => outcome !== 'non-conformant') })); // prettier-ignore
        expect(conflictsOf(well)).toEqual([]);
      }),
    );
  });
});
