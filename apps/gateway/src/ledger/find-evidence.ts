import {
  type DisclosureRecord,
  type GatewayEvidence,
  type GrantEndRecord,
  type GrantEvidence,
  type GrantRecord,
  type LedgerRecord,
  type ListRecord,
  MAX_FOLLOWING,
  type Outcome,
  problem,
  type SignedHead,
  type UnitId,
  validateSignedDecision,
  validateSignedRevocation,
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

/** A row of the ledger, read. */
interface Row<R extends LedgerRecord> {
  sequence: number;
  entry: R;
}

/** A row with the hashes that lead from it to a signed head. */
interface ProvenRow<R extends LedgerRecord> extends Row<R> {
  previous: string;
  following: string[];
  head: SignedHead;
}

/**
 * Reads from the ledger what shows that a unit was given a view: the entry, the hashes that lead from it to a signed
 * head, the negative list that was decided by, as it was signed, and likewise the grants under which something was shown.
 */
export async function findEvidence(
  database: DataSource,
  question: EvidenceQuestion,
): Promise<Outcome<GatewayEvidence>> {
  return database.transaction('REPEATABLE READ', async (transaction): Promise<Outcome<GatewayEvidence>> => {
    const row = await findEntry(transaction, question);
    if (row === undefined) return { ok: false, problem: problem('unknown') };
    const ledger = await prove(transaction, row);
    if (!ledger.ok) return ledger;
    const list = await findList(transaction, row.entry);
    if (list === undefined) return { ok: false, problem: problem('conflict', { detail: NO_LIST }) };
    if (row.entry.grants === undefined) return { ok: true, value: { ledger: ledger.value, list } };
    const grants: GrantEvidence[] = [];
    let hashes = ledger.value.following.length;
    for (const requestId of row.entry.grants) {
      const grant = await findGrant(transaction, requestId, row.sequence);
      if (!grant.ok) return grant;
      hashes += grant.value.ledger.following.length + (grant.value.end?.ledger.following.length ?? 0);
      if (hashes > MAX_FOLLOWING) return { ok: false, problem: problem('too-large') };
      grants.push(grant.value);
    }
    return { ok: true, value: { ledger: ledger.value, list, grants } };
  });
}

/** Reads what leads from a row to the first head that was signed at or after it. */
async function prove<R extends LedgerRecord>(transaction: EntityManager, row: Row<R>): Promise<Outcome<ProvenRow<R>>> {
  const [signed]: { statement: string }[] = await transaction.query(
    'select statement from signed_head where sequence >= $1 order by sequence limit 1',
    [row.sequence],
  );
  if (signed === undefined) return { ok: false, problem: problem('not-ready', { detail: NOT_SIGNED }) };
  const head = JSON.parse(signed.statement) as SignedHead;
  if (head.sequence - row.sequence > MAX_FOLLOWING) return { ok: false, problem: problem('too-large') };
  const [before]: { hash: string }[] = await transaction.query('select hash from ledger where sequence = $1', [
    row.sequence - 1,
  ]);
  const rows: { row_hash: string }[] = await transaction.query(
    `select encode(sha256(convert_to(entry, 'UTF8')), 'hex') as row_hash from ledger
     where sequence > $1 and sequence <= $2 order by sequence`,
    [row.sequence, head.sequence],
  );
  const following = rows.map(({ row_hash }) => row_hash);
  return { ok: true, value: { ...row, previous: before?.hash ?? CHAIN_START, following, head } };
}

/** Reads a grant's rows and what its owner has signed of it. */
async function findGrant(
  transaction: EntityManager,
  requestId: string,
  before: number,
): Promise<Outcome<GrantEvidence>> {
  const row = await findAct<GrantRecord>(transaction, 'grant', requestId);
  const [stored]: { decision: string | null; revocation: string | null }[] = await transaction.query(
    'select decision, revocation from access_request where request_id = $1',
    [requestId],
  );
  const decision = validateSignedDecision(readJson(stored?.decision));
  if (row === undefined || row.sequence > before || !decision.ok) {
    return { ok: false, problem: problem('conflict', { detail: NO_GRANT }) };
  }
  const ledger = await prove(transaction, row);
  if (!ledger.ok) return ledger;
  const grant = { ledger: ledger.value, decision: decision.value };
  const ended = await findAct<GrantEndRecord>(transaction, 'grant-end', requestId);
  if (ended === undefined) return { ok: true, value: grant };
  const end = await prove(transaction, ended);
  if (!end.ok) return end;
  if (ended.entry.reason === 'key-revoked') return { ok: true, value: { ...grant, end: { ledger: end.value } } };
  const revocation = validateSignedRevocation(readJson(stored?.revocation));
  if (!revocation.ok) return { ok: false, problem: problem('conflict', { detail: NO_GRANT }) };
  return { ok: true, value: { ...grant, end: { ledger: end.value, revocation: revocation.value } } };
}

/** What a column holds; undefined if that is no JSON. */
function readJson(text: string | null | undefined): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The first row by which a grant began or ended. */
async function findAct<R extends LedgerRecord>(
  transaction: EntityManager,
  type: R['type'],
  requestId: string,
): Promise<Row<R> | undefined> {
  const [row]: { sequence: string; entry: string }[] = await transaction.query(
    `select sequence, entry from ledger
     where result_id is null and strpos(entry, $1) > 0 and strpos(entry, $2) > 0 order by sequence limit 1`,
    [`"type":${JSON.stringify(type)}`, `"requestId":${JSON.stringify(requestId)}`],
  );
  return row && { sequence: Number(row.sequence), entry: JSON.parse(row.entry) as R };
}

async function findEntry(
  transaction: EntityManager,
  { resultId, consumer, version, tokenDigest }: EvidenceQuestion,
): Promise<Row<DisclosureRecord> | undefined> {
  const rows: { sequence: string; entry: string }[] = await transaction.query(
    'select sequence, entry from ledger where result_id = $1 order by version desc, sequence desc',
    [resultId],
  );
  return rows
    .map((row) => ({ sequence: Number(row.sequence), entry: JSON.parse(row.entry) as DisclosureRecord }))
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
const NO_GRANT = {
  zh: '台账所引用的授权或其签名声明已不在库中；请运行 mesh verify ledger',
  en: 'A grant that the ledger names, or what its owner said of it, is not stored any more; run `mesh verify ledger`',
};
