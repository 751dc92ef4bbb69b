/** Digits after the point that the contract's decimals may have. */
const scale = 6;

/** A contract decimal as an exact integer of millionths. The text must have the contract's form. */
export function toMillionths(decimal: string): bigint {
  const negative = decimal.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? decimal.slice(1) : decimal).split('.');
  const millionths = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(scale, '0'));
  return negative ? -millionths : millionths;
}

/** Compares two contract decimals exactly: negative, zero or positive, as a sort wants it. */
export function compareDecimals(left: string, right: string): number {
  const difference = toMillionths(left) - toMillionths(right);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
