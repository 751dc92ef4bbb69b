import {
  type DisclosureRecord,
  type GatewayEvidence,
  type ListRecord,
  MAX_FOLLOWING,
  type Outcome,
  problem,
  type SignedHead,
  type UnitId,
} from '@clearance/contracts';
import type { DataSource, EntityManager } from '@clearance/platform';
import { CHAIN_START } from '@clearance/provenance';

/** Which disclosure is asked about. */
export interface EvidenceQuestion {
  resultId: string;
  consumer: UnitId;
  /** The newest version that the consumer was given, when absent. */
  version?: number;
  /** The view that the consumer holds, when a version was decided more than once. */
  tokenDigest?: string;
}

interface Row {
  sequence: number;
  entry: DisclosureRecord;
}

/**
 * Reads from the ledger what shows that a unit was given a view: the entry, the hashes that lead from it to a signed
 * head, and the negative list that was decided by, as it was signed.
 */
export async function findEvidence(
  database: DataSource,
  question: EvidenceQuestion,
): Promise<Outcome<GatewayEvidence>> {
  return database.transaction('REPEATABLE READ', async (transaction): Promise<Outcome<GatewayEvidence>> => {
    const row = await findEntry(transaction, question);
    if (row === undefined) return { ok: false, problem: problem('unknown') };
    const [signed]: { statement: string }[] = await transaction.query(
      'select statement from signed_head where sequence >= $1 order by sequence limit 1',
      [row.sequence],
    );
    if (signed === undefined) return { ok: false, problem: problem('not-ready', { detail: NOT_SIGNED }) };
    const head = JSON.parse(signed.statement) as SignedHead;
    if (head.sequence - row.sequence > MAX_FOLLOWING) return { ok: false, problem: problem('too-large') };
    const list = await findList(transaction, row.entry);
    if (list === undefined) return { ok: false, problem: problem('conflict', { detail: NO_LIST }) };
    const [before]: { hash: string }[] = await transaction.query('select hash from ledger where sequence = $1', [
      row.sequence - 1,
    ]);
    const rows: { row_hash: string }[] = await transaction.query(
      `select encode(sha256(convert_to(entry, 'UTF8')), 'hex') as row_hash from ledger
       where sequence > $1 and sequence <= $2 order by sequence`,
      [row.sequence, head.sequence],
    );
    const following = rows.map(({ row_hash }) => row_hash);
    const ledger = { ...row, previous: before?.hash ?? CHAIN_START, following, head };
    return { ok: true, value: { ledger, list } };
  });
}

async function findEntry(
  transaction: EntityManager,
  { resultId, consumer, version, tokenDigest }: EvidenceQuestion,
): Promise<Row | undefined> {
  const rows: { sequence: string; entry: string }[] = await transaction.query(
    'select sequence, entry from ledger where result_id = $1 order by version desc, sequence desc',
    [resultId],
  );
  return rows
    .map((row): Row => ({ sequence: Number(row.sequence), entry: JSON.parse(row.entry) as DisclosureRecord }))
    .find(
      ({ entry }) =>
        entry.consumers.includes(consumer) &&
        entry.version === (version ?? entry.version) &&
        entry.tokenDigest === (tokenDigest ?? entry.tokenDigest),
    );
}

async function findList(
  transaction: EntityManager,
  { listRecord, listVersion }: DisclosureRecord,
): Promise<GatewayEvidence['list'] | undefined> {
  const [record]: { entry: string }[] = await transaction.query(
    `select entry from ledger where result_id is null and strpos(entry, '"type":"list"') > 0 and encode(sha256(convert_to(entry, 'UTF8')), 'hex') = $1`,
    [listRecord],
  );
  const [list]: { document: string }[] = await transaction.query(
    'select document from negative_list where version = $1',
    [listVersion],
  );
  if (record === undefined || list === undefined) return undefined;
  return { record: JSON.parse(record.entry) as ListRecord, document: list.document };
}

const NOT_SIGNED = {
  zh: '该条目之后的台账头尚未签署，请稍后重试',
  en: 'No head of the ledger has been signed since this entry; try again in some seconds',
};
const NO_LIST = {
  zh: '台账所引用的负面清单已不在库中；请运行 mesh verify ledger',
  en: 'The negative list that the ledger names is not stored any more; run `mesh verify ledger`',
};
