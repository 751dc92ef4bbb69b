import type { ResultStatus, UnitId } from '@clearance/contracts';
import type { StoredResult } from './stored-result.ts';

/** The columns of `result` that make a StoredResult; the alias of the table is `r`. */
export const STORED_COLUMNS = `r.result_id, r.version, r.status, r.issuer, r.own, r.issued_at, r.content, r.withheld,
  r.token, r.key_id, r.digest, r.first_digest, r.list_version, r.view_number`;

/** One row of a query over {@link STORED_COLUMNS}. */
export interface StoredRow {
  result_id: string;
  version: number;
  status: ResultStatus;
  issuer: UnitId;
  own: boolean;
  issued_at: Date;
  content: string;
  withheld: string;
  token: string;
  key_id: string;
  digest: string | null;
  first_digest: string | null;
  list_version: string | null;
  view_number: number;
}

/** From the database's names and types to the steps' own. */
export function fromRow(row: StoredRow): StoredResult {
  return {
    resultId: row.result_id,
    version: row.version,
    status: row.status,
    issuer: row.issuer,
    own: row.own,
    issuedAt: row.issued_at.toISOString(),
    content: row.content,
    withheld: row.withheld,
    token: row.token,
    keyId: row.key_id,
    digest: row.digest,
    firstDigest: row.first_digest,
    listVersion: row.list_version,
    viewNumber: row.view_number,
  };
}
