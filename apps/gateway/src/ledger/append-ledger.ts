import type { DisclosureRecord, LedgerRecord } from '@clearance/contracts';
import { type EntityManager, insertRows } from '@clearance/platform';
import { CHAIN_START, canonicalJson, chainHash, rowHash } from '@clearance/provenance';
import type { View } from '../enforce/view.ts';

/** The ledger's words for a view. */
export function entryOf(view: View, decidedAt: string): DisclosureRecord {
  const { resultId, version, status, issuer } = view.claims;
  const { kind, listVersion, listRecord, consumers, withheld, keeps, grants, tokenDigest } = view;
  return {
    type: 'disclosure',
    resultId,
    version,
    status,
    issuer,
    kind,
    listVersion,
    listRecord,
    consumers: [...consumers].sort(),
    withheld,
    ...(keeps === undefined ? {} : { keeps }),
    ...(grants === undefined ? {} : { grants }),
    tokenDigest,
    decidedAt,
  };
}

/**
 * Adds records to the end of the chain, in one transaction that the caller commits before any copy leaves (audit before
 * disclosure). Gateways queue here for the head of the chain, so it comes last in their transactions.
 */
export async function appendLedger(transaction: EntityManager, records: readonly LedgerRecord[]): Promise<void> {
  if (records.length === 0) return;
  await transaction.query(`insert into ledger_head (sequence, hash) values (0, $1) on conflict (only_row) do nothing`, [
    CHAIN_START,
  ]);
  const [head]: [{ sequence: string; hash: string }] = await transaction.query(
    'select sequence, hash from ledger_head for update',
  );
  let sequence = Number(head.sequence);
  let hash = head.hash;
  const rows = records.map((record) => {
    const text = canonicalJson(record);
    sequence += 1;
    hash = chainHash(hash, rowHash(text));
    return [sequence, ...columnsOf(record), text, hash];
  });
  await insertRows(transaction, 'ledger (sequence, result_id, version, decided_at, entry, hash)', rows);
  await transaction.query('update ledger_head set sequence = $1, hash = $2', [sequence, hash]);
}

function columnsOf(record: LedgerRecord): [string | null, number | null, string] {
  return record.type === 'disclosure'
    ? [record.resultId, record.version, record.decidedAt]
    : [null, null, record.receivedAt];
}
