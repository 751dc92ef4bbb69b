import { boundOf, classOf } from '@clearance/coordination';

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
export const delayClass = (seconds: number): number => classOf(DELAY_BOUNDS, seconds);

/** Within how many seconds a share of the delays lies; null beyond the last bound, and without any. See `boundOf`. */
export const delayWithin = (counts: readonly number[], share: number): number | null =>
  boundOf(DELAY_BOUNDS, counts, share);
