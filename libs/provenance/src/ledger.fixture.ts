import { generateKeyPairSync } from 'node:crypto';
import type {
  DecisionStatement,
  DisclosureRecord,
  Grant,
  GrantEndRecord,
  GrantRecord,
  LedgerRecord,
  ListRecord,
  RevocationStatement,
  SignedHead,
} from '@clearance/contracts';
import { signStatement, statementDigest } from './access-statement.ts';
import type { AuditedGrant } from './audit-grants.ts';
import type { AuditedHead } from './audit-heads.ts';
import type { AuditedRow } from './audit-ledger.ts';
import type { AuditedList } from './audit-lists.ts';
import { canonicalJson } from './content-digest.ts';
import { signDetached } from './detached-signature.ts';
import type { KeyRing, SigningKey } from './keys.ts';
import { CHAIN_START, chainHash, rowHash } from './ledger.ts';
import { signHead } from './ledger-head.ts';
import { listRecordOf, recordHash } from './ledger-record.ts';

export const START = Date.parse('2026-11-21T08:00:00.000Z');
export const at = (second: number): string => new Date(START + second * 1_000).toISOString();
export const micros = (instant: string): string => `${instant.slice(0, -1)}000Z`;

const OWNERS = ['policy', 'gateway', 'ln.customs', 'hl.customs'] as const;
const newPair = () => generateKeyPairSync('ed25519');
const pairs = Object.fromEntries(OWNERS.map((owner) => [owner, newPair()])) as Record<
  (typeof OWNERS)[number],
  ReturnType<typeof newPair>
>;
export const POLICY: SigningKey = { kid: 'policy/1', suite: 'EdDSA', privateKey: pairs.policy.privateKey };
export const GATEWAY: SigningKey = { kid: 'gateway/1', suite: 'EdDSA', privateKey: pairs.gateway.privateKey };
/** The owner's, and the requester's. */
export const LIAONING: SigningKey = { kid: 'ln.customs/1', suite: 'EdDSA', privateKey: pairs['ln.customs'].privateKey };
export const HEILONGJIANG: SigningKey = {
  kid: 'hl.customs/1',
  suite: 'EdDSA',
  privateKey: pairs['hl.customs'].privateKey,
};
export const LEDGER_RING: KeyRing = new Map(
  OWNERS.map((owner) => [
    `${owner}/1`,
    { kid: `${owner}/1`, owner, suite: 'EdDSA', publicKey: pairs[owner].publicKey, notBefore: 0 },
  ]),
);

const APPROVAL = { authors: ['drafter'], approvedBy: 'approver' };

/** A list as it is stored, in force from a second on, with its record. */
export function listAt(version: string, second: number): { stored: AuditedList; record: ListRecord } {
  const document = `version: "${version}"\n`;
  const signature = signDetached(Buffer.from(document), POLICY);
  const begins = START + second * 1_000;
  const record = listRecordOf({ version, document, signature, effectiveFrom: begins, receivedAt: begins, ...APPROVAL });
  const instant = micros(at(second));
  return { stored: { version, document, signature, effectiveFrom: instant, receivedAt: instant, ...APPROVAL }, record };
}

/** What a unit was shown at a second, under a list. */
export function disclosureAt(
  second: number,
  list: ListRecord,
  changes: Partial<DisclosureRecord> = {},
): DisclosureRecord {
  return {
    type: 'disclosure',
    resultId: `019aa5a1-7c5b-7000-8000-${String(second).padStart(12, '0')}`,
    version: 1,
    status: 'issued',
    issuer: 'ln.customs',
    kind: 'customs.scan',
    listVersion: list.version,
    listRecord: recordHash(list),
    consumers: ['hl.customs', 'jl.customs'],
    withheld: [],
    tokenDigest: 'A'.repeat(43),
    decidedAt: at(second),
    ...changes,
  };
}

/** A grant with what its owner has signed of it. */
export interface FixtureGrant {
  record: GrantRecord;
  statement: DecisionStatement;
  stored: AuditedGrant;
}

/**
 * What Liaoning's customs grant to Heilongjiang's, received at a second: for fifteen minutes, of the result that
 * {@link disclosureAt} shows at second 20.
 *
 * @param changes of what is signed
 */
export function grantAt(
  number: number,
  second: number,
  changes: Partial<DecisionStatement> = {},
  key: SigningKey = LIAONING,
): FixtureGrant {
  const grant: Grant = {
    about: { issuer: 'ln.customs', resultId: '019aa5a1-7c5b-7000-8000-000000000020' },
    paths: ['/goods/*/value'],
    purpose: 'risk-assessment',
    until: at(second + 900),
  };
  const statement: DecisionStatement = {
    type: 'access-decision',
    requestId: grantId(number),
    request: 'R'.repeat(43),
    owner: 'ln.customs',
    requester: 'hl.customs',
    decision: 'granted',
    by: 'owner',
    grant,
    decidedAt: at(second - 1),
    ...changes,
  };
  const signed = signStatement(statement, key);
  const { requestId, owner, requester } = statement;
  return {
    record: {
      ...{ type: 'grant', requestId, owner, requester, grant: statement.grant ?? grant },
      ...{ decision: statementDigest(statement), signature: signed.signature, receivedAt: at(second) },
    },
    statement,
    stored: { requestId, decision: JSON.stringify(signed), revocation: null },
  };
}

/** The id of a request, and of what is granted by it. */
export function grantId(number: number): string {
  return `019aa5a1-7c5b-7000-8000-00000000a${String(number).padStart(3, '0')}`;
}

/** The same grant, taken back by its owner, with the row about that. */
export function revokedAt(
  { statement: granted, stored }: FixtureGrant,
  second: number,
  changes: Partial<RevocationStatement> = {},
  key: SigningKey = LIAONING,
): { record: GrantEndRecord; stored: AuditedGrant } {
  const statement: RevocationStatement = {
    type: 'access-revocation',
    requestId: granted.requestId,
    decision: statementDigest(granted),
    owner: 'ln.customs',
    requester: 'hl.customs',
    reason: '案件已结',
    revokedAt: at(second - 1),
    ...changes,
  };
  const signed = signStatement(statement, key);
  return {
    record: {
      ...{ type: 'grant-end', requestId: granted.requestId, reason: 'revoked' },
      ...{ revocation: statementDigest(statement), signature: signed.signature, receivedAt: at(second) },
    },
    stored: { ...stored, revocation: JSON.stringify(signed) },
  };
}

/** The rows of a ledger of these records, from its beginning or after others. */
export function rowsOf(records: readonly LedgerRecord[], after = { sequence: 0, hash: CHAIN_START }): AuditedRow[] {
  let { sequence, hash } = after;
  return records.map((record) => {
    const entry = canonicalJson(record);
    sequence += 1;
    hash = chainHash(hash, rowHash(entry));
    const [resultId, version, instant] =
      record.type === 'disclosure'
        ? [record.resultId, record.version, record.decidedAt]
        : [null, null, record.receivedAt];
    return { sequence, resultId, version, decidedAt: micros(instant), entry, hash };
  });
}

/** The gateway's signature over a row of the ledger, a second after it. */
export function headOf(row: AuditedRow, second = row.sequence + 1): SignedHead {
  return signHead({ sequence: row.sequence, hash: row.hash, at: at(second) }, GATEWAY);
}

/** A head as a table has it. */
export function kept(where: string, head: SignedHead): AuditedHead {
  const { sequence, hash } = head;
  return { where, sequence, ...(where === 'signed_head' ? {} : { hash }), statement: JSON.stringify(head) };
}
