import type { EntityManager } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import { type PendingEvent, reopenedEvent } from '../announce/pending-event.ts';
import { revokedKeys } from '../store/forget-replaced.ts';
import { isTrusted, type StoredResult } from '../store/stored-result.ts';
import { lockReliant, reopen } from './reopen-reliant.ts';

/**
 * Reopens every recognition in force that relied on a result whose signature stands no more, because the key that made
 * it has been revoked from a time before. Each is reopened once; asked again, there is nothing left to do.
 *
 * The results are locked first: a recognition that is being decided on one of them is finished and then found, or waits
 * and then sees the keys of today.
 *
 * @param now milliseconds since the epoch
 * @param among only results with these ids; all when not given
 * @returns the events for the backend
 */
export async function reopenFallen(
  transaction: EntityManager,
  ring: KeyRing,
  now: number,
  among?: readonly { resultId: string }[],
): Promise<PendingEvent[]> {
  const revoked = revokedKeys(ring);
  if (revoked.length === 0) return [];
  const fallen = await lockFallen(transaction, ring, revoked, among);
  if (fallen.size === 0) return [];
  const at = new Date(now).toISOString();
  const reopened = new Map<string, PendingEvent>();
  for (const row of await lockReliant(transaction, [...fallen.keys()])) {
    const { resultId, version, status } = fallen.get(row.result_id)!;
    if (row.version !== version || reopened.has(row.recognition_id)) continue;
    const cause = { resultId, version, status, code: 'signature-invalid' as const };
    const recognition = await reopen(transaction, row, at, cause);
    reopened.set(row.recognition_id, reopenedEvent(recognition, cause, at, null));
  }
  return [...reopened.values()];
}

type Fallen = Pick<StoredResult, 'resultId' | 'version' | 'status' | 'issuer' | 'issuedAt' | 'keyId'>;

/** By result id. An older version needs no look: what relied on it was reopened when the newer one came. */
async function lockFallen(
  transaction: EntityManager,
  ring: KeyRing,
  revoked: readonly string[],
  among: readonly { resultId: string }[] | undefined,
): Promise<Map<string, Fallen>> {
  const earliest = Math.min(...revoked.map((kid) => ring.get(kid)!.revokedAt!));
  const rows: (Omit<Fallen, 'issuedAt'> & { issued_at: Date })[] = await transaction.query(
    `select r.result_id as "resultId", r.version, r.status, r.issuer, r.key_id as "keyId", r.issued_at from result r
     where r.key_id = any($1) and r.issued_at >= $2 and ($3::uuid[] is null or r.result_id = any($3))
     order by r.result_id for update`,
    [revoked, new Date(earliest), among?.map(({ resultId }) => resultId) ?? null],
  );
  const fallen = rows
    .map(({ issued_at, ...row }): Fallen => ({ ...row, issuedAt: issued_at.toISOString() }))
    .filter((stored) => !isTrusted(stored, ring));
  return new Map(fallen.map((stored) => [stored.resultId, stored]));
}
