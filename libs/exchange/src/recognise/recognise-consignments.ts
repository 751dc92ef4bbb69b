import { v7 as uuidv7 } from 'uuid';
import {
  type Outcome,
  problem,
  type Recognition,
  type RecognitionRequest,
  type UnitId,
  validateRecognitionRequest,
} from '@clearance/contracts';
import {
  type EntityManager,
  type MaybeTrace,
  recognisedChecksTotal,
  recognitionsTotal,
  recordStep,
  runPrepared,
  startStep,
  type Step,
} from '@clearance/platform';
import { contentDigest } from '@clearance/provenance';
import { decideRecognition, reliesOn } from '@clearance/recognition';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';
import { concerning, type Indexed, readKnownResults } from './known-results.ts';

interface RecognitionRow {
  reference: string;
  request_digest: string;
  body: string;
}

/**
 * Decides what of others' examinations this unit can rely on, and stores each decision with the versions it rests on,
 * for any number of requests at once. The same reference with the same body gives the same recognition.
 *
 * @param traces of the requests, in their order. A decision is a step of its request's trace, and of that of each result
 *   that it rests on: so a result's way ends where it was relied on.
 */
export async function recogniseConsignments(
  unit: Unit,
  requests: readonly unknown[],
  traces: readonly MaybeTrace[] = [],
): Promise<Outcome<Recognition>[]> {
  const checked = requests.map((request) => validateRecognitionRequest(request));
  const valid = checked.flatMap((check) => (check.ok ? [check.value] : []));
  const digests = new Map(valid.map((request) => [request, contentDigest(request)]));

  const from = new Map(checked.flatMap((check, index) => (check.ok ? [[check.value, traces[index]] as const] : [])));
  const begun = Date.now();
  const decided: TracedDecision[] = [];
  const stored = await inTransaction(unit.database, async (transaction) => {
    decided.length = 0;
    const stored = await findByReference(transaction, valid);
    const fresh = firstOfEachReference(valid).filter(({ reference }) => !stored.has(reference));
    if (fresh.length === 0) return stored;
    const locked = await readKnownResults(transaction, fresh, 'locked');
    // Asked once the rows are locked: whoever reopens what a revoked key signed waits for this, or has been here before.
    const known = locked(unit.keyRing());
    for (const request of fresh) {
      const concerned = concerning(request, known);
      const decision = decideRecognition(
        request,
        concerned.map((one) => one.known),
        unit.mesh.arrangements,
        {
          unit: unit.id,
          now: unit.now(),
        },
      );
      const recognition: Recognition = {
        recognitionId: uuidv7(),
        reference: request.reference,
        outcome: decision.outcome,
        state: 'in-force',
        decidedAt: new Date(unit.now()).toISOString(),
        checks: decision.checks,
      };
      const step = startStep({ name: 'decide recognition', from: from.get(request), at: begun });
      decided.push({ recognition, step, concerned });
      const { traceparent } = step;
      stored.set(request.reference, { digest: digests.get(request)!, recognition, request, traceparent });
    }
    await keepRecognitions(
      transaction,
      [...stored.values()].filter((each) => each.request !== undefined),
    );
    return stored;
  });
  for (const each of decided) recordDecision(unit.id, each, begun);

  return checked.map((check) => {
    if (!check.ok) return { ok: false, problem: problem('invalid', { errors: check.violations }) };
    const { digest, recognition, request } = stored.get(check.value.reference)!;
    if (digest !== digests.get(check.value)) return conflict(recognition);
    if (request === check.value) count(unit.id, recognition);
    return { ok: true, value: recognition };
  });
}

function count(unit: UnitId, { outcome, checks }: Recognition): void {
  recognitionsTotal.inc({ unit, outcome });
  for (const check of checks) {
    const reasons = check.decision === 'recognised' ? ['recognised'] : check.reasons.map(({ code }) => code);
    for (const reason of new Set(reasons)) recognisedChecksTotal.inc({ unit, check: check.type, reason });
  }
}

/** A recognition by its reference; `request` is there when it was decided just now. */
interface Decided {
  digest: string;
  recognition: Recognition;
  request?: RecognitionRequest;
  traceparent?: string;
}

interface TracedDecision {
  recognition: Recognition;
  step: Step;
  concerned: readonly Indexed[];
}

/** The decision, within its request's trace; and that it relied on them, within the traces of results. */
function recordDecision(unit: UnitId, { recognition, step, concerned }: TracedDecision, at: number): void {
  const { recognitionId, outcome } = recognition;
  const facts = { unit, recognitionId, recognitionOutcome: outcome };
  const relied = new Set(reliesOn(recognition).map(({ resultId }) => resultId));
  for (const { known, traceparent } of concerned) {
    if (!relied.has(known.resultId)) continue;
    const about = { ...facts, consumer: unit, issuer: known.issuer, resultId: known.resultId, version: known.version };
    recordStep({ name: 'recognise result', from: traceparent, at, facts: about, links: [step.traceparent] });
  }
  step.end({ facts });
}

async function findByReference(
  transaction: EntityManager,
  requests: readonly RecognitionRequest[],
): Promise<Map<string, Decided>> {
  const rows: RecognitionRow[] = await transaction.query(
    'select reference, request_digest, body from recognition where reference = any($1)',
    [requests.map(({ reference }) => reference)],
  );
  return new Map(
    rows.map((row) => [
      row.reference,
      { digest: row.request_digest, recognition: JSON.parse(row.body) as Recognition },
    ]),
  );
}

function firstOfEachReference(requests: readonly RecognitionRequest[]): RecognitionRequest[] {
  const first = new Map<string, RecognitionRequest>();
  for (const request of requests) if (!first.has(request.reference)) first.set(request.reference, request);
  return [...first.values()];
}

/** Recognitions and the versions that they rest on, by one statement, whatever their number. */
const KEEP = `
  with kept as (
    insert into recognition (recognition_id, reference, request_digest, state, outcome, decided_at, request, body, traceparent)
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $12::text[])
  ), reported as (
    insert into recognition_report (recognition_id) select unnest($1::uuid[])
  )
  insert into recognition_reliance (result_id, recognition_id, version)
  select * from unnest($9::uuid[], $10::uuid[], $11::integer[]) on conflict do nothing`;

async function keepRecognitions(transaction: EntityManager, decided: readonly Decided[]): Promise<void> {
  const recognitions = decided.map(({ recognition }) => recognition);
  const reliances = recognitions.flatMap((recognition) =>
    reliesOn(recognition).map(({ resultId, version }) => ({ resultId, recognition, version })),
  );
  await runPrepared(transaction, KEEP, [
    recognitions.map(({ recognitionId }) => recognitionId),
    recognitions.map(({ reference }) => reference),
    decided.map(({ digest }) => digest),
    recognitions.map(({ state }) => state),
    recognitions.map(({ outcome }) => outcome),
    recognitions.map(({ decidedAt }) => decidedAt),
    decided.map(({ request }) => JSON.stringify(request)),
    recognitions.map((recognition) => JSON.stringify(recognition)),
    reliances.map(({ resultId }) => resultId),
    reliances.map(({ recognition }) => recognition.recognitionId),
    reliances.map(({ version }) => String(version)),
    decided.map(({ traceparent }) => traceparent!),
  ]);
}

function conflict({ reference, recognitionId }: Recognition): Outcome<never> {
  const detail = {
    zh: `参考号 ${reference} 已用于内容不同的互认申请 (${recognitionId})`,
    en: `Reference ${reference} is already that of recognition ${recognitionId}, with another request`,
  };
  return { ok: false, problem: problem('conflict', { detail }) };
}
