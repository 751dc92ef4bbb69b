/** Start of a day in China: UTC+8 all year round since 1991 (no summer time). */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** When something is in force: from `from` (inclusive) to `until` (exclusive), ms since the epoch. */
export interface Interval {
  from: number;
  until: number;
}

/**
 * The span that a day or an instant covers: a day `YYYY-MM-DD` is that day in Asia/Shanghai, an RFC 3339 instant
 * with offset is its one millisecond. `undefined` if the text is neither, or names a day that does not exist.
 */
export function spanOf(text: string): Interval | undefined {
  const parts = DAY.exec(text) ?? INSTANT.exec(text);
  if (parts === null || !isCalendarDay(Number(parts[1]), Number(parts[2]), Number(parts[3]))) return undefined;
  if (text.length === 10) {
    const from = Date.parse(`${text}T00:00:00Z`) - SHANGHAI_OFFSET_MS;
    return { from, until: from + DAY_MS };
  }
  const from = Date.parse(text.toUpperCase());
  return Number.isNaN(from) ? undefined : { from, until: from + 1 };
}

/**
 * When an entry is in force: from the start of `validFrom` to the end of `validUntil`, without end where they are
 * absent. A bound that cannot be read does not limit: in doubt an entry is in force.
 */
export function intervalOf(entry: { validFrom?: string; validUntil?: string }): Interval {
  return {
    from: (entry.validFrom === undefined ? undefined : spanOf(entry.validFrom)?.from) ?? -Infinity,
    until: (entry.validUntil === undefined ? undefined : spanOf(entry.validUntil)?.until) ?? Infinity,
  };
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
