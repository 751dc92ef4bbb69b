import {
  type Outcome,
  problem,
  type Recognition,
  type RecognitionRequest,
  type RecognitionsPage,
  type ReplayedRecognition,
  validateListRecognitions,
} from '@clearance/contracts';
import { concerning, type Indexed, readKnownResults } from '../recognise/known-results.ts';
import type { Unit } from '../unit.ts';

const NOTHING = '00000000-0000-0000-0000-000000000000';

interface RecognitionRow {
  decidedAt: string;
  recognitionId: string;
  at: Date;
  request: string;
  body: string;
}

/** What this unit decided in a period, and which versions it knew then, a page in the order of their time. */
export async function listRecognitions(unit: Unit, body: unknown): Promise<Outcome<RecognitionsPage>> {
  const checked = validateListRecognitions(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const { from, to, after, limit } = checked.value;
  const { decidedAt, recognitionId } = after ?? { decidedAt: from, recognitionId: NOTHING };
  const rows: RecognitionRow[] = await unit.database.query(
    `select to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "decidedAt",
       recognition_id as "recognitionId", decided_at as at, request, body
     from recognition where decided_at >= $1 and decided_at < $2 and (decided_at, recognition_id) > ($1, $3::uuid)
     order by decided_at, recognition_id limit $4`,
    [decidedAt, to, recognitionId, limit + 1],
  );
  const recognitions: ReplayedRecognition[] = [];
  for (const row of rows.slice(0, limit)) recognitions.push(await replayed(unit, row));
  return { ok: true, value: { recognitions, more: rows.length > limit } };
}

async function replayed(unit: Unit, row: RecognitionRow): Promise<ReplayedRecognition> {
  const request = JSON.parse(row.request) as RecognitionRequest;
  const { checks } = JSON.parse(row.body) as Recognition;
  const known = (await readKnownResults(unit.database, [request], 'unlocked'))(unit.keyRing());
  return {
    decidedAt: row.decidedAt,
    recognitionId: row.recognitionId,
    request,
    recognised: checks.filter(({ decision }) => decision === 'recognised').map(({ type }) => type),
    known: await asOf(unit, concerning(request, known), row.at),
  };
}

/** The versions that were stored by then: what came later did not count. */
async function asOf(unit: Unit, known: readonly Indexed[], at: Date): Promise<ReplayedRecognition['known']> {
  const { then = [], later = [] } = Object.groupBy(known, ({ storedAt }) => (storedAt <= at ? 'then' : 'later'));
  const present = then.map(({ known: { resultId, version, issuer } }) => ({ resultId, version, issuer }));
  if (later.length === 0) return present;
  const former: ReplayedRecognition['known'] = await unit.database.query(
    `select distinct on (result_id) result_id as "resultId", version, issuer from result_history
     where result_id = any($1::uuid[]) and stored_at <= $2 order by result_id, version desc`,
    [later.map(({ known: { resultId } }) => resultId), at],
  );
  return [...present, ...former];
}
