import type { CompiledList } from '@clearance/negative-list';

/** A signed list that was read, verified and compiled as a whole. */
export interface ListInForce {
  version: string;
  /** Milliseconds since the epoch. */
  effectiveFrom: number;
  /** Hash of the list's own row in the ledger, by which disclosures name it. */
  record: string;
  /** By which key it is signed, and when the gateway received it, ms since the epoch: a key may be revoked later. */
  signature: { keyId: string; at: number };
  compiled: CompiledList;
  /** The instants at which what it withholds changes, ms since the epoch: see `turnsOf`. */
  turns: readonly number[];
}

/** The list that is in force at a moment: of those that have begun, the one that began last. */
export function inForceAt(lists: readonly ListInForce[], at: number): ListInForce | undefined {
  let found: ListInForce | undefined;
  for (const list of lists) {
    if (list.effectiveFrom <= at && (found === undefined || list.effectiveFrom > found.effectiveFrom)) found = list;
  }
  return found;
}
