import {
  type Outcome,
  problem,
  type RecognitionsTaken,
  type ReportedRecognition,
  type UnitId,
  validateReportRecognitions,
} from '@clearance/contracts';
import { type EntityManager, insertRows } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import { countRecognitions } from '../indicators/put-down.ts';

/**
 * Takes what a unit says that it recognises, or has reopened, for the coordinators. Told twice it changes nothing; what was
 * reopened is not undone by what was overtaken on its way; and of another unit's recognition nobody says anything.
 */
export async function takeRecognitions(
  gateway: Pick<Gateway, 'database' | 'now'>,
  unit: UnitId,
  body: unknown,
): Promise<Outcome<RecognitionsTaken>> {
  const checked = validateReportRecognitions(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const latest = new Map(checked.value.recognitions.map((each) => [each.recognitionId, each]));
  const at = new Date(gateway.now());
  await gateway.database.transaction(async (transaction) => {
    await storeReports(transaction, unit, [...latest.values()], at);
    await countRecognitions(transaction, [...latest.keys()]);
  });
  return { ok: true, value: { taken: true } };
}

async function storeReports(
  transaction: EntityManager,
  unit: UnitId,
  reports: readonly ReportedRecognition[],
  at: Date,
): Promise<void> {
  await insertRows(
    transaction,
    `coordinated_recognition as c
       (recognition_id, unit, location, outcome, state, decided_at, reopened_at, report, keys, taken_at)`,
    reports.map((report) => [
      ...[report.recognitionId, unit, report.location, report.outcome, report.state, report.decidedAt],
      ...[report.reopened?.at ?? null, JSON.stringify(report), keysOf(report), at],
    ]),
    `on conflict (recognition_id) do update set state = excluded.state, outcome = excluded.outcome,
       reopened_at = excluded.reopened_at, report = excluded.report, keys = excluded.keys, taken_at = excluded.taken_at
     where c.unit = excluded.unit and (c.state <> 'reopened' or excluded.state = 'reopened'
       or c.taken_at < excluded.taken_at - interval '1 minute')`,
  );
}

/** What a recognition is found by: the goods that it is about, and the results that were looked at. */
export function keysOf({ consignment, checks }: ReportedRecognition): string[] {
  const { containers = [], declarationNumber, transportDocument } = consignment;
  const results = checks.flatMap(({ by, reasons }) => [...by, ...reasons].flatMap(({ resultId }) => resultId ?? []));
  return [
    ...new Set([
      ...containers.map(containerKey),
      ...(declarationNumber === undefined ? [] : [declarationKey(declarationNumber)]),
      ...(transportDocument === undefined ? [] : [transportDocumentKey(transportDocument)]),
      ...results.map(resultKey),
    ]),
  ];
}

export const containerKey = (container: string): string => `c:${container}`;
export const declarationKey = (declaration: string): string => `d:${declaration}`;
export const transportDocumentKey = (document: string): string => `t:${document}`;
export const resultKey = (resultId: string): string => `r:${resultId}`;
