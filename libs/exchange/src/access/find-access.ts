import {
  type FindAccessReply,
  type Outcome,
  problem,
  validateFindAccess,
  violation,
  requestView,
} from '@clearance/contracts';
import type { SqlValue } from '@clearance/platform';
import { cutPage } from '../find/cut-page.ts';
import { decodeIdCursor, encodeIdCursor } from '../find/id-cursor.ts';
import type { Unit } from '../unit.ts';
import { fromRequestRow, REQUEST_COLUMNS, stateAt } from './stored-request.ts';

const DEFAULT_PAGE = 50;

/** Finds the requests that this unit has made, or is asked, oldest first. */
export async function findAccess(unit: Unit, body: unknown): Promise<Outcome<FindAccessReply>> {
  const checked = validateFindAccess(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const { requestId, reference, state, as, limit, cursor } = checked.value;
  const after = cursor === undefined ? undefined : decodeIdCursor(cursor);
  if (cursor !== undefined && after === undefined) {
    const errors = [violation('/cursor', 'bad-format', { expected: 'cursor' })];
    return { ok: false, problem: problem('invalid', { errors }) };
  }
  const now = unit.now();
  const parameters: SqlValue[] = [new Date(now)];
  const conditions: string[] = ['$1::timestamptz is not null'];
  const add = (value: SqlValue | undefined, condition: (parameter: string) => string): void => {
    if (value !== undefined) conditions.push(condition(`$${parameters.push(value)}`));
  };
  add(after, (p) => `request_id > ${p}`);
  add(requestId, (p) => `request_id = ${p}`);
  add(reference, (p) => `reference = ${p}`);
  add(state, (p) => `${stateAt('$1')} = ${p}`);
  add(as === undefined ? undefined : as === 'requester', (p) => `own = ${p}`);
  const page = Math.min(limit ?? DEFAULT_PAGE, unit.mesh.limits.maxPage);
  const rows: unknown[] = await unit.database.query(
    `select ${REQUEST_COLUMNS} from access_request where ${conditions.join(' and ')}
     order by request_id limit ${page + 1}`,
    parameters,
  );
  const requests = cutPage(
    rows.slice(0, page).map((row) => requestView(fromRequestRow(row), now)),
    unit.mesh.limits.maxPayloadBytes,
  );
  const last = requests.at(-1);
  if (rows.length <= requests.length || !last) return { ok: true, value: { requests } };
  return { ok: true, value: { requests, cursor: encodeIdCursor(last.requestId) } };
}
