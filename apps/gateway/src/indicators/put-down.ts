import { type EntityManager, insertRows } from '@clearance/platform';

/** A version that is to be counted, or counted anew. */
export interface DueVersion {
  resultId: string;
  version: number;
  /** RFC 3339: since when every entitled unit has it. */
  settledAt?: string;
}

/** How recognitions are told from versions. */
export const RECOGNITION = 0;

/** Puts down that versions are to be counted; in the transaction that changes what is counted of them. */
export async function countVersions(transaction: EntityManager, versions: readonly DueVersion[]): Promise<void> {
  const rows = versions.map(({ resultId, version, settledAt }) => [resultId, version, settledAt ?? null]);
  await insertRows(transaction, 'indicator_due (subject, version, available_at)', rows);
}

/** Puts down that recognitions are to be counted; in the transaction that keeps them. */
export async function countRecognitions(transaction: EntityManager, ids: readonly string[]): Promise<void> {
  await insertRows(transaction, 'indicator_due (subject, version)', ids.map((id) => [id, RECOGNITION])); // prettier-ignore
}
