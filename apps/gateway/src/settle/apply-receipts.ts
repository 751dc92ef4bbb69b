import type { UnitId } from '@clearance/contracts';

/** How far the settlement of one version is. */
export interface SettlementState {
  waiting: UnitId[];
  /** Consumer → RFC 3339 time of its receipt. */
  receipts: Record<string, string>;
  settledAt: string | null;
}

/**
 * Takes receipts into account. A receipt given twice, or by a unit that is not waited for, changes nothing; with the
 * last one the version is settled.
 *
 * @param arrived by unit: when its receipt came, RFC 3339
 * @param at now, RFC 3339
 * @returns the new state, or undefined when nothing changed.
 */
export function applyReceipts(
  state: SettlementState,
  arrived: ReadonlyMap<UnitId, string>,
  at: string,
): SettlementState | undefined {
  const confirmed = state.waiting.filter((consumer) => arrived.has(consumer));
  if (confirmed.length === 0) return undefined;
  const waiting = state.waiting.filter((consumer) => !confirmed.includes(consumer));
  const receipts = {
    ...state.receipts,
    ...Object.fromEntries(confirmed.map((consumer) => [consumer, arrived.get(consumer)!])),
  };
  return { waiting, receipts, settledAt: waiting.length === 0 ? at : null };
}
