/** A decimal number as digits and the count of them behind the point: value = digits / 10^scale. */
interface Decimal {
  digits: bigint;
  scale: number;
}

/** Reads a decimal string of the contract (`"24000"`, `"0.125"`; no sign, no exponent); undefined if it is none. */
function parseDecimal(text: string): Decimal | undefined {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const fraction = match[2] ?? '';
  return { digits: BigInt(match[1] + fraction), scale: fraction.length };
}

/** Brings two decimals to one scale, so that their digits can be compared and subtracted. */
function align(a: Decimal, b: Decimal): { a: bigint; b: bigint; scale: number } {
  const scale = Math.max(a.scale, b.scale);
  return { a: a.digits * 10n ** BigInt(scale - a.scale), b: b.digits * 10n ** BigInt(scale - b.scale), scale };
}

/** Writes digits at a scale as the shortest decimal string that means the same. */
function formatDecimal(digits: bigint, scale: number): string {
  const text = digits.toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/**
 * Orders two decimal strings exactly (no floating point: 0.1 + 0.2 must not decide what is opened).
 * @returns a negative number, zero or a positive number; undefined if either is not a decimal.
 */
export function compareDecimals(left: string, right: string): number | undefined {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  if (!a || !b) return undefined;
  const same = align(a, b);
  return same.a < same.b ? -1 : same.a > same.b ? 1 : 0;
}

/**
 * What is left of `whole` after `part`, exactly; "0" when `part` is at least `whole`.
 * @returns the shortest decimal string; undefined if either is not a decimal.
 */
export function remainingDecimal(whole: string, part: string): string | undefined {
  const a = parseDecimal(whole);
  const b = parseDecimal(part);
  if (!a || !b) return undefined;
  const same = align(a, b);
  return same.b >= same.a ? '0' : formatDecimal(same.a - same.b, same.scale);
}
