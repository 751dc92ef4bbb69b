import {
  type HeldVersion,
  type HoldingPlace,
  type HoldingsPage,
  MAX_ISSUER_NAME,
  type Outcome,
  problem,
  validateListHoldings,
} from '@clearance/contracts';
import { signedDigestOf } from '@clearance/platform';
import type { Unit } from '../unit.ts';

/** To the microsecond, as the table has it: a place must not fall between two rows. */
const ISSUED_AT = `to_char(v.issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const ORDER = 'issued_at, result_id, version';
/** Before every place. */
const BEGINNING: Omit<HoldingPlace, 'issuedAt'> = {
  resultId: '00000000-0000-0000-0000-000000000000',
  version: -2_147_483_648,
};

/** Which versions of an issuer this unit holds of a period, a page in their order. */
export async function listHoldings(unit: Unit, body: unknown): Promise<Outcome<HoldingsPage>> {
  const checked = validateListHoldings(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const { issuer, from, to, after, limit } = checked.value;
  const { issuedAt, resultId, version } = after ?? { issuedAt: from, ...BEGINNING };
  const page = (table: string): string =>
    `(select result_id, version, issued_at, token from ${table}
      where left(issuer, ${MAX_ISSUER_NAME}) = $1 and issued_at >= $3 and issued_at < $2 and (${ORDER}) > ($3, $4::uuid, $5::integer)
      order by ${ORDER} limit $6)`;
  const rows: HeldVersion[] = await unit.database.query(
    `select ${ISSUED_AT} as "issuedAt", result_id as "resultId", version,
       ${signedDigestOf('v.token')} as "signedDigest", next_offer_at is not null as offered
     from (${page('result')} union all ${page('result_history')} order by ${ORDER} limit $6) v
     left join offer_outbox o using (result_id, version) order by v.issued_at, result_id, version`,
    [issuer, to, issuedAt, resultId, version, limit + 1],
  );
  return { ok: true, value: { versions: rows.slice(0, limit), more: rows.length > limit } };
}
