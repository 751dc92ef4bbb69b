import { type Spread, spreadOf } from './figure.ts';

/** Measures once; the result is in the figure's unit (operations a second, milliseconds). */
export type Measure = () => Promise<number> | number;

/** What alternating rounds found: every contender's spread, and the first's ratio to each other one, pair by pair. */
export interface Alternation<Name extends string> {
  readonly spreads: Readonly<Record<Name, Spread>>;
  ratio(ours: Name, theirs: Name): Spread;
}

/**
 * Measures contenders in turn, A B A B …, so that what the machine does beside it hits all alike; ratios are of the two
 * measurements of the same round. One more round goes before and is thrown away: it warms up.
 */
export async function alternate<Name extends string>(
  contenders: Readonly<Record<Name, Measure>>,
  rounds: number,
  signal: AbortSignal,
  warmUp = true,
): Promise<Alternation<Name>> {
  const names = Object.keys(contenders) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = warmUp ? -1 : 0; round < rounds; round += 1) {
    for (const name of names) {
      signal.throwIfAborted();
      const value = await contenders[name]();
      if (round >= 0) values[name].push(value);
    }
  }
  return {
    spreads: Object.fromEntries(names.map((name) => [name, spreadOf(values[name])])) as Record<Name, Spread>,
    ratio: (ours, theirs) => spreadOf(values[ours].map((value, round) => value / values[theirs][round]!)),
  };
}

/** Operations a second of a piece of work that is repeated for about so long. */
export function operationsPerSecond(work: () => void, ms: number): number {
  let operations = 0;
  const since = performance.now();
  let elapsed = 0;
  for (let batch = 1; elapsed < ms; elapsed = performance.now() - since) {
    for (let index = 0; index < batch; index += 1) work();
    operations += batch;
    // Looking at the clock must not weigh on what takes less than a microsecond.
    if (batch < 1_024 && elapsed < ms / 8) batch *= 2;
  }
  return operations / (elapsed / 1_000);
}

/**
 * The same of work that may have to be waited for; what comes back as no promise is not waited for. Work that takes
 * longer than the time is done once.
 */
export async function operationsPerSecondOf(work: () => unknown, ms: number): Promise<number> {
  let operations = 0;
  const since = performance.now();
  let elapsed = 0;
  for (let batch = 1; elapsed < ms; elapsed = performance.now() - since) {
    for (let index = 0; index < batch; index += 1) {
      const done = work();
      if (done instanceof Promise) await done;
    }
    operations += batch;
    if (batch < 1_024 && elapsed < ms / 8) batch *= 2;
  }
  return operations / (elapsed / 1_000);
}
