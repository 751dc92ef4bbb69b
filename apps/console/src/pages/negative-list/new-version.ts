const HOUR_MS = 3_600_000;
const SHANGHAI_MS = 8 * HOUR_MS;

/** What `datetime-local` holds, `2026-12-01T00:00`, as RFC 3339 in Beijing time, which has no summer time. */
export function asBeijingTime(local: string): string {
  return `${local.length === 16 ? `${local}:00` : local}+08:00`;
}

/** An instant as `datetime-local` holds it in Beijing time. @param at ms since the epoch */
export function beijingLocal(at: number): string {
  return new Date(at + SHANGHAI_MS).toISOString().slice(0, 16);
}

/** The beginning of tomorrow, in Beijing time. @param now ms since the epoch */
export function beginningOfTomorrow(now: number): string {
  return `${beijingLocal(now + 24 * HOUR_MS).slice(0, 10)}T00:00`;
}

/** A version after the manner of those that there are: the month that it begins in, and a number nobody has used. */
export function nextVersion(begins: string, taken: readonly string[]): string {
  const month = begins.slice(0, 7).replace('-', '.');
  for (let number = 1; ; number += 1) {
    const version = `${month}-${number}`;
    if (!taken.includes(version)) return version;
  }
}
