import {
  MAX_REPORTED,
  type Outcome,
  problem,
  type Recognition,
  type RecognitionRequest,
  type ReportedRecognition,
  type ReportingAgain,
  SUBJECTS,
  validateRecognitionsTaken,
  validateReportAgain,
} from '@clearance/contracts';
import { createRelay, type Relay } from '@clearance/messaging';
import { type EntityManager, NotReadyError, placeholders } from '@clearance/platform';
import type { Unit } from '../unit.ts';

/** What reporting needs of a unit. */
type ReportingUnit = Pick<Unit, 'id' | 'database' | 'askGateway' | 'log'>;

/** Notes that the gateway is to be told of a recognition as it is from now on, in the transaction that changes it. */
export async function keepReport(transaction: EntityManager, recognitionId: string): Promise<void> {
  await transaction.query(
    `insert into recognition_report (recognition_id) values ($1) on conflict (recognition_id) do update
     set revision = nextval('recognition_report_revision'), next_attempt_at = now()`,
    [recognitionId],
  );
}

/** Notes that the gateway is to be told of all recognitions once more: it makes anew what it knows. */
export async function reportAgain(unit: Pick<Unit, 'database'>, body: unknown): Promise<Outcome<ReportingAgain>> {
  const checked = validateReportAgain(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const [{ noted }]: [{ noted: number }] = await unit.database.query(
    `with noted as (
       insert into recognition_report (recognition_id) select recognition_id from recognition
       on conflict (recognition_id) do update set next_attempt_at = least(recognition_report.next_attempt_at, now())
       returning 1
     ) select count(*)::integer as noted from noted`,
  );
  return { ok: true, value: { noted } };
}

/** A recognition that is to be reported, as of a revision. */
interface DueReport {
  recognitionId: string;
  revision: string;
  report: ReportedRecognition;
}

/** How soon what was not taken is reported once more, and how late something is reported at most. */
const AGAIN_AFTER = '10 seconds';
const SWEEP_MS = 1_000;

/**
 * Tells the gateway what this unit recognises, from database to database, for the coordinators: they see where a result
 * was relied on. Nobody waits for it; while the gateway is away it is kept.
 */
export function createReportRelay(unit: ReportingUnit): Relay<DueReport> {
  return createRelay<DueReport>({
    name: `${unit.id} recognitions`,
    maxBatch: MAX_REPORTED,
    lingerMs: 1,
    sweepMs: SWEEP_MS,
    log: unit.log,
    publish: (reports) => report(unit, reports),
    takeDue: (limit) => takeDue(unit, limit),
  });
}

async function report(unit: ReportingUnit, due: readonly DueReport[]): Promise<void> {
  const recognitions = due.map((each) => each.report);
  const answer = await unit.askGateway(SUBJECTS.reportRecognitions, { recognitions });
  if (!answer.ok && answer.problem.code === 'invalid') {
    // One that the gateway cannot read must not hold up the others: by itself it is given up.
    for (const one of due.length > 1 ? due : []) await report(unit, [one]);
    if (due.length > 1) return;
    unit.log.error({ unit: unit.id, recognition: due[0]!.recognitionId }, 'the gateway cannot read a recognition');
  } else if (!answer.ok || !validateRecognitionsTaken(answer.value).ok) {
    throw new NotReadyError(`the gateway does not take recognitions: ${answer.ok ? 'malformed' : answer.problem.code}`);
  }
  await unit.database.query(
    `delete from recognition_report r using (values ${placeholders(due.length, 2, ['uuid', 'bigint'])}) as v (id, revision)
     where r.recognition_id = v.id and r.revision = v.revision`,
    due.flatMap(({ recognitionId, revision }) => [recognitionId, revision]),
  );
}

async function takeDue(unit: ReportingUnit, limit: number): Promise<DueReport[]> {
  const [rows]: [
    { recognitionId: string; revision: string; request: string; body: string; traceparent: string | null }[],
  ] = await unit.database.query(
    `with due as (
         select recognition_id from recognition_report where next_attempt_at <= now()
         order by next_attempt_at limit $1 for update skip locked
       )
       update recognition_report r set next_attempt_at = now() + interval '${AGAIN_AFTER}'
       from due d join recognition g using (recognition_id) where r.recognition_id = d.recognition_id
       returning r.recognition_id as "recognitionId", r.revision, g.request, g.body, g.traceparent`,
    [limit],
  );
  return rows.map(({ recognitionId, revision, request, body, traceparent }) => ({
    recognitionId,
    revision,
    report: reportOf(JSON.parse(request) as RecognitionRequest, JSON.parse(body) as Recognition, traceparent),
  }));
}

/** What coordinators are told of a recognition: which goods, which checks, on what, or why not. */
export function reportOf(
  { location, consignment }: RecognitionRequest,
  { recognitionId, outcome, state, decidedAt, checks, reopened }: Recognition,
  traceparent: string | null,
): ReportedRecognition {
  const { containers, declarationNumber, transportDocument } = consignment;
  return {
    ...{ recognitionId, location, outcome, state, decidedAt },
    consignment: {
      ...(containers === undefined ? {} : { containers }),
      ...(declarationNumber === undefined ? {} : { declarationNumber }),
      ...(transportDocument === undefined ? {} : { transportDocument }),
    },
    checks: checks.map(({ type, decision, by = [], reasons = [] }) => ({
      type,
      decision,
      by: by.map(({ resultId, version, issuer }) => ({ resultId, version, issuer })),
      reasons: reasons.map(({ code, resultId }) => ({ code, ...(resultId === undefined ? {} : { resultId }) })),
    })),
    ...(reopened === undefined
      ? {}
      : {
          reopened: {
            at: reopened.at,
            resultId: reopened.by.resultId,
            version: reopened.by.version,
            status: reopened.by.status,
          },
        }),
    ...(traceparent === null ? {} : { traceparent }),
  };
}
