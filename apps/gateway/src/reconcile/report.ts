import { type DifferenceReport, DIFFERENCES, type ReconciliationReport, type UnitId } from '@clearance/contracts';
import type { Difference } from './compare-holdings.ts';

const MAX_EXAMPLES = 20;

/** Gathers what one run finds. */
export interface Findings {
  compared(pairs: number, versions: number): void;
  add(found: {
    issuer: string;
    day: string;
    differences: readonly Difference[];
    repaired: readonly Difference[];
    onTheirWay: number;
  }): void;
  report(days: { from: string; to: string }, unreachable: UnitId[]): ReconciliationReport;
}

/** Begins with nothing found. Memory follows the kinds of differences, not their number. */
export function createFindings(): Findings {
  const kinds = new Map<string, DifferenceReport>();
  const sums = { pairs: 0, versions: 0, onTheirWay: 0, repaired: 0 };
  const kindOf = ({ code, receiver }: Difference, issuer: string, day: string): DifferenceReport => {
    const key = [code, issuer, receiver, day].join(' ');
    const { alarm, message } = DIFFERENCES[code];
    const kind = kinds.get(key) ?? { code, message, alarm, issuer, receiver, day, count: 0, repaired: 0, examples: [] };
    kinds.set(key, kind);
    return kind;
  };
  return {
    compared: (pairs, versions) => {
      sums.pairs += pairs;
      sums.versions += versions;
    },
    add: ({ issuer, day, differences, repaired, onTheirWay }) => {
      sums.onTheirWay += onTheirWay;
      sums.repaired += repaired.length;
      for (const difference of differences) {
        const kind = kindOf(difference, issuer, day);
        const { resultId, version } = difference;
        kind.count += 1;
        if (kind.examples.length < MAX_EXAMPLES) kind.examples.push({ resultId, version });
      }
      for (const difference of repaired) kindOf(difference, issuer, day).repaired += 1;
    },
    report: (days, unreachable) => ({ ...days, ...sums, differences: [...kinds.values()], unreachable }),
  };
}
