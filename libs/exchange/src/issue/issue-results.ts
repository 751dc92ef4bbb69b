import { v7 as uuidv7 } from 'uuid';
import { type Checked, type Outcome, problem, type ResultContent, type ResultReceipt } from '@clearance/contracts';
import { resultsTotal, type Step } from '@clearance/platform';
import { contentDigest } from '@clearance/provenance';
import { keepOffers } from '../offer/keep-offers.ts';
import { fromRow, STORED_COLUMNS, type StoredRow } from '../store/read-results.ts';
import { storeResults } from '../store/store-results.ts';
import type { StoredResult } from '../store/stored-result.ts';
import type { Unit } from '../unit.ts';
import { checkContent } from './check-content.ts';
import { signVersions, startIssuing, type Unsigned } from './sign-version.ts';
import { withRoom } from './waiting-room.ts';

/** One content handed in by the backend, with the trace that it belongs to; of many handed in at once each begins its own. */
export interface Submission {
  content: unknown;
  traceparent: string | undefined;
  /** The trace of the request that handed in several. */
  among?: string;
}

/**
 * Issues results: checks, signs, and stores each together with its offer in one transaction, for any number at once.
 *
 * The same reference with the same content gives the result that there is; with other content, a conflict. One bad
 * content does not stop the others, and nothing of it is kept. What there is no room for is refused with `slow-down`; what
 * was accepted before is answered all the same.
 *
 * @returns an outcome per submission, in order.
 */
export async function issueResults(unit: Unit, submissions: readonly Submission[]): Promise<Outcome<ResultReceipt>[]> {
  const tooLarge = new Set(submissions.filter(({ content }) => isTooLarge(content, unit.mesh.limits.maxContentBytes)));
  const checked = submissions.map((submission) =>
    tooLarge.has(submission) ? NOT_CHECKED : checkContent(submission.content, unit),
  );
  const accepted = checked.flatMap((check) => (check.ok ? [check.value] : []));
  const digests = new Map(accepted.map((content) => [content, contentDigest(content)]));

  const steps = new Map<string, Step>();
  const { known, unsendable, offers } = await withRoom(unit, async (transaction, take) => {
    const references = [...new Set(accepted.map((content) => content.reference))];
    const unsendable = new Set<string>();
    if (references.length === 0) return { known: new Map<string, StoredResult>(), unsendable, offers: [] };
    const rows: StoredRow[] = await transaction.query(
      `select ${STORED_COLUMNS} from result r where own and reference = any($1)`,
      [references],
    );
    const known = new Map(rows.map((row) => [referenceOf(row), fromRow(row)]));
    const fresh: (Omit<Unsigned, 'traceparent'> & { trace: Submission })[] = [];
    const claimed = new Set(known.keys());
    for (const [index, check] of checked.entries()) {
      if (!check.ok || claimed.has(check.value.reference)) continue;
      claimed.add(check.value.reference);
      fresh.push({
        ...{ resultId: uuidv7(), version: 1, status: 'issued', content: check.value },
        trace: submissions[index]!,
      });
    }
    const admitted = fresh.slice(0, take(fresh.length)).map((one) => {
      const step = startIssuing(unit.id, one, one.trace.traceparent, [one.trace.among]);
      steps.set(one.resultId, step);
      return { ...one, traceparent: step.traceparent };
    });
    const signed = signVersions(unit, admitted).flatMap((version, index) => {
      if (version === undefined) unsendable.add(admitted[index]!.content.reference);
      return version === undefined ? [] : [{ ...version, reference: admitted[index]!.content.reference }];
    });
    await storeResults(
      transaction,
      signed.map(({ stored }) => stored),
      ({ resultId }) => steps.get(resultId)?.traceparent ?? null,
    );
    await keepOffers(
      transaction,
      signed.map(({ offer }) => offer),
      unit.now(),
    );
    for (const { reference, stored } of signed) known.set(reference, stored);
    return { known, unsendable, offers: signed.map(({ offer }) => offer) };
  });
  unit.offers.push(offers);
  for (const { resultId } of offers) steps.get(resultId)?.end();

  resultsTotal.inc({ unit: unit.id, event: 'issued' }, offers.length);
  resultsTotal.inc({ unit: unit.id, event: 'refused' }, submissions.length - accepted.length);
  return checked.map((check, index) => {
    if (tooLarge.has(submissions[index]!)) return TOO_LARGE;
    if (!check.ok) return { ok: false, problem: problem('invalid', { errors: check.violations }) };
    if (unsendable.has(check.value.reference)) return TOO_MANY_FIELDS;
    const stored = known.get(check.value.reference);
    return stored === undefined ? SLOW_DOWN : answer(check.value, digests.get(check.value)!, stored);
  });
}

/** There is no room for another version now. */
export const SLOW_DOWN: Outcome<never> = { ok: false, problem: problem('slow-down') };
/** The content exceeds the mesh's bound. */
export const TOO_LARGE: Outcome<never> = { ok: false, problem: problem('too-large') };
/** The content is within the bound, but the token that it makes is not. */
export const TOO_MANY_FIELDS: Outcome<never> = {
  ok: false,
  problem: problem('too-large', {
    detail: {
      zh: '字段过多，签名后超过一条报文的限度；请拆成几份结果',
      en: 'It has so many fields that, each of them signed, it exceeds one message; divide it into several results',
    },
  }),
};
const NOT_CHECKED: Checked<ResultContent> = { ok: false, violations: [] };

/** Whether a content exceeds the mesh's bound, as JSON. */
export function isTooLarge(content: unknown, maxBytes: number): boolean {
  return Buffer.byteLength(JSON.stringify(content) ?? '') > maxBytes;
}

function answer(content: ResultContent, digest: string, stored: StoredResult): Outcome<ResultReceipt> {
  if (digest !== stored.firstDigest && digest !== stored.digest) {
    const detail = {
      zh: `参考号 ${content.reference} 已用于内容不同的监管结果 ${stored.resultId}`,
      en: `Reference ${content.reference} is already that of result ${stored.resultId}, with other content`,
    };
    return { ok: false, problem: problem('conflict', { detail }) };
  }
  return { ok: true, value: toReply(stored) };
}

/** What the backend is told of a version that its unit has issued. */
export function toReply(stored: StoredResult): ResultReceipt {
  const { resultId, version, status, digest, issuedAt } = stored;
  return { resultId, version, status, digest: digest!, issuedAt };
}

function referenceOf(row: StoredRow): string {
  return (JSON.parse(row.content) as ResultContent).reference;
}
