import { dayAt, daysOf, eachDay, latestMonths, monthsBefore, type Period } from './periods.ts';

// 02:00 in Harbin on the first of March, still February in Greenwich.
const NIGHT = Date.parse('2026-02-28T18:00:00Z');

it.each([
  ['2026-11-21T15:59:59Z', '2026-11-21'],
  ['2026-11-21T16:00:00Z', '2026-11-22'],
])('at %s the region has %s', (at, day) => {
  expect(dayAt(Date.parse(at))).toBe(day);
});

it.each<[Period, string, string, number]>([
  ['today', '2026-03-01', '2026-03-02', 1],
  ['7-days', '2026-02-23', '2026-03-02', 7],
  ['30-days', '2026-01-31', '2026-03-02', 30],
  ['this-month', '2026-03-01', '2026-03-02', 1],
  ['last-month', '2026-02-01', '2026-03-01', 28],
])('%s is from %s until before %s: %i days', (period, from, to, count) => {
  const days = daysOf(period, NIGHT);
  expect(days).toEqual({ from, to });
  const each = eachDay(days);
  expect([each[0], each.length, new Set(each).size]).toEqual([from, count, count]);
});

it.each([
  ['2026-11', 0, '2026-11'],
  ['2026-01', 1, '2025-12'],
  ['2026-03', 14, '2025-01'],
])('%s, %i before is %s', (month, count, before) => {
  expect(monthsBefore(month, count)).toBe(before);
});

it('offers months from this one backwards', () => {
  expect(latestMonths(4, NIGHT)).toEqual(['2026-03', '2026-02', '2026-01', '2025-12']);
});
