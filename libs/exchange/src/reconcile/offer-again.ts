import { type OfferAgainReply, type Outcome, problem, validateOfferAgain } from '@clearance/contracts';
import { insertRows, placeholders } from '@clearance/platform';
import { verifyTokens } from '@clearance/provenance';
import { inTransaction } from '../store/in-transaction.ts';
import { pendingOffer } from '../offer/pending-offer.ts';
import { versionKey } from '../store/store-results.ts';
import type { Unit } from '../unit.ts';

interface OwnVersion {
  resultId: string;
  version: number;
  token: string;
  /** Of its issuing; null of what was stored before traces were. */
  traceparent: string | null;
}

/**
 * Offers own versions again, from now on and until they are settled, as if they never had been. One that is still being
 * offered is only brought forward. What its own key ring would refuse is not offered: the gateway would refuse it too.
 *
 * @param traceparent of the reconciliation: it is gone on from where the trace of the issuing is not known.
 */
export async function offerAgain(unit: Unit, body: unknown, traceparent: string): Promise<Outcome<OfferAgainReply>> {
  const checked = validateOfferAgain(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const { results } = checked.value;
  const own = await findOwn(unit, results);
  const tokens = [...own.values()];
  const verifications = verifyTokens(
    tokens.map(({ token }) => token),
    unit.keyRing(),
  );
  const good = tokens.filter((_, index) => verifications[index]!.ok);
  await inTransaction(unit.database, async (transaction) => {
    await insertRows(
      transaction,
      'offer_outbox (result_id, version, item, next_offer_at)',
      good.map(({ resultId, version, token, traceparent: issued }) => [
        resultId,
        version,
        pendingOffer({ resultId, version }, token, issued ?? traceparent).item,
        new Date(unit.now()),
      ]),
      `on conflict (result_id, version)
         do update set next_offer_at = least(offer_outbox.next_offer_at, excluded.next_offer_at)`,
    );
  });
  const offered = new Set(good.map(versionKey));
  const refused = results
    .filter((result) => !offered.has(versionKey(result)))
    .map(({ resultId, version }) => ({
      resultId,
      version,
      reason: own.has(versionKey({ resultId, version })) ? ('unverifiable' as const) : ('unknown' as const),
    }));
  return { ok: true, value: { refused } };
}

/** The unit's own versions among these, newest ones and history. */
async function findOwn(
  unit: Unit,
  results: readonly { resultId: string; version: number }[],
): Promise<Map<string, OwnVersion>> {
  const pairs = placeholders(results.length, 2, ['uuid', 'integer']);
  const select = (table: string): string =>
    `select result_id as "resultId", version, token, traceparent from ${table}
     where (result_id, version) in (${pairs}) and issuer = $${results.length * 2 + 1}`;
  const rows: OwnVersion[] = await unit.database.query(`${select('result')} union all ${select('result_history')}`, [
    ...results.flatMap(({ resultId, version }) => [resultId, version]),
    unit.id,
  ]);
  return new Map(rows.map((row) => [versionKey(row), row]));
}
