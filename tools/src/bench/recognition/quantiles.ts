/** The value below which so large a share of the measurements lies. @param sorted ascending, not empty */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** p50 and p99 of measurements, in their unit. @throws when there are none */
export function quantilesOf(values: readonly number[]): { p50: number; p99: number } {
  if (values.length === 0) throw new RangeError('no measurements');
  const sorted = [...values].sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}
