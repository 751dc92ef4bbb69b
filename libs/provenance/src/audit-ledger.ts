import type { LedgerRecord } from '@clearance/contracts';
import { validateLedgerRecord } from '@clearance/contracts';
import { auditHeads, type AuditedHead, startHeads } from './audit-heads.ts';
import { auditStoredLists, judgeListOf, type AuditedList, type RecordedList } from './audit-lists.ts';
import { parseJson } from './json.ts';
import type { KeyRing } from './keys.ts';
import { CHAIN_START, chainHash, rowHash } from './ledger.ts';
import { ledgerFinding, type LedgerFault, type LedgerFinding } from './ledger-findings.ts';

/** A row of the ledger as the database has it. */
export interface AuditedRow {
  sequence: number;
  resultId: string | null;
  version: number | null;
  /** UTC, in microseconds: `2026-11-21T08:00:00.000000Z`. */
  decidedAt: string;
  entry: string;
  hash: string;
}

/** What an audit came to. */
export interface AuditReport {
  rows: number;
  /** The last row's sequence and hash; sequence 0 for an empty ledger. */
  end: { sequence: number; hash: string };
  /** The last row that a signed head confirms; what comes after it nobody could prove yet. */
  confirmed: number;
  /** How many signed heads each table and witness had. */
  heads: Record<string, number>;
  findings: LedgerFinding[];
  /** Findings beyond those that are listed. */
  more: number;
}

/** An audit that goes through a ledger from its first row to its last, page by page. */
export interface LedgerAudit {
  /**
   * The next rows in order, and the heads of places up to the last of them.
   */
  rows(page: readonly AuditedRow[], heads: readonly AuditedHead[]): void;
  /** After the last page: what is noted as the end, the heads of places beyond it, and all stored lists. */
  end(rest: {
    noted: { sequence: number; hash: string } | undefined;
    heads: readonly AuditedHead[];
    lists: readonly AuditedList[];
  }): AuditReport;
}

/** Findings that are listed; a ledger that was replaced as a whole would have one for every row. */
const MOST_FINDINGS = 500;

/**
 * Audits a ledger: every hash anew, the columns against the entries, each negative list that is named, the noted end,
 * and every signed head against the chain. The memory that it needs does not grow with the ledger, but with the number
 * of lists.
 */
export function auditLedger(ring: KeyRing): LedgerAudit {
  const findings: LedgerFinding[] = [];
  let more = 0;
  const find = (...args: Parameters<typeof ledgerFinding>): void => {
    if (findings.length < MOST_FINDINGS) findings.push(ledgerFinding(...args));
    else more += 1;
  };
  const lists = new Map<string, RecordedList>();
  const heads = startHeads(ring);
  let end = { sequence: 0, hash: CHAIN_START };
  // What the next row may be chained to: the hash that the last row has, and the one that it should have.
  let previous: readonly string[] | undefined = [CHAIN_START];
  let rows = 0;

  const auditRow = (row: AuditedRow): void => {
    const expected = end.sequence + 1;
    if (row.sequence !== expected) {
      find('row-missing', 'ledger', { from: expected, sequence: row.sequence - 1 });
      previous = undefined;
    }
    const own = rowHash(row.entry);
    const possible = previous?.map((hash) => chainHash(hash, own));
    if (possible && !possible.includes(row.hash)) find('row-altered', 'ledger', { sequence: row.sequence });
    const recomputed = possible?.at(-1);
    previous = recomputed === undefined || recomputed === row.hash ? [row.hash] : [row.hash, recomputed];
    end = { sequence: row.sequence, hash: row.hash };
    rows += 1;
    auditEntry(row, own);
  };

  const auditEntry = (row: AuditedRow, own: string): void => {
    const record = readRecord(row.entry);
    if (record === undefined) return find('entry-malformed', 'ledger', { sequence: row.sequence });
    for (const column of alteredColumns(row, record)) {
      find('column-altered', 'ledger', { sequence: row.sequence, detail: column });
    }
    if (record.type === 'list') lists.set(own, { record, sequence: row.sequence });
    else if (record.type === 'disclosure') {
      const fault: LedgerFault | undefined = judgeListOf(record, lists);
      if (fault) find(fault, 'ledger', { sequence: row.sequence, list: record.listVersion });
    }
  };

  return {
    rows: (page, found) => {
      const before = end.sequence;
      for (const row of page) auditRow(row);
      const hashes = new Map(page.map(({ sequence, hash }) => [sequence, hash]));
      auditHeads(heads, found, { hashAt: (place) => hashes.get(place), after: before, end: end.sequence }, find);
    },
    end: ({ noted, heads: beyond, lists: stored }) => {
      auditHeads(heads, beyond, { hashAt: () => undefined, after: end.sequence, end: end.sequence }, find);
      const { sequence, hash } = noted ?? { sequence: 0, hash: CHAIN_START };
      if (sequence !== end.sequence || hash !== end.hash) find('end-altered', 'ledger_head', { sequence });
      auditStoredLists(stored, [...lists.values()], ring, find);
      const counts = Object.fromEntries(heads.counts);
      return { rows, end, confirmed: heads.confirmed, heads: counts, findings, more };
    },
  };
}

function readRecord(entry: string): LedgerRecord | undefined {
  const checked = validateLedgerRecord(parseJson(entry));
  return checked.ok ? checked.value : undefined;
}

function alteredColumns(row: AuditedRow, record: LedgerRecord): string[] {
  const [resultId, version, at] =
    record.type === 'disclosure'
      ? [record.resultId, record.version, record.decidedAt]
      : [null, null, record.receivedAt];
  return [
    ...(row.resultId === resultId ? [] : ['result_id']),
    ...(row.version === version ? [] : ['version']),
    ...(row.decidedAt === `${at.slice(0, -1)}000Z` ? [] : ['decided_at']),
  ];
}
