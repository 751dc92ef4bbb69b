/** The middle of repeated measurements, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

/** What a figure has to reach; for a cost (time, memory, growth) the target is a bound from above. */
export interface Target {
  readonly sense: 'at-least' | 'at-most';
  /** The middle column: must be met, or explained by a profile. */
  readonly needed: number;
  readonly aim: number;
}

/** One line of a benchmark's table. */
export interface Figure {
  /** `decision.500-entries`, for whoever compares two runs. */
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly unit: 'ops/s' | 'results/s' | 'copies/s' | 's' | 'ms' | 'µs' | 'MiB' | '×';
  readonly ours: Spread;
  /** What it was measured against in the same run, in turn with it. */
  readonly against?: { readonly name: string; readonly theirs: Spread; readonly ratio: Spread };
  /** Of the ratio if there is one, else of the figure itself. */
  readonly target?: Target;
  /** Beside the figure: what it was made of, such as CPU by process. */
  readonly details?: Readonly<Record<string, number | string>>;
}

/** What every benchmark is given. */
export interface BenchContext {
  /** Fewer rounds and smaller numbers: for seeing that it runs, not for quoting. */
  readonly quick: boolean;
  /** Rounds of each comparison. */
  readonly rounds: number;
  say(line: string): void;
  readonly signal: AbortSignal;
}

/** Median, least and most of some measurements. @throws when there are none */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('no measurements');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)!, rounds: sorted.length };
}

/** Whether a figure reaches what is needed; undefined when nothing is. */
export function isMet({ ours, against, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  const value = (against?.ratio ?? ours).median;
  return target.sense === 'at-least' ? value >= target.needed : value <= target.needed;
}
