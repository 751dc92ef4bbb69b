import {
  type HoldingsSummary,
  MAX_ISSUER_NAME,
  type Outcome,
  problem,
  validateSummariseHoldings,
} from '@clearance/contracts';
import { signedDigestOf, tallyOf } from '@clearance/platform';
import type { Unit } from '../unit.ts';

interface SummaryRow {
  issuer: string;
  count: number;
  digest: string;
  offered_count: number;
  offered_digest: string | null;
}

/** Counts and digests of what this unit holds of a period, by issuer; of its own, also what it still offers. */
export async function summariseHoldings(unit: Unit, body: unknown): Promise<Outcome<HoldingsSummary>> {
  const checked = validateSummariseHoldings(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const { from, to } = checked.value;
  const held = (table: string): string =>
    `select left(issuer, ${MAX_ISSUER_NAME}) as issuer, result_id, version, issued_at,
       ${signedDigestOf('token')} as signed_digest
     from ${table} where issued_at >= $1 and issued_at < $2`;
  const rows: SummaryRow[] = await unit.database.query(
    `select issuer, ${tallyOf()}, ${tallyOf({ prefix: 'offered_', condition: 'next_offer_at is not null' })}
     from (${held('result')} union all ${held('result_history')}) v
     left join offer_outbox o using (result_id, version) group by issuer order by issuer limit 1000`,
    [from, to],
  );
  const own = rows.find(({ issuer, offered_count }) => issuer === unit.id && offered_count > 0);
  return {
    ok: true,
    value: {
      held: rows.map(({ issuer, count, digest }) => ({ issuer, count, digest })),
      ...(own === undefined ? {} : { offered: { count: own.offered_count, digest: own.offered_digest! } }),
    },
  };
}
