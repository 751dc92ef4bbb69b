import type { DisclosureRecord } from '@clearance/contracts';
import type { EntityManager } from '@clearance/platform';
import { versionKey } from '../enforce/view.ts';

/** A version that was given to all anew, because its issuer signed it anew. */
export interface GivenAnew {
  resultId: string;
  version: number;
  /** When it was given anew. */
  since: Date;
}

/**
 * The digests of the views under which versions were given anew, by `id:version`: a receipt for what was given before may
 * still be on its way, and says nothing of what is waited for now.
 */
export async function currentViews(
  transaction: EntityManager,
  versions: readonly GivenAnew[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const views = new Map<string, Set<string>>(versions.map((version) => [versionKey(version), new Set()]));
  if (versions.length === 0) return views;
  const since = new Map(versions.map((version) => [versionKey(version), version.since]));
  const rows: { entry: string; decided_at: Date }[] = await transaction.query(
    'select entry, decided_at from ledger where result_id = any($1::uuid[])',
    [versions.map(({ resultId }) => resultId)],
  );
  for (const row of rows) {
    const entry = JSON.parse(row.entry) as DisclosureRecord;
    const key = versionKey(entry);
    const from = since.get(key);
    if (from !== undefined && row.decided_at >= from) views.get(key)!.add(entry.tokenDigest);
  }
  return views;
}
