import { hash } from 'node:crypto';
import { canonicalJson } from './content-digest.ts';

/**
 * What a row of the ledger records: who was shown what, under which entry of which list. Plain data that JSON can carry;
 * its owner types it (an interface is no `JsonObject`, having no index signature).
 */
export type LedgerRow = object;

/** A row with the hash that chains it to the row before. */
export interface ChainedRow {
  row: LedgerRow;
  hash: string;
}

/** What the first row of a ledger is chained to. */
export const CHAIN_START = '0'.repeat(64);

/** A chain that holds, with the hash of its last row; or the place of the first row that does not fit. */
export type ChainVerification = { ok: true; head: string } | { ok: false; firstBroken: number };

/**
 * The hash of a row by itself: hexadecimal SHA-256 over its text, which is its canonical JSON (RFC 8785) and nothing
 * else. A chain is proved with these alone, so that a proof about one row shows nothing of its neighbours.
 */
export function rowHash(text: string): string {
  return hash('sha256', text, 'hex');
}

/**
 * The hash of a row that follows another: hexadecimal SHA-256 over `{"previous":"<hash of the row before>","row":"<hash
 * of the row by itself>"}`. Who changes, removes or swaps a row must change every hash after it.
 *
 * @param previous chain hash of the row before, {@link CHAIN_START} for the first
 * @param row as {@link rowHash} gives it
 */
export function chainHash(previous: string, row: string): string {
  return hash('sha256', `{"previous":"${previous}","row":"${row}"}`, 'hex');
}

/** The chain hash at the end of rows that follow one another. */
export function chainOf(previous: string, rows: readonly string[]): string {
  return rows.reduce(chainHash, previous);
}

/**
 * Recomputes a chain. A ledger is checked piece by piece with `previous` as the head of the piece before. Rows cut off
 * at the end leave a chain that holds: compare its head with one that was signed and kept elsewhere.
 */
export function verifyChain(rows: readonly ChainedRow[], previous: string = CHAIN_START): ChainVerification {
  let head = previous;
  for (const [index, { row, hash: claimed }] of rows.entries()) {
    head = chainHash(head, rowHash(canonicalJson(row)));
    if (head !== claimed) return { ok: false, firstBroken: index };
  }
  return { ok: true, head };
}
