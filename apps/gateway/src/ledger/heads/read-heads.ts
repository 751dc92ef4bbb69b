import type { SignedHead } from '@clearance/contracts';
import type { DataSource } from '@clearance/platform';
import { type KeyRing, verifyHead } from '@clearance/provenance';

/** A head as it was signed, and whether it still holds. */
export interface JudgedHead extends SignedHead {
  /** Null where the signature does not say in a way that can be read, or its key is not believed. */
  keyId: string | null;
  verified: boolean;
  /** Whether the ledger has at this place what was signed. */
  stands: boolean;
}

/** Heads of the ledger, the newest first, and how far the ledger has come since. */
export interface HeadsOfLedger {
  /** The last row; null while there is none. */
  end: { sequence: number; hash: string } | null;
  /** Rows after the newest head. */
  unsigned: number;
  heads: JudgedHead[];
  /** The sequence of the last head of the page, when there are more. */
  next?: number;
}

interface HeadRow {
  statement: string;
  hash: string | null;
}

/**
 * Reads heads of the ledger and holds each against the key that it names and the row that it stands for. It is the
 * gateway's own word about its ledger: whoever does not take it compares with what the units keep (`mesh verify ledger`).
 */
export async function readHeads(
  database: DataSource,
  ring: KeyRing,
  { limit, before }: { limit: number; before: number | undefined },
): Promise<HeadsOfLedger> {
  const [end]: { sequence: string; hash: string }[] = await database.query('select sequence, hash from ledger_head');
  const [newest]: { sequence: string }[] = await database.query(
    'select sequence from signed_head order by sequence desc limit 1',
  );
  const rows: HeadRow[] = await database.query(
    `select s.statement, l.hash from signed_head s left join ledger l using (sequence)
     where s.sequence < $1 order by s.sequence desc limit $2`,
    [before ?? Number.MAX_SAFE_INTEGER, limit + 1],
  );
  const heads = rows.slice(0, limit).map((row) => judge(row, ring));
  const last = Number(end?.sequence ?? 0);
  return {
    end: end === undefined || last === 0 ? null : { sequence: last, hash: end.hash },
    unsigned: Math.max(0, last - Number(newest?.sequence ?? 0)),
    heads,
    ...(rows.length > limit ? { next: heads.at(-1)!.sequence } : {}),
  };
}

function judge({ statement, hash }: HeadRow, ring: KeyRing): JudgedHead {
  const head = JSON.parse(statement) as SignedHead;
  const verification = verifyHead(head, ring);
  return {
    ...head,
    keyId: verification.ok ? verification.keyId : null,
    verified: verification.ok,
    stands: hash === head.hash,
  };
}
