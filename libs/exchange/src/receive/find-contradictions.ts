import type { UnitId } from '@clearance/contracts';
import { type EntityManager, placeholders } from '@clearance/platform';
import { isRevoked, type KeyRing, signedDigest } from '@clearance/provenance';
import { versionKey } from '../store/store-results.ts';
import { digestOfSigned, type StoredResult } from '../store/stored-result.ts';

/**
 * Why a copy is refused though its signature holds: another unit has issued the result of this id (`wrong-issuer`), or
 * its issuer has signed something else as this very version (`version-conflict`). What was stored first stays.
 */
export type Contradiction = 'wrong-issuer' | 'version-conflict';

/** What is stored of a version. */
interface Held {
  keyId: string;
  signedDigest: string;
}

/**
 * Finds arrivals that contradict what is stored, or what stands before them. Two views of one version, from which other
 * fields were taken out, do not contradict each other: what their issuer signed is the same. Of a version that was signed
 * anew, because the key of either signature is revoked, the keys decide.
 *
 * @returns by token; locks the results, in the order in which they are stored
 */
export async function findContradictions(
  transaction: EntityManager,
  arrivals: readonly StoredResult[],
  ring: KeyRing,
): Promise<ReadonlyMap<string, Contradiction>> {
  const issuers = await lockIssuers(transaction, arrivals);
  const known = arrivals.filter(({ resultId }) => issuers.has(resultId));
  const held = await readHeld(transaction, known);
  const found = new Map<string, Contradiction>();
  for (const arrival of arrivals) {
    const { resultId, issuer, keyId, token } = arrival;
    const key = versionKey(arrival);
    const digest = digestOfSigned(arrival);
    const before = held.get(key);
    if ((issuers.get(resultId) ?? issuer) !== issuer) found.set(token, 'wrong-issuer');
    else if (before === undefined) {
      issuers.set(resultId, issuer);
      held.set(key, { keyId, signedDigest: digest });
    } else if (before.signedDigest !== digest && !isRevoked(ring, keyId) && !isRevoked(ring, before.keyId)) {
      found.set(token, 'version-conflict');
    }
  }
  return found;
}

async function lockIssuers(
  transaction: EntityManager,
  arrivals: readonly StoredResult[],
): Promise<Map<string, UnitId>> {
  const ids = [...new Set(arrivals.map(({ resultId }) => resultId))].sort();
  if (ids.length === 0) return new Map();
  const rows: { result_id: string; issuer: UnitId }[] = await transaction.query(
    'select result_id, issuer from result where result_id = any($1::uuid[]) order by result_id for update',
    [ids],
  );
  return new Map(rows.map((row) => [row.result_id, row.issuer]));
}

/** The stored ones of these versions, the newest and the history. */
async function readHeld(transaction: EntityManager, versions: readonly StoredResult[]): Promise<Map<string, Held>> {
  if (versions.length === 0) return new Map();
  const wanted = `(values ${placeholders(versions.length, 2, ['uuid', 'integer'])}) as v (result_id, version)`;
  const from = (table: string): string =>
    `select r.result_id as "resultId", r.version, r.key_id as "keyId", split_part(r.token, '~', 1) as signed
     from ${table} r join ${wanted} on r.result_id = v.result_id and r.version = v.version`;
  const rows: { resultId: string; version: number; keyId: string; signed: string }[] = await transaction.query(
    `${from('result')} union all ${from('result_history')}`,
    versions.flatMap(({ resultId, version }) => [resultId, version]),
  );
  return new Map(
    rows.map(({ keyId, signed, ...version }) => [versionKey(version), { keyId, signedDigest: signedDigest(signed) }]),
  );
}
