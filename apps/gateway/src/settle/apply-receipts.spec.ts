import fc from 'fast-check';
import type { UnitId } from '@clearance/contracts';
import { applyReceipts, type SettlementState } from './apply-receipts.ts';

const UNITS: UnitId[] = ['ln.border', 'jl.customs', 'hl.customs', 'nm.inspection'];
const STRANGER: UnitId = 'ln.customs';
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 21, 8, minute)).toISOString();
const cameAt = (units: readonly UnitId[], minute: number): ReadonlyMap<UnitId, string> =>
  new Map(units.map((unit) => [unit, at(minute)]));
const open = (waiting: UnitId[] = UNITS): SettlementState => ({ waiting, receipts: {}, settledAt: null });

/** Receipts of some units, in batches, one batch a minute. */
const batches = fc.array(fc.array(fc.constantFrom(...UNITS, STRANGER), { maxLength: 4 }), { maxLength: 8 });

interface Run {
  state: SettlementState;
  settled: number;
  changes: number;
}
function run(receipts: readonly (readonly UnitId[])[]): Run {
  return receipts.reduce<Run>(
    ({ state, settled, changes }, from, minute) => {
      const after = applyReceipts(state, cameAt(from, minute), at(minute));
      if (after === undefined) return { state, settled, changes };
      return { state: after, settled: settled + (after.settledAt === null ? 0 : 1), changes: changes + 1 };
    },
    { state: open(), settled: 0, changes: 0 },
  );
}

describe('applyReceipts', () => {
  it('waits for all, and settles with the last', () => {
    const first = applyReceipts(open(['ln.border', 'jl.customs']), cameAt(['jl.customs'], 0), at(1));
    expect(first).toEqual({ waiting: ['ln.border'], receipts: { 'jl.customs': at(0) }, settledAt: null });
    expect(applyReceipts(first!, cameAt(['ln.border'], 4), at(5))).toEqual({
      waiting: [],
      receipts: { 'jl.customs': at(0), 'ln.border': at(4) },
      settledAt: at(5),
    });
  });

  it.each([
    ['given twice', ['jl.customs', 'jl.customs'], ['jl.customs']],
    ['of a unit that is not waited for', [STRANGER], []],
    ['of nobody', [], []],
  ] as [string, UnitId[], UnitId[]][])('a receipt %s counts for no more', (_what, from, counted) => {
    const after = applyReceipts(open(), cameAt(from, 0), at(0));
    expect(Object.keys(after?.receipts ?? {})).toEqual(counted);
  });

  it('is settled exactly once, when and only when everyone has confirmed, in whatever order and batches', () => {
    fc.assert(
      fc.property(batches, (receipts) => {
        const { state, settled } = run(receipts);
        const confirmed = new Set(receipts.flat().filter((unit) => unit !== STRANGER));
        expect(settled).toBe(confirmed.size === UNITS.length ? 1 : 0);
        expect(new Set(Object.keys(state.receipts))).toEqual(confirmed);
        expect(new Set(state.waiting)).toEqual(new Set(UNITS.filter((unit) => !confirmed.has(unit))));
        expect(state.settledAt !== null).toBe(state.waiting.length === 0);
      }),
    );
  });

  it('ends with the same units confirmed whatever the order', () => {
    const whole = fc.array(fc.constantFrom(...UNITS, STRANGER), { maxLength: 12 });
    const shuffled = whole.chain((units) =>
      fc.tuple(fc.constant(units), fc.shuffledSubarray(units, { minLength: units.length })),
    );
    fc.assert(
      fc.property(shuffled, ([units, other]) => {
        const states = [units, other].map((order) => run(order.map((unit) => [unit])).state);
        expect(new Set(states[0]!.waiting)).toEqual(new Set(states[1]!.waiting));
      }),
    );
  });

  it('changes nothing when all receipts are delivered again: times stay those of the first', () => {
    fc.assert(
      fc.property(batches, (receipts) => {
        const once = run(receipts);
        const twice = run([...receipts, ...receipts]);
        expect(twice).toEqual(once);
      }),
    );
  });
});
