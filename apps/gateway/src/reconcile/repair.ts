import type { UnitId } from '@clearance/contracts';
import { type EntityManager, placeholders } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import { announceSettlements } from '../settle/announce-settlements.ts';
import type { AskedUnits } from './ask-units.ts';
import { type Difference, type DisclosedVersion, keyOf } from './compare-holdings.ts';

/**
 * Sets going again what can be mended, by the ordinary way and no other: the issuer offers, the gateway decides under the
 * list in force, writes its ledger and gives the copy to whoever has not confirmed one.
 *
 * @param issuer of all of them
 * @param disclosed what the gateway knows of these versions
 * @returns the differences that were set going.
 */
export async function repair(
  gateway: Gateway,
  units: AskedUnits,
  issuer: UnitId,
  differences: readonly Difference[],
  disclosed: readonly DisclosedVersion[],
): Promise<Difference[]> {
  const of = (repair: Difference['repair']): Difference[] => differences.filter((each) => each.repair === repair);
  const settled = of('tell-settled');
  const lost = of('give-again');
  const settledAt = new Map(disclosed.map((version) => [keyOf(version), version.settledAt]));
  await announceSettlements(
    gateway,
    settled.map(({ resultId, version }) => ({
      issuer,
      resultId,
      version,
      settledAt: new Date(settledAt.get(keyOf({ resultId, version }))!).toISOString(),
    })),
  );
  if (lost.length > 0) {
    const at = new Date(gateway.now());
    await gateway.database.transaction((transaction) => waitAnew(transaction, lost, at));
  }
  return [...settled, ...(await offerAgain(units, issuer, [...of('offer-again'), ...lost]))];
}

async function offerAgain(
  units: AskedUnits,
  issuer: UnitId,
  differences: readonly Difference[],
): Promise<Difference[]> {
  if (differences.length === 0) return [];
  const versions = new Map(
    differences.map(({ resultId, version }) => [keyOf({ resultId, version }), { resultId, version }]),
  );
  const reply = await units.offerAgain(issuer, [...versions.values()]);
  if (reply === undefined) return [];
  const refused = new Set(reply.refused.map(keyOf));
  return differences.filter((difference) => !refused.has(keyOf(difference)));
}

/** Forgets receipts for copies that are no longer there: their receivers are waited for again, from now on. */
async function waitAnew(transaction: EntityManager, lost: readonly Difference[], at: Date): Promise<void> {
  const rows = [...Map.groupBy(lost, keyOf).values()].map((ofVersion) => ({
    ...ofVersion[0]!,
    receivers: ofVersion.map(({ receiver }) => receiver!),
  }));
  const keys = rows.flatMap(({ resultId, version }) => [resultId, version]);
  // In the order in which offers and receipts lock them.
  await transaction.query(
    `select 1 from settlement where (result_id, version) in (${placeholders(rows.length, 2, ['uuid', 'integer'])})
     order by result_id, version for update`,
    keys,
  );
  await transaction.query(
    `update settlement s set waiting = array(select unnest(s.waiting) union select unnest(v.receivers)),
       receipts = (s.receipts::jsonb - v.receivers)::text, held = (s.held::jsonb - v.receivers)::text,
       disclosed_at = v.at, settled_at = null
     from (values ${placeholders(rows.length, 4, ['uuid', 'integer', 'text[]', 'timestamptz'])})
       as v (result_id, version, receivers, at)
     where s.result_id = v.result_id and s.version = v.version`,
    rows.flatMap(({ resultId, version, receivers }) => [resultId, version, receivers, at]),
  );
}
