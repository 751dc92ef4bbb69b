/**
 * The class of a delay among classes with these upper bounds, each inclusive; what takes longer than the last is in one
 * class more.
 *
 * @param bounds growing, in the unit of the delay
 */
export function classOf(bounds: readonly number[], delay: number): number {
  const found = bounds.findIndex((bound) => delay <= bound);
  return found === -1 ? bounds.length : found;
}

/**
 * Within which delay a share of those counted lies: the smallest bound under which at least so many of them were counted. It
 * is never less than the exact quantile (nearest rank), and lies in the same class.
 *
 * @param counts by class; a class that is not there counts nothing
 * @param share above 0, at most 1
 * @returns null when nothing was counted, or when it lies beyond the last bound
 */
export function boundOf(bounds: readonly number[], counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  let sum = 0;
  const found = counts.findIndex((count) => (sum += count) >= rank);
  return bounds[found] ?? null;
}
