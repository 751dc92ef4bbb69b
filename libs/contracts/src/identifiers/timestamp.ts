const form = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$/;
const dateForm = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/** Days of each month in a leap year. */
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDay(year: number, month: number, day: number): boolean {
  const longest = longestMonths[month - 1];
  if (longest === undefined || day < 1 || day > longest) return false;
  if (month !== 2 || day < 29) return true;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Two digits of a text as a number, without a substring. */
function two(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/** Whether a text is an RFC 3339 date-time with its offset, upper-case T and Z, and no leap second. */
export function isTimestamp(text: string): boolean {
  if (!form.test(text) || !isDay(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8))) return false;
  if (two(text, 11) > 23 || two(text, 14) > 59 || two(text, 17) > 59) return false;
  return text.endsWith('Z') || (two(text, text.length - 5) <= 23 && two(text, text.length - 2) <= 59);
}

/** Whether a text is an RFC 3339 full-date. */
export function isDate(text: string): boolean {
  const parts = dateForm.exec(text);
  return parts !== null && isDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}
