import type { UnitId } from '@clearance/contracts';
import type { DataSource, SqlValue } from '@clearance/platform';
import type { SignedVersion } from './signed-schema.ts';

/** Where a page ends. */
export interface SignedPlace {
  resultId: string;
  version: number;
}

interface SignedRow {
  result_id: string;
  version: number;
  issuer: UnitId;
  kind: string;
  issued_at: Date;
  disclosed_at: Date;
  replaced_at: Date | null;
  receipts: string;
}

/**
 * Names what a key has signed that is affected by its revocation from `since` on: versions that say themselves that they
 * were issued then, and versions that say otherwise but were disclosed then. One page, in the order of their ids; `next`
 * is there when there is more.
 *
 * @param since milliseconds since the epoch
 */
export async function findSigned(
  database: DataSource,
  query: { kid: string; since: number },
  page: { limit: number; after: SignedPlace | undefined },
): Promise<{ results: SignedVersion[]; next?: SignedPlace }> {
  const parameters: SqlValue[] = [query.kid, new Date(query.since)];
  const columns = 'result_id, version, issuer, kind, issued_at, disclosed_at, receipts';
  const after = page.after === undefined ? '' : 'and (result_id, version) > ($3::uuid, $4::integer)';
  if (page.after !== undefined) parameters.push(page.after.resultId, page.after.version);
  const rows: SignedRow[] = await database.query(
    `select * from (
       select ${columns}, null::timestamptz as replaced_at from settlement where key_id = $1
       union all select ${columns}, replaced_at from replaced_signature where key_id = $1
     ) signed where (issued_at >= $2 or disclosed_at >= $2) ${after}
     order by result_id, version limit ${page.limit + 1}`,
    parameters,
  );
  const results = rows.slice(0, page.limit).map((row) => toSigned(row, query.since));
  const last = results.at(-1);
  if (rows.length <= page.limit || last === undefined) return { results };
  return { results, next: { resultId: last.resultId, version: last.version } };
}

function toSigned(row: SignedRow, since: number): SignedVersion {
  return {
    resultId: row.result_id,
    version: row.version,
    issuer: row.issuer,
    kind: row.kind,
    issuedAt: row.issued_at.toISOString(),
    disclosedAt: row.disclosed_at.toISOString(),
    since: row.issued_at.getTime() >= since ? 'issued' : 'disclosed',
    replacedAt: row.replaced_at?.toISOString() ?? null,
    holders: (Object.keys(JSON.parse(row.receipts) as Record<string, string>) as UnitId[]).sort(),
  };
}
