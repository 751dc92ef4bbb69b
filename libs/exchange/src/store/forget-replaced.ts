import { type EntityManager, placeholders } from '@clearance/platform';
import { isRevoked, type KeyRing } from '@clearance/provenance';
import { versionKey } from './store-results.ts';
import type { StoredResult } from './stored-result.ts';

/**
 * Forgets copies that a key signed which has been revoked since, where the same version arrives under a key that has
 * not: its issuer has signed it anew, and what arrives is then stored as if for the first time.
 *
 * @returns the versions that were forgotten, as `id:version`
 */
export async function forgetReplaced(
  transaction: EntityManager,
  arrivals: readonly StoredResult[],
  ring: KeyRing,
): Promise<ReadonlySet<string>> {
  const revoked = revokedKeys(ring);
  const anew = arrivals.filter(({ keyId }) => !isRevoked(ring, keyId));
  if (revoked.length === 0 || anew.length === 0) return new Set();
  const versions = anew.flatMap(({ resultId, version }) => [resultId, version]);
  const from = (table: string): string => `delete from ${table} r
    using (values ${placeholders(anew.length, 2, ['uuid', 'integer'])}) as v (result_id, version)
    where r.result_id = v.result_id and r.version = v.version and r.key_id = any($${versions.length + 1})`;
  const [newest]: [VersionRow[], number] = await transaction.query(
    `${from('result')} and not r.own returning r.result_id, r.version`,
    [...versions, revoked],
  );
  const [older]: [VersionRow[], number] = await transaction.query(
    `${from('result_history')} returning r.result_id, r.version`,
    [...versions, revoked],
  );
  if (newest.length > 0) {
    await transaction.query('delete from result_container where result_id = any($1::uuid[])', [
      newest.map((row) => row.result_id),
    ]);
  }
  return new Set([...newest, ...older].map((row) => versionKey({ resultId: row.result_id, version: row.version })));
}

interface VersionRow {
  result_id: string;
  version: number;
}

/** The ids of all keys that have been revoked. */
export function revokedKeys(ring: KeyRing): string[] {
  return [...ring.values()].flatMap(({ kid, revokedAt }) => (revokedAt === undefined ? [] : [kid]));
}
