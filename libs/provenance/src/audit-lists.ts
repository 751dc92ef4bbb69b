import type { DisclosureRecord, ListRecord } from '@clearance/contracts';
import { verifyDetached } from './detached-signature.ts';
import type { KeyRing } from './keys.ts';
import type { LedgerFault, ledgerFinding } from './ledger-findings.ts';
import { textDigest } from './ledger-record.ts';

/** The owner of the keys that sign negative lists. */
export const POLICY_OWNER = 'policy';

/** A negative list as the gateway's table has it. Times in UTC, in microseconds. */
export interface AuditedList {
  version: string;
  document: string;
  signature: string;
  effectiveFrom: string;
  receivedAt: string;
  authors: readonly string[];
  approvedBy: string;
}

/** A list's row of the ledger, and where it stands. */
export interface RecordedList {
  record: ListRecord;
  sequence: number;
}

/** A gateway reads lists anew every few seconds; so long after a list has begun, none decides by the one before. */
const READ_BY_ALL_MS = 60_000;

/** Whether an entry was decided by the list that was in force, of those that the ledger had before it. */
export function judgeListOf(
  { listRecord, listVersion, decidedAt }: DisclosureRecord,
  lists: ReadonlyMap<string, RecordedList>,
): LedgerFault | undefined {
  const used = lists.get(listRecord)?.record;
  if (used === undefined || used.version !== listVersion) return 'list-unknown';
  const at = Date.parse(decidedAt);
  const begins = Date.parse(used.effectiveFrom);
  if (begins > at) return 'list-not-in-force';
  const superseded = [...lists.values()].some(({ record }) => {
    const successor = Date.parse(record.effectiveFrom);
    return successor > begins && Math.max(successor, Date.parse(record.receivedAt)) + READ_BY_ALL_MS < at;
  });
  return superseded ? 'list-not-in-force' : undefined;
}

/** Audits the stored lists against the ledger's rows about them, and the policy key's signatures. */
export function auditStoredLists(
  stored: readonly AuditedList[],
  recorded: readonly RecordedList[],
  ring: KeyRing,
  find: (...args: Parameters<typeof ledgerFinding>) => void,
): void {
  const byVersion = new Map(stored.map((list) => [list.version, list]));
  for (const { record, sequence } of recorded) {
    const list = byVersion.get(record.version);
    if (list === undefined) find('list-missing', 'negative_list', { sequence, list: record.version });
    else {
      for (const detail of differences(list, record)) {
        find('list-altered', 'negative_list', { sequence, list: record.version, detail });
      }
    }
    byVersion.delete(record.version);
  }
  for (const version of byVersion.keys()) find('list-unrecorded', 'negative_list', { list: version });
  for (const { version, document, signature, receivedAt } of stored) {
    const expected = { owner: POLICY_OWNER, at: Date.parse(receivedAt) };
    const verification = verifyDetached(Buffer.from(document), signature, ring, expected);
    if (!verification.ok) {
      find('list-signature-invalid', 'negative_list', { list: version, detail: verification.code });
    }
  }
}

function differences(list: AuditedList, record: ListRecord): string[] {
  const inMicroseconds = (instant: string): string => `${instant.slice(0, -1)}000Z`;
  return [
    ...(textDigest(list.document) === record.documentDigest ? [] : ['document']),
    ...(list.signature === record.signature ? [] : ['signature']),
    ...(list.effectiveFrom === inMicroseconds(record.effectiveFrom) ? [] : ['effective_from']),
    ...(list.receivedAt === inMicroseconds(record.receivedAt) ? [] : ['received_at']),
    ...([...list.authors].sort().join('\n') === record.authors.join('\n') ? [] : ['authors']),
    ...(list.approvedBy === record.approvedBy ? [] : ['approved_by']),
  ];
}
