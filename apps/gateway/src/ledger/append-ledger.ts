import { type EntityManager, insertRows } from '@clearance/platform';
import { CHAIN_START, canonicalJson, chainHash } from '@clearance/provenance';
import type { View } from '../enforce/view.ts';

/** What the ledger says of one view: who was shown what of which result, and what was withheld under which entry. */
export interface LedgerEntry {
  resultId: string;
  version: number;
  status: string;
  issuer: string;
  kind: string;
  listVersion: string;
  consumers: string[];
  withheld: { path: string; entry: string; legalBasis: string; access: string }[];
  tokenDigest: string;
  /** RFC 3339. */
  decidedAt: string;
}

/** The ledger's words for a view. */
export function entryOf(view: View, decidedAt: string): LedgerEntry {
  const { resultId, version, status, issuer } = view.claims;
  const { kind, listVersion, consumers, withheld, tokenDigest } = view;
  return {
    resultId,
    version,
    status,
    issuer,
    kind,
    listVersion,
    consumers: [...consumers].sort(),
    withheld,
    tokenDigest,
    decidedAt,
  };
}

/**
 * Adds entries to the end of the chain, in one transaction that the caller commits before any copy leaves (audit before
 * disclosure). Gateways queue here for the head of the chain, so it comes last in their transactions.
 */
export async function appendLedger(transaction: EntityManager, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await transaction.query(`insert into ledger_head (sequence, hash) values (0, $1) on conflict (only_row) do nothing`, [
    CHAIN_START,
  ]);
  const [head]: [{ sequence: string; hash: string }] = await transaction.query(
    'select sequence, hash from ledger_head for update',
  );
  let sequence = Number(head.sequence);
  let hash = head.hash;
  const rows = entries.map((entry) => {
    const row = entry;
    sequence += 1;
    hash = chainHash(hash, row);
    return [sequence, entry.resultId, entry.version, entry.decidedAt, canonicalJson(row), hash];
  });
  await insertRows(transaction, 'ledger (sequence, result_id, version, decided_at, entry, hash)', rows);
  await transaction.query('update ledger_head set sequence = $1, hash = $2', [sequence, hash]);
}
