import {
  type AuditedGrant,
  auditLedger,
  type AuditedHead,
  type AuditedList,
  type AuditedRow,
  type AuditReport,
  grantsIn,
  type KeyRing,
  SIGNED_HEADS,
} from '@clearance/provenance';
import type { Snapshot } from './read-only.ts';

/** Whoever keeps heads of the ledger beside the gateway: a unit's database, or a file that was exported from one. */
export interface Witness {
  /** `witness ln.customs`. */
  where: string;
  /** The heads of places after one and up to another (all that follow when there is none). */
  heads(after: number, upTo: number | undefined): Promise<AuditedHead[]>;
}

const PAGE = 2_000;
const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

/**
 * Walks the gateway's ledger from its first row to its last, a page at a time, with the heads of each page from the
 * gateway's own table and from every witness. Open the witnesses first: a head that was signed while the ledger is
 * being opened would look like one whose row is gone.
 *
 * @param onProgress hears of the rows so far, and how many there are
 */
export async function auditDatabase(
  gateway: Snapshot,
  witnesses: readonly Witness[],
  ring: KeyRing,
  onProgress: (rows: number, of: number) => void,
): Promise<AuditReport> {
  const audit = auditLedger(ring);
  const [noted] = await gateway.query<{ sequence: string; hash: string }>('select sequence, hash from ledger_head');
  const total = Number(noted?.sequence ?? 0);
  const keepers = [ownHeads(gateway), ...witnesses];
  const headsOf = async (after: number, upTo: number | undefined): Promise<AuditedHead[]> =>
    (await Promise.all(keepers.map((keeper) => keeper.heads(after, upTo)))).flat();

  let last = 0;
  let latest = '-infinity';
  for (let rows = 0; ;) {
    const page = await readRows(gateway, last);
    if (page.length === 0) break;
    const before = last;
    last = page.at(-1)!.sequence;
    latest = page.at(-1)!.decidedAt;
    audit.rows(page, await headsOf(before, last), await readGrants(gateway, grantsIn(page)));
    onProgress((rows += page.length), total);
  }
  return audit.end({
    noted: noted && { sequence: Number(noted.sequence), hash: noted.hash },
    heads: await headsOf(last, undefined),
    lists: await readLists(gateway),
    grants: await readGrantsAfter(gateway, latest),
  });
}

function ownHeads(gateway: Snapshot): Witness {
  return {
    where: SIGNED_HEADS,
    heads: async (after, upTo) => {
      const rows = await gateway.query<{ sequence: string; statement: string }>(
        'select sequence, statement from signed_head where sequence > $1 and sequence <= $2 order by sequence',
        [after, upTo ?? Number.MAX_SAFE_INTEGER],
      );
      return rows.map(({ sequence, statement }) => ({ where: SIGNED_HEADS, sequence: Number(sequence), statement }));
    },
  };
}

/** The heads that a unit keeps in its own database. */
export function unitWitness(unit: string, database: Snapshot): Witness {
  const where = `witness ${unit}`;
  return {
    where,
    heads: async (after, upTo) => {
      const rows = await database.query<{ sequence: string; hash: string; statement: string }>(
        `select sequence, hash, statement from ledger_witness where sequence > $1 and sequence <= $2
         order by sequence, hash`,
        [after, upTo ?? Number.MAX_SAFE_INTEGER],
      );
      return rows.map((row) => ({ where, ...row, sequence: Number(row.sequence) }));
    },
  };
}

async function readRows(gateway: Snapshot, after: number): Promise<AuditedRow[]> {
  const rows = await gateway.query<{
    sequence: string;
    result_id: string | null;
    version: number | null;
    decided_at: string;
    entry: string;
    hash: string;
  }>(
    `select sequence, result_id, version, to_char(decided_at at time zone 'UTC', ${INSTANT}) as decided_at, entry, hash
     from ledger where sequence > $1 order by sequence limit ${PAGE}`,
    [after],
  );
  return rows.map(({ sequence, result_id, version, decided_at, entry, hash }) => ({
    sequence: Number(sequence),
    resultId: result_id,
    version,
    decidedAt: decided_at,
    entry,
    hash,
  }));
}

function readLists(gateway: Snapshot): Promise<AuditedList[]> {
  return gateway.query<AuditedList>(
    `select version, document, signature, to_char(effective_from at time zone 'UTC', ${INSTANT}) as "effectiveFrom",
       to_char(received_at at time zone 'UTC', ${INSTANT}) as "receivedAt", authors, approved_by as "approvedBy"
     from negative_list order by effective_from`,
  );
}

const STORED_GRANT = 'select request_id as "requestId", decision, revocation from access_request';

async function readGrants(gateway: Snapshot, ids: readonly string[]): Promise<AuditedGrant[]> {
  return ids.length === 0 ? [] : gateway.query(`${STORED_GRANT} where request_id = any($1::uuid[])`, [ids]);
}

/** Grants whose time is not over at an instant, those that were ended before it among them. */
function readGrantsAfter(gateway: Snapshot, instant: string): Promise<AuditedGrant[]> {
  return gateway.query(
    `${STORED_GRANT} where state in ('granted', 'granted-in-part', 'revoked') and granted_until > $1::timestamptz
     order by received_at, request_id`,
    [instant],
  );
}
