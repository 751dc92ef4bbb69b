import { addDuration } from './duration.ts';

describe('durations from the time of a check (ISO 8601, Chinese civil time)', () => {
  it.each([
    ['2026-11-21T03:10:00Z', 'P30D', '2026-12-21T03:10:00Z'],
    ['2026-11-21T03:10:00Z', 'P2W', '2026-12-05T03:10:00Z'],
    ['2026-11-21T03:10:00Z', 'PT72H', '2026-11-24T03:10:00Z'],
    ['2026-11-21T03:10:00Z', 'P1DT1H30M15S', '2026-11-22T04:40:15Z'],
    ['2026-11-21T03:10:00Z', 'P1Y', '2027-11-21T03:10:00Z'],
    ['2026-01-31T10:00:00+08:00', 'P1M', '2026-02-28T10:00:00+08:00'],
    ['2028-01-31T10:00:00+08:00', 'P1M', '2028-02-29T10:00:00+08:00'],
    ['2026-11-30T10:00:00+08:00', 'P3M', '2027-02-28T10:00:00+08:00'],
    // 20:00 UTC on 31 January is already 1 February in China: the month ends on 1 March there.
    ['2026-01-31T20:00:00Z', 'P1M', '2026-02-28T20:00:00Z'],
  ])('%s and %s is %s', (start, duration, end) => {
    expect(addDuration(Date.parse(start), duration)).toBe(Date.parse(end));
  });

  it.each(['', 'P', 'PT', '30D', 'P-1D', 'P1.5D', 'P1DT', 'p1d', 'P999999999Y'])('"%s" gives no time', (duration) => {
    expect(addDuration(Date.parse('2026-11-21T03:10:00Z'), duration)).toBeUndefined();
  });
});
