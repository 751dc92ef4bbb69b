/** How one load went through. */
export interface Passage {
  readonly results: number;
  /** From the first submission until every receiver has stored everything. */
  readonly seconds: number;
  /** CPU time by process while it went through, seconds. */
  readonly cpu: Readonly<Record<string, number>>;
}

/** A system that takes results at one place and brings copies to eleven others. */
export interface Exchange {
  /** Sends so many results through, and resolves when every receiver has stored all of them. */
  pass(results: number): Promise<Passage>;
  stop(): Promise<void>;
}

/** How many receivers each result has. */
export const RECEIVERS = 11;

/** All CPU time of a passage per result, milliseconds. */
export function cpuPerResult({ cpu, results }: Passage): number {
  return (Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0) * 1_000) / results;
}
