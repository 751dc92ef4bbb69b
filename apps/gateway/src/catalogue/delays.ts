const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/**
 * Upper bounds of the classes that delays are counted in, seconds, each inclusive; what takes longer is counted in one
 * class more. Stored counts are told apart by their places: whoever changes these must count anew.
 */
export const DELAY_BOUNDS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 20, 30, 45].map((minutes) => minutes * MINUTE),
  ...[1, 1.5, 2, 3, 4, 6, 8, 12, 18].map((hours) => hours * HOUR),
  ...[1, 1.5, 2, 3, 4, 5, 7, 10, 14, 21, 30].map((days) => days * DAY),
];

/** Classes of delays: one for each bound, and the one beyond. */
export const DELAY_CLASSES = DELAY_BOUNDS.length + 1;

/** The class of a delay in seconds. */
export function delayClass(seconds: number): number {
  const found = DELAY_BOUNDS.findIndex((bound) => seconds <= bound);
  return found === -1 ? DELAY_BOUNDS.length : found;
}

/**
 * Within how many seconds a share of the delays lies: the smallest bound under which at least so many of them were
 * counted. It is never less than the exact quantile (nearest rank), and lies in the same class.
 *
 * @param counts by class
 * @returns null when there are no delays, or when it lies beyond the last bound
 */
export function delayWithin(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  let sum = 0;
  const found = counts.findIndex((count) => (sum += count) >= rank);
  return DELAY_BOUNDS[found] ?? null;
}
