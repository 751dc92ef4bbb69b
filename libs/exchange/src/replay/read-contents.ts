import {
  type ContentsReply,
  type Outcome,
  problem,
  type ResultStatus,
  validateReadContents,
} from '@clearance/contracts';
import { placeholders } from '@clearance/platform';
import type { Unit } from '../unit.ts';
import { PAGE_BYTES } from './list-issued.ts';

interface ContentRow {
  resultId: string;
  version: number;
  status: ResultStatus;
  issuedAt: Date;
  content: string;
  traceparent: string | null;
}

/** Own versions with what they contain, as many of those asked for as fit into one answer; unknown ones are left out. */
export async function readContents(unit: Unit, body: unknown): Promise<Outcome<ContentsReply>> {
  const checked = validateReadContents(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const { results } = checked.value;
  const pairs = placeholders(results.length, 2, ['uuid', 'integer']);
  const select = (table: string): string =>
    `select result_id as "resultId", version, status, issued_at as "issuedAt", content, traceparent from ${table}
     where issuer = $${results.length * 2 + 1} and (result_id, version) in (${pairs})`;
  const rows: (ContentRow & { before: string })[] = await unit.database.query(
    `select *, sum(octet_length(content)) over (order by "resultId", version) - octet_length(content) as before
     from (${select('result')} union all ${select('result_history')}) v order by "resultId", version`,
    [...results.flatMap(({ resultId, version }) => [resultId, version]), unit.id],
  );
  const fitting = rows.filter(({ before }) => Number(before) < PAGE_BYTES);
  const contents = fitting.map(({ before: _before, traceparent, ...row }) => ({
    ...row,
    issuedAt: row.issuedAt.toISOString(),
    ...(traceparent === null ? {} : { traceparent }),
  }));
  return { ok: true, value: { contents, more: rows.length > contents.length } };
}
