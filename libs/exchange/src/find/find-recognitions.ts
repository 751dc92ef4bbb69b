import {
  type FindRecognitionsReply,
  type Outcome,
  problem,
  type Recognition,
  validateFindRecognitions,
  violation,
} from '@clearance/contracts';
import type { SqlValue } from '@clearance/platform';
import type { Unit } from '../unit.ts';
import { cutPage } from './cut-page.ts';
import { decodeIdCursor, encodeIdCursor } from './id-cursor.ts';

const DEFAULT_PAGE = 50;

/** Finds this unit's own recognitions, oldest first; `resultId` finds those that rely on that result. */
export async function findRecognitions(unit: Unit, body: unknown): Promise<Outcome<FindRecognitionsReply>> {
  const checked = validateFindRecognitions(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const { recognitionId, reference, resultId, state, limit, cursor } = checked.value;
  const after = cursor === undefined ? undefined : decodeIdCursor(cursor);
  if (cursor !== undefined && after === undefined) {
    return {
      ok: false,
      problem: problem('invalid', { errors: [violation('/cursor', 'bad-format', { expected: 'cursor' })] }),
    };
  }
  const parameters: SqlValue[] = [];
  const conditions: string[] = [];
  const add = (value: SqlValue | undefined, condition: (parameter: string) => string): void => {
    if (value !== undefined) conditions.push(condition(`$${parameters.push(value)}`));
  };
  add(after, (p) => `recognition_id > ${p}`);
  add(recognitionId, (p) => `recognition_id = ${p}`);
  add(reference, (p) => `reference = ${p}`);
  add(state, (p) => `state = ${p}`);
  add(resultId, (p) => `recognition_id in (select recognition_id from recognition_reliance where result_id = ${p})`);
  const page = Math.min(limit ?? DEFAULT_PAGE, unit.mesh.limits.maxPage);
  const rows: { recognition_id: string; body: string }[] = await unit.database.query(
    `select recognition_id, body from recognition ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     order by recognition_id limit ${page + 1}`,
    parameters,
  );
  const recognitions = cutPage(
    rows.slice(0, page).map((row) => JSON.parse(row.body) as Recognition),
    unit.mesh.limits.maxPayloadBytes,
  );
  const last = rows[recognitions.length - 1];
  if (rows.length <= recognitions.length || !last) return { ok: true, value: { recognitions } };
  return {
    ok: true,
    value: { recognitions, cursor: encodeIdCursor(last.recognition_id) },
  };
}
