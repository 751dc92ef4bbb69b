/** China has had UTC+8 all year round since 1991. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
/** A signed time may be anything; what lies outside these years is counted at their ends. */
const FIRST_DAY = Date.UTC(2000, 0, 1);
const LAST_DAY = Date.UTC(9999, 11, 31);

/** The day of an instant in Asia/Shanghai. */
export function dayOf(instant: string | number): string {
  const at = (typeof instant === 'number' ? instant : Date.parse(instant)) + SHANGHAI_OFFSET_MS;
  return new Date(Math.min(Math.max(at, FIRST_DAY), LAST_DAY)).toISOString().slice(0, 10);
}
