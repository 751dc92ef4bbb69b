import fc from 'fast-check';
import { DELAY_BOUNDS, DELAY_CLASSES, delayClass, delayWithin } from './delays.ts';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

function classesOf(seconds: readonly number[]): number[] {
  const counts = Array<number>(DELAY_CLASSES).fill(0);
  for (const each of seconds) counts[delayClass(each)]! += 1;
  return counts;
}

describe('时延 the delay within which so many were issued', () => {
  it.each<[string, number[], [number | null, number | null, number | null]]>([
    ['没有结果 none', [], [null, null, null]],
    ['立即签发 at once', [0], [MINUTE, MINUTE, MINUTE]],
    ['恰为界限 exactly a bound', [MINUTE, 20 * MINUTE], [MINUTE, 20 * MINUTE, 20 * MINUTE]],
    ['刚过界限 a second more', [MINUTE + 1], [2 * MINUTE, 2 * MINUTE, 2 * MINUTE]],
    ['九成在半小时内 nine of ten within half an hour', [...Array<number>(9).fill(25 * MINUTE), 5 * HOUR], [30 * MINUTE, 30 * MINUTE, 6 * HOUR]], // prettier-ignore
    ['超过最大界限 beyond the last bound', [HOUR, 40 * DAY], [HOUR, null, null]],
  ])('%s', (_what, seconds, expected) => {
    const counts = classesOf(seconds);
    expect([0.5, 0.9, 0.99].map((share) => delayWithin(counts, share))).toEqual(expected);
  });

  it('从不低于精确分位数，且与之同组 is never less than the exact quantile, and in its class', () => {
    const delay = fc.integer({ min: 0, max: 40 * DAY });
    fc.assert(
      fc.property(
        fc.array(delay, { minLength: 1 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        (seconds, share) => {
          const exact = seconds.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * seconds.length)) - 1]!;
          const within = delayWithin(classesOf(seconds), share);
          expect(within).toBe(DELAY_BOUNDS[delayClass(exact)] ?? null);
          if (within !== null) expect(within).toBeGreaterThanOrEqual(exact);
        },
      ),
    );
  });

  it('界限递增 bounds grow', () => {
    expect(DELAY_BOUNDS).toEqual([...new Set(DELAY_BOUNDS)].sort((a, b) => a - b));
  });
});
