import { type IssuedPage, type Outcome, problem, validateListIssued } from '@clearance/contracts';
import type { Unit } from '../unit.ts';

/** Contents in one answer, bytes; a first one that is larger goes alone. */
export const PAGE_BYTES = 1024 ** 2;
const NOTHING = '00000000-0000-0000-0000-000000000000';

/** What this unit issued in a period, every version with its content, a page in the order of their time. */
export async function listIssued(unit: Unit, body: unknown): Promise<Outcome<IssuedPage>> {
  const checked = validateListIssued(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const { from, to, after, limit } = checked.value;
  const { issuedAt, resultId, version } = after ?? { issuedAt: from, resultId: NOTHING, version: 0 };
  const page = (table: string): string =>
    `(select result_id, version, issued_at, content from ${table}
      where issuer = $1 and issued_at >= $3 and issued_at < $2
        and (issued_at, result_id, version) > ($3, $4::uuid, $5::integer)
      order by issued_at, result_id, version limit $6)`;
  const rows: (IssuedPage['results'][number] & { before: string })[] = await unit.database.query(
    `with page as (
       select * from (${page('result')} union all ${page('result_history')}) v
       order by issued_at, result_id, version limit $6
     )
     select to_char(issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "issuedAt", result_id as "resultId",
       version, content,
       sum(octet_length(content)) over (order by issued_at, result_id, version) - octet_length(content) as before
     from page order by issued_at, result_id, version`,
    [unit.id, to, issuedAt, resultId, version, limit + 1],
  );
  const fitting = rows.slice(0, limit).filter(({ before }) => Number(before) < PAGE_BYTES);
  const results = fitting.map(({ before: _before, ...result }) => result);
  return { ok: true, value: { results, more: rows.length > results.length } };
}
