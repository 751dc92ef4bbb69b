import {
  type ExportedRow,
  type ExportEnd,
  type ExportHeader,
  type ExportLine,
  type LedgerSelection,
  type SignedHead,
  type SkippedRows,
  validateExportLine,
} from '@clearance/contracts';
import { exportFinding, type ExportFault, type ExportFinding } from './export-findings.ts';
import { parseJson } from './json.ts';
import type { KeyRing } from './keys.ts';
import { CHAIN_START, chainHash } from './ledger.ts';
import { verifyHead } from './ledger-head.ts';
import { recordHash } from './ledger-record.ts';
import { isRange, selects } from './select-record.ts';

/**
 * What an export that holds proves beyond that its rows stand in the ledger that was signed, in these places:
 * `range`: no row of the range is missing; `selection`: of the rows of the range, no other one was asked for; `places`:
 * nothing more, since rows that are left out stand as hashes only.
 */
export type ExportProof = 'range' | 'selection' | 'places';

/** What an export's verification came to. */
export interface ExportVerification {
  ok: boolean;
  findings: ExportFinding[];
  /** Findings beyond those that are listed. */
  more: number;
  /** What is proved if nothing was found. */
  proves?: ExportProof;
  selection?: LedgerSelection;
  /** The range of the ledger that was selected from. */
  range?: { first: number; last: number };
  /** Rows that were asked for, that are shown beside them, and that stand as hashes. */
  rows: number;
  others: number;
  skipped: number;
  /** Rows of the range that had not been signed yet, and are no part of this. */
  unsigned: number;
  head?: SignedHead;
  /** Heads of witnesses that agree. */
  witnessed: number;
}

/** A verification that goes through an export line by line: the memory that it needs does not grow with the export. */
export interface ExportReader {
  /**
   * Reads the next line.
   *
   * @returns the last row of the ledger that it is about, so that witnesses can be asked for heads up to there
   */
  line(text: string): number | undefined;
  /** Compares a head that somebody keeps with the rows that were just read; false when it is of none of them. */
  witness(head: SignedHead, where: string): boolean;
  /** After the last line. */
  end(): ExportVerification;
}

/** Findings that are listed; a file that is none of an export would have one for every line. */
const MOST_FINDINGS = 100;

/**
 * Verifies an export of the ledger: that each row is the one that the chain was made with, that the chain leads to a head
 * that the gateway signed, and that the rows are those that were asked for.
 *
 * @param ring whom to trust; never from the export
 */
export function verifyExport(ring: KeyRing): ExportReader {
  const findings: ExportFinding[] = [];
  const counts = { row: 0, other: 0, skipped: 0 };
  let more = 0;
  let number = 0;
  let witnessed = 0;
  let header: ExportHeader | undefined;
  let trailer: ExportEnd | undefined;
  /** The last row read, and its place in the chain as it was worked out from `header.previous`. */
  let sequence = 0;
  let chain = CHAIN_START;
  /** Places in the chain of the rows of the line that was just read, the last of them `sequence`. */
  let read: string[] = [];

  const find = (code: ExportFault, about: Pick<ExportFinding, 'sequence' | 'detail'> = {}): void => {
    if (findings.length < MOST_FINDINGS) findings.push(exportFinding(code, number, about));
    else more += 1;
  };
  const add = (hash: string): void => {
    chain = chainHash(chain, hash);
    sequence += 1;
    read.push(chain);
  };

  const readHeader = (line: ExportHeader): void => {
    header = line;
    sequence = line.first - 1;
    chain = line.previous;
    if ((line.first === 1 && chain !== CHAIN_START) || line.last < sequence) find('out-of-place');
  };

  const readRow = (line: ExportedRow, { selection, complete, last }: ExportHeader): void => {
    if (line.sequence !== sequence + 1 || line.sequence > last || (line.type === 'other' && !complete)) {
      find('out-of-place', { sequence: line.sequence });
      sequence = line.sequence - 1;
    }
    add(recordHash(line.entry));
    if (chain !== line.hash) {
      find('row-altered', { sequence });
      // What the file says is taken up, so that one fault is found once; whether it leads to the head decides.
      chain = line.hash;
    }
    counts[line.type] += 1;
    const asked = selects(selection, sequence, line.entry);
    if (asked !== (line.type === 'row')) find(asked ? 'selected-as-other' : 'not-selected', { sequence });
  };

  const readSkipped = (line: SkippedRows, { selection, complete, last }: ExportHeader): void => {
    const bytes = Buffer.from(line.hashes, 'base64');
    const inRange = line.sequence <= last;
    // Within the range of a complete export, or of one of all rows, nothing may be left out.
    if (line.sequence !== sequence + 1 || (inRange && (complete || isRange(selection)))) {
      find('out-of-place', { sequence: line.sequence });
      sequence = line.sequence - 1;
    }
    if (bytes.length !== line.count * HASH_BYTES || bytes.toString('base64') !== line.hashes) {
      find('malformed', { sequence: line.sequence });
    }
    for (let at = 0; at + HASH_BYTES <= bytes.length; at += HASH_BYTES) {
      add(bytes.toString('hex', at, at + HASH_BYTES));
      if (sequence <= last) counts.skipped += 1;
    }
  };

  const readEnd = (line: ExportEnd, { last }: ExportHeader): void => {
    trailer = line;
    const { head, rows } = line;
    if (rows !== counts.row) find('count-differs', { detail: `${counts.row} / ${rows}` });
    if (sequence < last || head.sequence !== sequence || head.hash !== chain) {
      find('head-mismatch', { sequence: head.sequence });
    }
    const verification = verifyHead(head, ring);
    if (!verification.ok) find('head-invalid', { sequence: head.sequence, detail: verification.code });
  };

  const readLine = (line: ExportLine): void => {
    if ((line.type === 'export') !== (header === undefined) || trailer !== undefined) return find('out-of-place');
    if (line.type === 'export') return readHeader(line);
    const about = header as ExportHeader;
    switch (line.type) {
      case 'row':
      case 'other':
        return readRow(line, about);
      case 'skipped':
        return readSkipped(line, about);
      case 'head':
        return readEnd(line, about);
      default:
        return line satisfies never;
    }
  };

  return {
    line: (text) => {
      number += 1;
      read = [];
      const input = parseJson(text);
      const checked = validateExportLine(input);
      if (input === undefined) find('not-json');
      else if (checked.ok) readLine(checked.value);
      else
        find('malformed', { detail: checked.violations.map(({ pointer, code }) => `${pointer} ${code}`).join(', ') });
      return header && sequence;
    },
    witness: (head, where) => {
      const place = read[read.length - 1 - (sequence - head.sequence)];
      if (place === undefined) return false;
      const verification = verifyHead(head, ring);
      if (!verification.ok || head.hash !== place) {
        find(verification.ok ? 'head-contradicted' : 'head-invalid', { sequence: head.sequence, detail: where });
      } else witnessed += 1;
      return true;
    },
    end: () => {
      if (trailer === undefined) find('truncated');
      const ok = findings.length === 0;
      return {
        ok,
        findings,
        more,
        ...(ok && header ? { proves: proofOf(header) } : {}),
        ...(header ? { selection: header.selection, range: { first: header.first, last: header.last } } : {}),
        rows: counts.row,
        others: counts.other,
        skipped: counts.skipped,
        unsigned: trailer?.unsigned ?? 0,
        ...(trailer ? { head: trailer.head } : {}),
        witnessed,
      };
    },
  };
}

const HASH_BYTES = 32;

function proofOf({ selection, complete }: ExportHeader): ExportProof {
  if (isRange(selection)) return 'range';
  return complete ? 'selection' : 'places';
}
