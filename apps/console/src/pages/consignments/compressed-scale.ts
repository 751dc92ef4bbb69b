/** A pause that is drawn shorter than it was. */
export interface Pause {
  from: number;
  to: number;
  /** Places on the scale. */
  x1: number;
  x2: number;
}

/** A scale of time on which all that happened keeps its order, and what is milliseconds long can be seen beside days. */
export interface CompressedScale {
  /** Of a time in milliseconds; outside of what it was made for, its nearest end. */
  place: (at: number) => number;
  width: number;
  pauses: readonly Pause[];
}

/** Milliseconds that are drawn as one unit: below it a span is drawn by its length, above it by its logarithm. */
const UNIT_MS = 8;
/** From here on, half a minute or so, all pauses are drawn equally wide, with their length beside them. */
const WIDEST = 12;
/** Pixels of a unit, at least: beyond, the whole is wider than its frame. */
const NARROWEST = 2.4;

/**
 * A scale over these times (milliseconds, in any order), as wide as `width` pixels or wider.
 */
export function compressedScale(times: readonly number[], width: number): CompressedScale {
  const sorted = [...new Set(times)].sort((one, other) => one - other);
  const weights = sorted.slice(1).map((at, index) => Math.min(WIDEST, Math.log2(1 + (at - sorted[index]!) / UNIT_MS)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const whole = Math.max(width, total * NARROWEST);
  const unit = total === 0 ? 0 : whole / total;
  const places = [0];
  for (const weight of weights) places.push(places.at(-1)! + weight * unit);
  const place = (at: number): number => {
    const next = sorted.findIndex((known) => known >= at);
    if (next === -1) return places.at(-1) ?? 0;
    if (next === 0) return 0;
    const [from, to] = [sorted[next - 1]!, sorted[next]!];
    const [x1, x2] = [places[next - 1]!, places[next]!];
    return x1 + ((at - from) / (to - from)) * (x2 - x1);
  };
  const pauses = weights.flatMap((weight, index): Pause[] =>
    weight < WIDEST
      ? []
      : [{ from: sorted[index]!, to: sorted[index + 1]!, x1: places[index]!, x2: places[index + 1]! }],
  );
  return { place, width: whole, pauses };
}
