import type { DisclosureRecord, UnitId } from '@clearance/contracts';
import type { EntityManager } from '@clearance/platform';
import { type Shown, shownLast } from '../enforce/give-again.ts';

/**
 * What each consumer was shown last of versions that were given as more than one view, by `id:version`: a receipt for what
 * was given before may still be on its way, and says nothing of what is waited for now.
 */
export async function currentViews(
  transaction: EntityManager,
  versions: readonly { resultId: string }[],
): Promise<ReadonlyMap<string, ReadonlyMap<UnitId, Shown>>> {
  if (versions.length === 0) return new Map();
  const rows: { entry: string }[] = await transaction.query(
    'select entry from ledger where result_id = any($1::uuid[]) order by sequence',
    [versions.map(({ resultId }) => resultId)],
  );
  return shownLast(rows.map(({ entry }) => JSON.parse(entry) as DisclosureRecord));
}
