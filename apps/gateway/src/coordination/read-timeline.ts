import { type DisclosureRecord, type ReportedRecognition, type ResultStatus, type UnitId } from '@clearance/contracts';
import {
  type FollowedRecognition,
  type FollowedVersion,
  JOIN_WITHIN_MS,
  type TimelineStep,
  timelineOf,
} from '@clearance/coordination';
import type { DataSource } from '@clearance/platform';
import type { ConsignmentSummary } from './find-consignments.ts';
import { containerKey, declarationKey, resultKey, transportDocumentKey } from './take-recognitions.ts';

/** Results of which one timeline tells, at most: the newest. */
const MOST_RESULTS = 500;

/** A version of a result of a consignment, by what coordinators go by. */
export interface VersionSummary {
  resultId: string;
  version: number;
  status: ResultStatus;
  issuer: UnitId;
  /** Null, with all that follows, where it is withheld from somebody. */
  kind: string | null;
  location: string | null;
  conclusion: string | null;
  issuedAt: string;
  settledAt: string | null;
  traceId: string | null;
}

/** What happened to a consignment. */
export interface ConsignmentTimeline {
  results: VersionSummary[];
  steps: TimelineStep[];
  /** Whether it has more results than are told of. */
  more: boolean;
}

interface VersionRow {
  resultId: string;
  version: number;
  status: ResultStatus;
  issuer: UnitId;
  kind: string | null;
  location: string | null;
  conclusion: string | null;
  examined_at: Date | null;
  issued_at: Date;
  offered_at: Date | null;
  traceparent: string | null;
  receipts: string | null;
  settled_at: Date | null;
}

/** Reads what happened to a consignment: what was decided from the ledger, what was confirmed from the settlements. */
export async function readTimeline(
  database: DataSource,
  consignment: ConsignmentSummary,
): Promise<ConsignmentTimeline> {
  const rows: VersionRow[] = await database.query(
    `with members as (
       select result_id from traveller where consignment_id = $1 order by at desc, result_id desc limit ${MOST_RESULTS}
     )
     select v.result_id as "resultId", v.version, v.status, v.issuer, v.kind, v.location, v.conclusion, v.examined_at,
       v.issued_at, v.offered_at, v.traceparent, s.receipts, s.settled_at
     from coordinated_version v join members m using (result_id) left join settlement s using (result_id, version)
     order by v.issued_at, v.result_id, v.version`,
    [consignment.consignmentId],
  );
  const resultIds = [...new Set(rows.map(({ resultId }) => resultId))];
  const decisions = await readDecisions(database, resultIds);
  const versions = rows.map((row): FollowedVersion => ({
    ...{ resultId: row.resultId, version: row.version, status: row.status, issuer: row.issuer },
    examinedAt: row.examined_at?.toISOString() ?? null,
    issuedAt: row.issued_at.toISOString(),
    offeredAt: row.offered_at?.toISOString() ?? null,
    decisions: decisions.get(`${row.resultId}:${row.version}`) ?? [],
    receipts: JSON.parse(row.receipts ?? '{}') as Record<string, string>,
    settledAt: row.settled_at?.toISOString() ?? null,
    traceId: traceIdOf(row.traceparent),
  }));
  const recognitions = await readRecognitions(database, consignment, new Set(resultIds));
  return {
    results: rows.map(({ resultId, version, status, issuer, kind, location, conclusion, ...row }) => ({
      ...{ resultId, version, status, issuer, kind, location, conclusion },
      issuedAt: row.issued_at.toISOString(),
      settledAt: row.settled_at?.toISOString() ?? null,
      traceId: traceIdOf(row.traceparent),
    })),
    steps: timelineOf(versions, recognitions),
    more: resultIds.length < consignment.results,
  };
}

/** By version: each time that it was decided, for whom, and from whom something was withheld then. */
async function readDecisions(
  database: DataSource,
  resultIds: readonly string[],
): Promise<Map<string, FollowedVersion['decisions']>> {
  const rows: { entry: string }[] = await database.query(
    'select entry from ledger where result_id = any($1::uuid[]) order by sequence',
    [resultIds],
  );
  const views = rows.map(({ entry }) => JSON.parse(entry) as DisclosureRecord);
  const byVersion = Map.groupBy(views, ({ resultId, version }) => `${resultId}:${version}`);
  return new Map(
    [...byVersion].map(([key, of]) => {
      const times = Map.groupBy(of, ({ decidedAt, listVersion }) => `${decidedAt} ${listVersion}`);
      const decided = [...times.values()].map((together) => ({
        at: together[0]!.decidedAt,
        listVersion: together[0]!.listVersion,
        consumers: together.flatMap(({ consumers }) => consumers as UnitId[]).sort(),
        withheldFrom: together
          .flatMap(({ consumers, withheld }) => (withheld.length > 0 ? (consumers as UnitId[]) : []))
          .sort(),
      }));
      return [key, decided];
    }),
  );
}

async function readRecognitions(
  database: DataSource,
  { containers, declarationNumbers, transportDocuments, firstAt, lastAt }: ConsignmentSummary,
  resultIds: ReadonlySet<string>,
): Promise<FollowedRecognition[]> {
  const keys = [
    ...[...resultIds].map(resultKey),
    ...containers.map(containerKey),
    ...declarationNumbers.map(declarationKey),
    ...transportDocuments.map(transportDocumentKey),
  ];
  const rows: { unit: UnitId; report: string }[] = await database.query(
    `select unit, report from coordinated_recognition where keys && $1::text[]
       and decided_at between $2 and $3 order by decided_at, recognition_id`,
    [keys, new Date(Date.parse(firstAt) - JOIN_WITHIN_MS), new Date(Date.parse(lastAt) + 12 * JOIN_WITHIN_MS)],
  );
  return rows
    .map(({ unit, report }) => ({ unit, report: JSON.parse(report) as ReportedRecognition }))
    .filter(({ report }) => concerns(report, resultIds, { declarationNumbers, transportDocuments, lastAt }))
    .map(({ unit, report }) => followed(unit, report));
}

/**
 * Whether a recognition is about these goods: it looked at their results; or, where it knew of none, it names their
 * documents, or a container of theirs, without other documents and not long after.
 */
export function concerns(
  { checks, consignment, decidedAt }: ReportedRecognition,
  resultIds: ReadonlySet<string>,
  known: Pick<ConsignmentSummary, 'declarationNumbers' | 'transportDocuments' | 'lastAt'>,
): boolean {
  const looked = checks.flatMap(({ by, reasons }) => [...by, ...reasons].flatMap(({ resultId }) => resultId ?? []));
  if (looked.length > 0) return looked.some((resultId) => resultIds.has(resultId));
  const { declarationNumber, transportDocument } = consignment;
  const named = [
    ...(declarationNumber === undefined ? [] : [known.declarationNumbers.includes(declarationNumber)]),
    ...(transportDocument === undefined ? [] : [known.transportDocuments.includes(transportDocument)]),
  ];
  if (named.includes(true)) return true;
  const contradicts =
    (declarationNumber !== undefined && known.declarationNumbers.length > 0) ||
    (transportDocument !== undefined && known.transportDocuments.length > 0);
  return !contradicts && Date.parse(decidedAt) - Date.parse(known.lastAt) <= JOIN_WITHIN_MS;
}

function followed(unit: UnitId, report: ReportedRecognition): FollowedRecognition {
  const { recognitionId, location, outcome, decidedAt, checks, reopened, traceparent } = report;
  const by = new Map(
    checks.flatMap((check) =>
      check.by.map(({ resultId, version }) => [`${resultId}:${version}`, { resultId, version }]),
    ),
  );
  return {
    ...{ recognitionId, unit, location, outcome, decidedAt },
    recognised: checks.flatMap(({ type, decision }) => (decision === 'recognised' ? [type] : [])),
    required: checks.flatMap(({ type, decision, reasons }) =>
      decision === 'required' ? [{ check: type, reasons: [...new Set(reasons.map(({ code }) => code))] }] : [],
    ),
    by: [...by.values()],
    reopened:
      reopened === undefined ? null : { at: reopened.at, resultId: reopened.resultId, version: reopened.version },
    traceId: traceIdOf(traceparent ?? null),
  };
}

function traceIdOf(traceparent: string | null): string | null {
  return traceparent?.split('-')[1] ?? null;
}
