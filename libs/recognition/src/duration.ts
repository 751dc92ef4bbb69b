/** The parts of an ISO 8601 duration, whole numbers. */
interface Duration {
  months: number;
  days: number;
  milliseconds: number;
}

/** China has one civil time, UTC+8, and no summer time: a period of months ends on the same civil day. */
const CIVIL_OFFSET_MS = 8 * 3_600_000;

const PATTERN =
  /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Reads an ISO 8601 duration in whole units (`P30D`, `P1M`, `PT72H`, `P1W`); undefined if the text is none. */
function parseDuration(text: string): Duration | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return {
    months: (years ?? 0) * 12 + (months ?? 0),
    days: (weeks ?? 0) * 7 + (days ?? 0),
    milliseconds: (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + (seconds ?? 0) * 1000,
  };
}

/**
 * Adds calendar months in civil time; a day that the month lacks becomes its last (31 January + P1M = end of
 * February).
 */
function addMonths(at: number, months: number): number {
  if (months === 0) return at;
  const civil = new Date(at + CIVIL_OFFSET_MS);
  const day = civil.getUTCDate();
  civil.setUTCDate(1);
  civil.setUTCMonth(civil.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(civil.getUTCFullYear(), civil.getUTCMonth() + 1, 0)).getUTCDate();
  civil.setUTCDate(Math.min(day, lastDay));
  return civil.getTime() - CIVIL_OFFSET_MS;
}

/**
 * The moment an ISO 8601 duration after `start`: years and months by the calendar in Chinese civil time (UTC+8), weeks,
 * days and times by their length.
 * @param start milliseconds since the epoch
 * @param duration e.g. `P30D`
 * @returns milliseconds since the epoch, or undefined if the duration is not ISO 8601 or leads beyond what a date can
 * be
 */
export function addDuration(start: number, duration: string): number | undefined {
  const parts = parseDuration(duration);
  if (!parts) return undefined;
  const end = addMonths(start, parts.months) + parts.days * 86_400_000 + parts.milliseconds;
  return Number.isNaN(new Date(end).getTime()) ? undefined : end;
}
