/** ISO 8601 durations of fixed length: weeks, or days, hours and minutes. Years and months have no fixed length. */
export const DURATION_PATTERN =
  '^P(?!$)([0-9]{1,4}W|([0-9]{1,5}D)?(T(?!$)([0-9]{1,5}H)?([0-9]{1,6}M)?([0-9]{1,6}S)?)?)$';

const form = new RegExp(DURATION_PATTERN);
const part = (text: string, unit: string): number => Number(new RegExp(`([0-9]+)${unit}`).exec(text)?.[1] ?? 0);

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration in milliseconds, or undefined when the text is none of the form above. */
export function durationMilliseconds(text: string): number | undefined {
  if (!form.test(text)) return undefined;
  const [date = '', time = ''] = text.slice(1).split('T');
  return (
    part(date, 'W') * 7 * day +
    part(date, 'D') * day +
    part(time, 'H') * hour +
    part(time, 'M') * minute +
    part(time, 'S') * second
  );
}
