import fc from 'fast-check';
import { seededRandom } from '../traffic/random.ts';
import { faultKindsOf } from './fault-kinds.ts';
import { planFaults } from './plan-faults.ts';

function turns(brokers: 1 | 3, seed: string, count: number) {
  const plan = planFaults(faultKindsOf(brokers), seededRandom(seed));
  return Array.from({ length: count }, () => plan.next().value);
}
const names = (plan: ReturnType<typeof turns>) => plan.map((turn) => turn.map(({ kind }) => kind));

describe.each([1, 3] as const)('a plan of faults on %i broker(s)', (brokers) => {
  const kinds = faultKindsOf(brokers);

  it('is the same for the same seed, and another for another', () => {
    expect(names(turns(brokers, 'a', 50))).toEqual(names(turns(brokers, 'a', 50)));
    expect(names(turns(brokers, 'a', 50))).not.toEqual(names(turns(brokers, 'b', 50)));
  });

  it('meets every kind once before any kind twice', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const first = turns(brokers, seed, kinds.length).flat().slice(0, kinds.length);
        expect(new Set(first).size).toBe(kinds.length);
      }),
    );
  });

  it('breaks one part once at a time, and sometimes two parts together', () => {
    const all = turns(brokers, 'together', 200);
    for (const turn of all) expect(new Set(turn.map(({ part }) => part)).size).toBe(turn.length);
    expect(all.some((turn) => turn.length === 2)).toBe(true);
    expect(all.every((turn) => turn.length <= 2)).toBe(true);
  });
});

it('a mesh on one broker has at least eight kinds of fault; a cluster has those with one node down besides', () => {
  expect(new Set(faultKindsOf(1).map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(8);
  const more = faultKindsOf(3).filter((kind) => !faultKindsOf(1).includes(kind));
  expect(more.map(({ kind }) => kind)).toEqual(['broker-node-killed', 'broker-node-wiped']);
});
