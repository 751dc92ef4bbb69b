import fc from 'fast-check';
import { CHECK_TYPES, type ReportedRecognition } from '@clearance/contracts';
import { boundOf, classOf } from './delay-classes.ts';
import { figuresOf, HOURS_PER_CHECK, TARGETS, targetKept } from './figures.ts';
import {
  AVAILABILITY_BOUNDS,
  type CountedVersion,
  firstResultOf,
  tallyOfRecognition,
  tallyOfVersion,
} from './indicators.ts';
import { addUp, negative, type Tally } from './tally.ts';

const HOUR = 3_600_000;
const EXAMINED = Date.UTC(2026, 10, 21, 3, 10);
const RESULT = '019aa5a1-7c5b-7000-8000-000000000001';
const OTHER = '019aa5a1-7c5b-7000-8000-000000000002';

const version = (more: Partial<CountedVersion> = {}): CountedVersion => ({
  ...{ status: 'issued', examinedAt: EXAMINED, availableAt: EXAMINED + 2 * HOUR, withheld: {} },
  ...more,
});
const delay = (seconds: number): string => `delay:${classOf(AVAILABILITY_BOUNDS, seconds)}`;

describe('一份结果计入什么 what a version adds', () => {
  it.each<[string, Partial<CountedVersion>, Tally]>([
    ['两小时后各单位可用 available after two hours', {}, { results: 1, available: 1, [delay(7_200)]: 1 }],
    ['尚未办结 not yet confirmed by all', { availableAt: null }, { results: 1 }],
    ['查验时间不予共享 examined when is not shown to all', { examinedAt: null }, { results: 1, available: 1 }],
    ['可用早于查验 available before it was examined', { availableAt: EXAMINED - 1 }, { results: 1, available: 1 }],
    ['变更 an amendment has no delay', { status: 'amended' }, { amendments: 1, available: 1 }],
    ['撤销 a revocation', { status: 'revoked', availableAt: null }, { revocations: 1 }],
    ['不予共享 withheld from some', { availableAt: null, withheld: { 'NL-010': 4, 'NL-020': 11 } }, { results: 1, 'withheld:NL-010': 4, 'withheld:NL-020': 11 }], // prettier-ignore
  ])('%s', (_what, more, expected) => expect(tallyOfVersion(version(more))).toEqual(expected));
});

const report = (more: Partial<ReportedRecognition> = {}): ReportedRecognition => ({
  recognitionId: '019aa5a1-7c5b-7000-8000-00000000000a',
  ...{ location: 'CNHRB', outcome: 'partial', state: 'in-force', decidedAt: '2026-11-21T09:00:00Z', consignment: {} },
  checks: [
    {
      type: 'x-ray',
      decision: 'recognised',
      by: [{ resultId: RESULT, version: 1, issuer: 'ln.customs' }],
      reasons: [],
    },
    {
      type: 'quarantine',
      decision: 'required',
      by: [],
      reasons: [
        { code: 'expired', resultId: OTHER },
        { code: 'expired', resultId: RESULT },
        { code: 'no-arrangement', resultId: RESULT },
      ],
    },
    { type: 'weighing', decision: 'required', by: [], reasons: [{ code: 'no-result' }] },
  ],
  ...more,
});

describe('一项互认决定计入什么 what a recognition adds', () => {
  const inForce = {
    ...{ decided: 1, 'outcome:partial': 1, 'recognised:x-ray': 1, 'avoided:x-ray': 1, 'on:ln.customs': 1 },
    ...{ 'required:quarantine': 1, 'repeated:quarantine': 1, 'reason:expired': 1, 'reason:no-arrangement': 1 },
    ...{ 'required:weighing': 1, 'reason:no-result': 1 },
  };
  it.each<[string, ReportedRecognition, Tally]>([
    ['已知结果仍须查验即为重复 required although a result is known: repeated', report(), inForce],
    ['重启后不再免于查验 reopened: nothing is avoided', report({ state: 'reopened' }), { ...inForce, reopened: 1, 'avoided:x-ray': 0 }], // prettier-ignore
    ['一项依据一单位多份结果 two results of one unit', report({ checks: [{ type: 'seal', decision: 'recognised', by: [{ resultId: RESULT, version: 1, issuer: 'hl.customs' }, { resultId: OTHER, version: 1, issuer: 'hl.customs' }], reasons: [] }] }), { decided: 1, 'outcome:partial': 1, 'recognised:seal': 1, 'avoided:seal': 1, 'on:hl.customs': 1 }], // prettier-ignore
  ])('%s', (_what, told, expected) => {
    const counted = Object.entries(expected).filter(([, n]) => n !== 0);
    expect(tallyOfRecognition(told)).toEqual(Object.fromEntries(counted));
  });

  it('运输方式由首份依据得知 how the goods travelled is known by the first result that it relies on, or looked at', () => {
    expect(firstResultOf(report())).toBe(RESULT);
    expect(firstResultOf(report({ checks: report().checks.slice(1) }))).toBe(OTHER);
    expect(firstResultOf(report({ checks: report().checks.slice(2) }))).toBeUndefined();
  });
});

describe('指标 figures', () => {
  it('读作：互认率、免于查验、节省工时、原因与依据 say shares, what was avoided, hours saved, reasons and on whom', () => {
    const figures = figuresOf(addUp([tallyOfRecognition(report()), tallyOfRecognition(report()), tallyOfVersion(version({ withheld: { 'NL-010': 4 } }))])); // prettier-ignore
    expect(figures).toMatchObject({
      ...{ results: 1, amendments: 0, available: 1, hoursSaved: 2 * HOURS_PER_CHECK['x-ray'] },
      delay: { measured: 1, p50: 7_200, p90: 7_200, p99: 7_200 },
      withheld: [{ entry: 'NL-010', copies: 4 }],
      recognitions: { decided: 2, partial: 2, recognised: 0, refused: 0, reopened: 0 },
      checks: { recognised: 2, required: 4, recognisedShare: 0.3333, repeated: 2, avoided: 2 },
      reasons: [
        { code: 'expired', checks: 2 },
        { code: 'no-arrangement', checks: 2 },
        { code: 'no-result', checks: 2 },
      ],
      reliesOn: [{ issuer: 'ln.customs', checks: 2 }],
    });
  });

  it('无数据时为空而非零 say null of nothing, not zero', () => {
    const { delay, checks } = figuresOf({});
    expect([delay.p50, checks.recognisedShare, targetKept({}, 3_600).share]).toEqual([null, null, null]);
  });

  it('目标恰为界限，逐份准确 keep targets exactly: each is a bound', () => {
    for (const { seconds } of TARGETS) {
      expect(AVAILABILITY_BOUNDS).toContain(seconds);
      const at = (over: number): Tally => tallyOfVersion(version({ availableAt: EXAMINED + seconds * 1_000 + over }));
      expect(targetKept(addUp([at(0), at(1), at(-1)]), seconds)).toEqual({ measured: 3, within: 2, share: 0.6667 });
    }
  });

  it('界限递增 bounds grow', () => {
    expect(AVAILABILITY_BOUNDS).toEqual([...new Set(AVAILABILITY_BOUNDS)].sort((a, b) => a - b));
  });

  const anyVersion = fc.record({
    status: fc.constantFrom('issued' as const, 'amended' as const, 'revoked' as const),
    examinedAt: fc.option(fc.constant(EXAMINED), { nil: null }),
    availableAt: fc.option(
      fc.integer({ min: -HOUR, max: 2_000 * HOUR }).map((after) => EXAMINED + after),
      { nil: null },
    ),
    withheld: fc.dictionary(fc.constantFrom('NL-001', 'NL-002'), fc.integer({ min: 1, max: 11 })),
  });

  it('取走再计入等于未动 what is taken away and added again changes nothing, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(anyVersion), fc.array(anyVersion), (kept, gone) => {
        const [stay, go] = [kept.map(tallyOfVersion), gone.map(tallyOfVersion)];
        const mixed = [...go, ...stay, ...go.map(negative)].reverse();
        expect(figuresOf(addUp(mixed))).toEqual(figuresOf(addUp(stay)));
      }),
    );
  });

  it('分位数不低于精确值且同组 quantiles are the exact ones, rounded up to a bound', () => {
    fc.assert(
      fc.property(fc.array(anyVersion, { minLength: 1 }), (versions) => {
        const exact = versions
          .flatMap(({ status, examinedAt, availableAt }) =>
            status === 'issued' && examinedAt !== null && availableAt !== null && availableAt >= examinedAt
              ? [(availableAt - examinedAt) / 1_000]
              : [],
          )
          .sort((one, other) => one - other);
        const { delay: told } = figuresOf(addUp(versions.map(tallyOfVersion)));
        expect(told.measured).toBe(exact.length);
        for (const [share, is] of [
          [0.5, told.p50],
          [0.9, told.p90],
          [0.99, told.p99],
        ] as const) {
          // prettier-ignore
          const at = exact[Math.max(1, Math.ceil(share * exact.length)) - 1];
          expect(is).toBe(at === undefined ? null : (AVAILABILITY_BOUNDS.find((bound) => at <= bound) ?? null));
        }
      }),
    );
  });

  it('每类查验都有工时 every check type has its hours', () => {
    expect(Object.keys(HOURS_PER_CHECK)).toEqual([...CHECK_TYPES]);
    expect(boundOf([1, 2], [0, 0, 0], 0.5)).toBeNull();
  });
});
