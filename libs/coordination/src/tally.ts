import type { CheckType, RecognitionOutcome, UnitId } from '@clearance/contracts';

/**
 * What is counted, a name for each number: `results`, `amendments`, `revocations` are versions; `available` those of them that
 * every entitled unit has confirmed; `delay:<class>` results by how long after their examination they were available, see
 * {@link AVAILABILITY_BOUNDS}; `withheld:<entry>` copies from which an entry took something; `decided`, `outcome:`, `reopened`
 * recognitions; and of the checks that these were asked about, `recognised:` and `required:` by type, `avoided:` the
 * recognised ones of recognitions in force, `repeated:` the required ones of which a result was known, `reason:` the required
 * ones by why, `on:` the recognised ones by whose result.
 */
export type FigureName =
  | 'results'
  | 'amendments'
  | 'revocations'
  | 'available'
  | 'decided'
  | 'reopened'
  | `delay:${number}`
  | `withheld:${string}`
  | `outcome:${RecognitionOutcome}`
  | `recognised:${CheckType}`
  | `required:${CheckType}`
  | `avoided:${CheckType}`
  | `repeated:${CheckType}`
  | `reason:${string}`
  | `on:${UnitId}`;

/** Numbers by name; what is not there is none. Of one version or recognition what it adds, of many their sum. */
export type Tally = Readonly<Record<string, number>>;

/** Adds one to each of these, as often as it is named. */
export function tallyOf(names: readonly FigureName[]): Tally {
  const tally: Record<string, number> = {};
  for (const name of names) tally[name] = (tally[name] ?? 0) + 1;
  return tally;
}

/** The sum of tallies. */
export function addUp(tallies: Iterable<Tally>): Tally {
  const sum: Record<string, number> = {};
  for (const tally of tallies) {
    for (const [name, number] of Object.entries(tally)) sum[name] = (sum[name] ?? 0) + number;
  }
  return sum;
}

/** The same numbers, taken away. */
export function negative(tally: Tally): Tally {
  return Object.fromEntries(Object.entries(tally).map(([name, number]) => [name, -number]));
}
