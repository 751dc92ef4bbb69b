import fc from 'fast-check';
import { inForceAt, type ListInForce } from './list-in-force.ts';

const list = (version: string, day: number): ListInForce => ({
  version,
  effectiveFrom: Date.UTC(2026, 10, day),
  record: version,
  signature: { keyId: 'policy/1', at: 0 },
  turns: [],
  compiled: {} as ListInForce['compiled'],
});
const NOVEMBER = [list('第二版', 10), list('第一版', 1), list('第三版', 20)];

describe('inForceAt', () => {
  it.each([
    ['十月三十一日，尚无清单 before the first', Date.UTC(2026, 9, 31), undefined],
    ['十一月一日零时整 at the first instant', Date.UTC(2026, 10, 1), '第一版'],
    ['第二版生效前一毫秒 a millisecond before the second', Date.UTC(2026, 10, 10) - 1, '第一版'],
    ['第二版生效之时 as the second begins', Date.UTC(2026, 10, 10), '第二版'],
    ['第三版生效之后 after the third', Date.UTC(2027, 0, 1), '第三版'],
  ])('%s', (_when, at, version) => {
    expect(inForceAt(NOVEMBER, at)?.version).toBe(version);
  });

  it('is the newest that has begun, in whatever order the lists are', () => {
    const lists = fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { maxLength: 8 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 0, max: 29 }), (days, today) => {
        const found = inForceAt(
          days.map((day) => list(`v${day}`, day)),
          Date.UTC(2026, 10, today),
        );
        const begun = days.filter((day) => day <= today);
        expect(found?.version).toBe(begun.length === 0 ? undefined : `v${Math.max(...begun)}`);
      }),
    );
  });
});
