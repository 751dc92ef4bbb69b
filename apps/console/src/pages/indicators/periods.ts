/** The periods that can be chosen. Days are those of Asia/Shanghai. */
export const PERIODS = ['today', '7-days', '30-days', 'this-month', 'last-month'] as const;
export type Period = (typeof PERIODS)[number];

/** Days from the first to the one after the last, `2026-11-21`. */
export interface Days {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;
/** Asia/Shanghai has had no other since 1991. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** The day in Asia/Shanghai. @param at ms */
export function dayAt(at: number): string {
  return new Date(at + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** The days of a period. @param now ms */
export function daysOf(period: Period, now: number): Days {
  const to = dayAt(now + DAY_MS);
  const month = dayAt(now).slice(0, 7);
  switch (period) {
    case 'today':
      return { from: dayAt(now), to };
    case '7-days':
      return { from: dayAt(now - 6 * DAY_MS), to };
    case '30-days':
      return { from: dayAt(now - 29 * DAY_MS), to };
    case 'this-month':
      return { from: `${month}-01`, to };
    case 'last-month':
      return { from: `${monthsBefore(month, 1)}-01`, to: `${month}-01` };
    default:
      return period satisfies never;
  }
}

/** A month so many before another: `2026-11`, 2 → `2026-09`. */
export function monthsBefore(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7);
}

/** The month and so many before it, the latest first. @param now ms */
export function latestMonths(count: number, now: number): string[] {
  const month = dayAt(now).slice(0, 7);
  return Array.from({ length: count }, (_, before) => monthsBefore(month, before));
}

/** Every day from the first to the one before `to`. */
export function eachDay({ from, to }: Days): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += DAY_MS) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
