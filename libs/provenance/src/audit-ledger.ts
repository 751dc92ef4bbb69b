import type { LedgerRecord } from '@clearance/contracts';
import { validateLedgerRecord } from '@clearance/contracts';
import {
  type AuditedGrant,
  auditGrant,
  auditGrantEnd,
  auditGrantsOf,
  endGrants,
  forgetGrants,
  startGrants,
} from './audit-grants.ts';
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
   * The next rows in order, the heads of places up to the last of them, and what is stored of the grants that these rows
   * begin or end ({@link grantsIn}).
   */
  rows(page: readonly AuditedRow[], heads: readonly AuditedHead[], grants: readonly AuditedGrant[]): void;
  /**
   * After the last page: what is noted as the end, the heads of places beyond it, all stored lists, and the stored grants whose
   * time was not over at the last row.
   */
  end(rest: {
    noted: { sequence: number; hash: string } | undefined;
    heads: readonly AuditedHead[];
    lists: readonly AuditedList[];
    grants: readonly AuditedGrant[];
  }): AuditReport;
}

/** Findings that are listed; a ledger that was replaced as a whole would have one for every row. */
const MOST_FINDINGS = 500;

/**
 * Audits a ledger: every hash anew, the columns against the entries, each negative list and each grant that is named, the
 * noted end, and every signed head against the chain. The memory that it needs does not grow with the ledger, but with the
 * number of lists, and of grants whose time is not over.
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
  const grants = startGrants(ring);
  let end = { sequence: 0, hash: CHAIN_START };
  // What the next row may be chained to: the hash that the last row has, and the one that it should have.
  let previous: readonly string[] | undefined = [CHAIN_START];
  let rows = 0;

  const auditRow = (row: AuditedRow, stored: ReadonlyMap<string, AuditedGrant>): void => {
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
    auditEntry(row, own, stored);
  };

  const auditEntry = (row: AuditedRow, own: string, stored: ReadonlyMap<string, AuditedGrant>): void => {
    const record = readRecord(row.entry);
    if (record === undefined) return find('entry-malformed', 'ledger', { sequence: row.sequence });
    for (const column of alteredColumns(row, record)) {
      find('column-altered', 'ledger', { sequence: row.sequence, detail: column });
    }
    const { sequence } = row;
    grants.latest = Math.max(grants.latest, Date.parse(timeOf(record)));
    switch (record.type) {
      case 'list':
        lists.set(own, { record, sequence });
        return;
      case 'grant':
        return auditGrant(grants, record, sequence, stored.get(record.requestId), find);
      case 'grant-end':
        return auditGrantEnd(grants, record, sequence, stored.get(record.requestId), find);
      case 'disclosure': {
        const fault: LedgerFault | undefined = judgeListOf(record, lists);
        if (fault) find(fault, 'ledger', { sequence, list: record.listVersion });
        return auditGrantsOf(grants, record, sequence, find);
      }
      default:
        return record satisfies never;
    }
  };

  return {
    rows: (page, found, said) => {
      const before = end.sequence;
      const stored = new Map(said.map((grant) => [grant.requestId, grant]));
      for (const row of page) auditRow(row, stored);
      forgetGrants(grants, find);
      const hashes = new Map(page.map(({ sequence, hash }) => [sequence, hash]));
      auditHeads(heads, found, { hashAt: (place) => hashes.get(place), after: before, end: end.sequence }, find);
    },
    end: ({ noted, heads: beyond, lists: stored, grants: said }) => {
      auditHeads(heads, beyond, { hashAt: () => undefined, after: end.sequence, end: end.sequence }, find);
      const { sequence, hash } = noted ?? { sequence: 0, hash: CHAIN_START };
      if (sequence !== end.sequence || hash !== end.hash) find('end-altered', 'ledger_head', { sequence });
      auditStoredLists(stored, [...lists.values()], ring, find);
      endGrants(grants, said, find);
      const counts = Object.fromEntries(heads.counts);
      return { rows, end, confirmed: heads.confirmed, heads: counts, findings, more };
    },
  };
}

/** The grants that rows of a page begin or end: what is stored of them is audited with the page. */
export function grantsIn(page: readonly AuditedRow[]): string[] {
  const ids = page.flatMap(({ entry }) => {
    // Canonical JSON: only what is a grant's row has this text, but for what somebody has altered.
    const record = entry.includes('"type":"grant') ? readRecord(entry) : undefined;
    return record?.type === 'grant' || record?.type === 'grant-end' ? [record.requestId] : [];
  });
  return [...new Set(ids)];
}

function timeOf(record: LedgerRecord): string {
  return record.type === 'disclosure' ? record.decidedAt : record.receivedAt;
}

function readRecord(entry: string): LedgerRecord | undefined {
  const checked = validateLedgerRecord(parseJson(entry));
  return checked.ok ? checked.value : undefined;
}

function alteredColumns(row: AuditedRow, record: LedgerRecord): string[] {
  const [resultId, version] = record.type === 'disclosure' ? [record.resultId, record.version] : [null, null];
  return [
    ...(row.resultId === resultId ? [] : ['result_id']),
    ...(row.version === version ? [] : ['version']),
    ...(row.decidedAt === `${timeOf(record).slice(0, -1)}000Z` ? [] : ['decided_at']),
  ];
}
