import {
  type AmendRequest,
  type Outcome,
  problem,
  type ResultContent,
  type RevokeRequest,
  type ResultReceipt,
  violation,
} from '@clearance/contracts';
import { type EntityManager, resultsTotal, type Step } from '@clearance/platform';
import { contentDigest } from '@clearance/provenance';
import { keepEvents, type EventBatch } from '../announce/pending-event.ts';
import { keepOffers } from '../offer/keep-offers.ts';
import type { PendingOffer } from '../offer/pending-offer.ts';
import { recordReopenings, reopenReliant } from '../recognise/reopen-reliant.ts';
import { fromRow, STORED_COLUMNS, type StoredRow } from '../store/read-results.ts';
import { storeResults } from '../store/store-results.ts';
import type { StoredResult } from '../store/stored-result.ts';
import type { Unit } from '../unit.ts';
import { checkContent } from './check-content.ts';
import { isTooLarge, SLOW_DOWN, TOO_LARGE, TOO_MANY_FIELDS, toReply } from './issue-results.ts';
import { signVersions, startIssuing } from './sign-version.ts';
import { withRoom } from './waiting-room.ts';

/**
 * Amends an own result: version + 1 with a new content. The reference and the kind stay what they were, since a result
 * under another reference is another result. The same content again changes nothing.
 */
export async function amendResult(
  unit: Unit,
  request: AmendRequest,
  traceparent: string,
): Promise<Outcome<ResultReceipt>> {
  if (isTooLarge(request.content, unit.mesh.limits.maxContentBytes)) return TOO_LARGE;
  const checked = checkContent(request.content, unit);
  if (!checked.ok) {
    const errors = checked.violations.map((each) => ({ ...each, pointer: `/content${each.pointer}` }));
    return { ok: false, problem: problem('invalid', { errors }) };
  }
  const content = checked.value;
  return changeResult(unit, request.resultId, traceparent, (current) => {
    const before = JSON.parse(current.content) as ResultContent;
    if (current.status === 'revoked')
      return conflict(current, '已撤销, 不能再修改', 'is revoked and can no longer be amended');
    const fixed = (['reference', 'kind'] as const).filter((field) => before[field] !== content[field]);
    if (fixed.length > 0) {
      const errors = fixed.map((field) =>
        violation(`/content/${field}`, 'contradiction', { expected: `/${field}, version 1` }),
      );
      return { ok: false, problem: problem('invalid', { errors }) };
    }
    if (contentDigest(content) === current.digest) return { ok: true, value: undefined };
    return { ok: true, value: { status: 'amended', content } };
  });
}

/** Revokes an own result: version + 1, status `revoked`, the reason beside the content. Once revoked it stays so. */
export async function revokeResult(
  unit: Unit,
  request: RevokeRequest,
  traceparent: string,
): Promise<Outcome<ResultReceipt>> {
  return changeResult(unit, request.resultId, traceparent, (current) => {
    if (current.status === 'revoked') return { ok: true, value: undefined };
    const content = JSON.parse(current.content) as ResultContent;
    return { ok: true, value: { status: 'revoked', content: { ...content, revocation: { reason: request.reason } } } };
  });
}

/** What the next version is to be; `undefined` when the current one already says it. */
type NextVersion = { status: 'amended' | 'revoked'; content: ResultContent } | undefined;

interface Changed {
  outcome: Outcome<ResultReceipt>;
  offers: PendingOffer[];
  events: EventBatch[];
}

function unchanged(outcome: Outcome<ResultReceipt>): Changed {
  return { outcome, offers: [], events: [] };
}

async function changeResult(
  unit: Unit,
  resultId: string,
  traceparent: string,
  decide: (current: StoredResult) => Outcome<NextVersion>,
): Promise<Outcome<ResultReceipt>> {
  let step: Step | undefined;
  const committed = await withRoom(unit, async (transaction, take): Promise<Changed> => {
    const current = await lockResult(transaction, resultId);
    if (current === undefined) return unchanged({ ok: false, problem: problem('unknown') });
    if (!current.own) return unchanged(notOwn(current));
    const next = decide(current);
    if (!next.ok) return unchanged(next);
    if (next.value === undefined) return unchanged({ ok: true, value: toReply(current) });
    if (take(1) === 0) return unchanged(SLOW_DOWN);
    const unsigned = { ...next.value, resultId, version: current.version + 1, firstDigest: current.firstDigest! };
    const issuing = startIssuing(unit.id, unsigned, traceparent, [await traceOfResult(transaction, resultId)]);
    step = issuing;
    const [signed] = signVersions(unit, [{ ...unsigned, traceparent: issuing.traceparent }]);
    if (signed === undefined) return unchanged(TOO_MANY_FIELDS);
    const { stored, offer } = signed;
    const { superseding } = await storeResults(transaction, [stored], () => issuing.traceparent);
    await keepOffers(transaction, [offer], unit.now());
    const reopened = await reopenReliant(transaction, superseding, () => issuing.traceparent, unit.now());
    const events = await keepEvents(transaction, reopened, unit.now());
    return { outcome: { ok: true, value: toReply(stored) }, offers: [offer], events };
  });
  if (committed.offers.length > 0) {
    unit.offers.push(committed.offers);
    unit.events.push(committed.events);
    step?.end();
    recordReopenings(unit.id, committed.events);
    resultsTotal.inc({ unit: unit.id, event: 'changed' });
  }
  return committed.outcome;
}

/** The trace of the version before: the next one has its own, linked with it. */
async function traceOfResult(transaction: EntityManager, resultId: string): Promise<string | null> {
  const rows: { traceparent: string | null }[] = await transaction.query(
    'select traceparent from result where result_id = $1',
    [resultId],
  );
  return rows[0]?.traceparent ?? null;
}

async function lockResult(transaction: EntityManager, resultId: string): Promise<StoredResult | undefined> {
  const rows: StoredRow[] = await transaction.query(
    `select ${STORED_COLUMNS} from result r where result_id = $1 for update`,
    [resultId],
  );
  return rows[0] ? fromRow(rows[0]) : undefined;
}

function notOwn(current: StoredResult): Outcome<never> {
  const detail = {
    zh: `监管结果 ${current.resultId} 由 ${current.issuer} 签发, 只有签发单位可以修改或撤销`,
    en: `Result ${current.resultId} was issued by ${current.issuer}; only its issuer may amend or revoke it`,
  };
  return { ok: false, problem: problem('forbidden', { detail }) };
}

function conflict(current: StoredResult, zh: string, en: string): Outcome<never> {
  const detail = { zh: `监管结果 ${current.resultId} ${zh}`, en: `Result ${current.resultId} ${en}` };
  return { ok: false, problem: problem('conflict', { detail }) };
}
