import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type {
  DecisionStatement,
  DisclosureRecord,
  EvidenceBundle,
  GatewayEvidence,
  Grant,
  GrantEndRecord,
  GrantEvidence,
  GrantRecord,
  LedgerRecord,
  RevocationStatement,
  SignedHead,
  SignedStatement,
  UnitId,
} from '@clearance/contracts';
import { compileNegativeList, decideDisclosure, parseNegativeList } from '@clearance/negative-list';
import {
  canonicalJson,
  CHAIN_START,
  chainHash,
  chainOf,
  issueToken,
  type KeyRing,
  listRecordOf,
  recordHash,
  redactToken,
  rowHash,
  signDetached,
  signHead,
  signStatement,
  statementDigest,
  type SigningKey,
  tokenDigest,
  type VerifiedToken,
  verifyToken,
} from '@clearance/provenance';
import { makeBundle } from './make-bundle.ts';

const OWNERS = ['ln.customs', 'hl.customs', 'policy', 'gateway'] as const;
type SignerName = (typeof OWNERS)[number];
const signers = Object.fromEntries(
  OWNERS.map((owner) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const kid = `${owner}/1`;
    const key: SigningKey = { kid, suite: 'EdDSA', privateKey };
    return [owner, { key, verification: { kid, owner, suite: 'EdDSA' as const, publicKey, notBefore: 0 } }];
  }),
) as Record<SignerName, { key: SigningKey; verification: KeyRing extends ReadonlyMap<string, infer V> ? V : never }>;

export const keyOf = (owner: SignerName): SigningKey => signers[owner].key;
export const RING: KeyRing = new Map(OWNERS.map((owner) => [`${owner}/1`, signers[owner].verification]));

export const CONSUMERS: UnitId[] = ['jl.border', 'jl.inspection'];
const ISSUED_AT = '2026-11-21T03:12:00.123Z';
const DECIDED_AT = '2026-11-21T03:12:01.000Z';
const RECEIVED_AT = Date.parse('2026-11-01T00:00:00Z');
export const CONTENT = {
  reference: 'DL-2026-1',
  kind: 'customs.scan',
  goods: [{ item: 1, value: { amount: '61200.00', currency: 'USD' } }],
  customs: { controlInstruction: 'BK-1' },
};

export const DOCUMENT = JSON.stringify({
  apiVersion: 'clearance/v1',
  kind: 'NegativeList',
  version: '2026.11-1',
  effectiveFrom: '2026-11-01T00:00:00+08:00',
  entries: [
    {
      id: 'NL-010',
      title: { zh: '货值', en: 'Value' },
      class: 'conditional',
      legalBasis: '《海关法》',
      owner: 'customs',
      match: { kinds: ['customs.*'] },
      fields: ['/goods/*/value'],
      consumers: { except: ['*.customs'] },
    },
  ],
});

/** A result of Liaoning customs, whole. */
export function issue(
  content: object = CONTENT,
  changes: { version?: number; signer?: SignerName } = {},
): VerifiedToken {
  const signer = changes.signer ?? 'ln.customs';
  const claims = {
    issuer: signer as UnitId,
    resultId: '019aa5a1-7c5b-7000-8000-000000000001',
    version: changes.version ?? 1,
    status: 'issued' as const,
    issuedAt: ISSUED_AT,
  };
  const verification = verifyToken(issueToken(claims, content, keyOf(signer), randomBytes), RING);
  if (!verification.ok) throw new Error(verification.detail);
  return verification.result;
}

export const ISSUED = issue();
const parsed = parseNegativeList(DOCUMENT);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
const compiled = compileNegativeList(parsed.list, CONSUMERS);
export const LIST = listRecordOf({
  version: compiled.version,
  document: DOCUMENT,
  signature: signDetached(Buffer.from(DOCUMENT), keyOf('policy')),
  effectiveFrom: compiled.effectiveFrom,
  receivedAt: RECEIVED_AT,
  authors: ['drafter'],
  approvedBy: 'approver',
});

const [decision] = decideDisclosure(
  compiled,
  { kind: 'customs.scan', issuer: 'ln.customs', content: ISSUED.content },
  CONSUMERS,
  Date.parse(DECIDED_AT),
);
export const VIEW = { token: redactToken(ISSUED, decision!.pointers).token, withheld: decision!.withheld };

export const ENTRY: DisclosureRecord = {
  type: 'disclosure',
  resultId: ISSUED.claims.resultId,
  version: 1,
  status: 'issued',
  issuer: 'ln.customs',
  kind: 'customs.scan',
  listVersion: LIST.version,
  listRecord: recordHash(LIST),
  consumers: CONSUMERS,
  withheld: VIEW.withheld,
  tokenDigest: tokenDigest(VIEW.token),
  decidedAt: DECIDED_AT,
};

/** The gateway's part for an entry: the list is the first row of the ledger, the entry the second; a signed head follows. */
export function evidenceOf(
  entry: DisclosureRecord = ENTRY,
  list: GatewayEvidence['list'] = { record: LIST, document: DOCUMENT },
): GatewayEvidence {
  const previous = chainHash(CHAIN_START, rowHash(canonicalJson(list.record)));
  const following = [{ other: 1 }, { other: 2 }].map((row) => rowHash(canonicalJson(row as unknown as LedgerRecord)));
  const hash = chainOf(chainHash(previous, recordHash(entry)), following);
  const head = signHead({ sequence: 4, hash, at: '2026-11-21T03:12:10.000Z' }, keyOf('gateway'));
  return { ledger: { sequence: 2, previous, entry, following, head }, list };
}

/** A bundle in which everything holds, but for what is changed of its parts. */
export function bundleOf(changes: Partial<Parameters<typeof makeBundle>[0]> = {}): EvidenceBundle {
  const evidence = changes.evidence ?? evidenceOf();
  const parts = { consumer: 'jl.border' as UnitId, view: VIEW, issued: ISSUED.token, witness: evidence.ledger.head };
  return makeBundle({ ...parts, ...changes, evidence }, RING);
}

/** What Liaoning's customs grant to the border inspection of Jilin: of each good's value the amount. */
export const GRANT: Grant = {
  about: { issuer: 'ln.customs', resultId: ISSUED.claims.resultId },
  paths: ['/goods/*/value/amount'],
  purpose: 'risk-assessment',
  until: '2026-12-21T00:00:00.000Z',
};
export const DECISION: DecisionStatement = {
  type: 'access-decision',
  requestId: '019aa5a1-7c5b-7000-8000-00000000a001',
  request: 'R'.repeat(43),
  owner: 'ln.customs',
  requester: 'jl.border',
  decision: 'granted',
  by: 'owner',
  grant: GRANT,
  decidedAt: '2026-11-21T03:15:00.000Z',
};

/** A signed decision, and the row of the ledger about it. */
export interface Granted {
  record: GrantRecord;
  decision: SignedStatement<DecisionStatement>;
}

/** A grant as it was decided, but for some changes, and received ten seconds later. */
export function granted(changes: Partial<DecisionStatement> = {}, signer: SignerName = 'ln.customs'): Granted {
  const statement = { ...DECISION, ...changes };
  const decision = signStatement(statement, keyOf(signer));
  const { requestId, owner, requester, grant = GRANT } = statement;
  const receivedAt = '2026-11-21T03:15:10.000Z';
  const proof = { decision: statementDigest(statement), signature: decision.signature, receivedAt };
  return { record: { type: 'grant', requestId, owner, requester, grant, ...proof }, decision };
}

/** That a grant was taken back, with the row of the ledger about it. */
export function revoked(
  { decision: { statement } }: Granted,
  changes: Partial<RevocationStatement> = {},
  signer: SignerName = 'ln.customs',
): { record: GrantEndRecord; revocation: SignedStatement<RevocationStatement> } {
  const { requestId, owner, requester } = statement;
  const said: RevocationStatement = {
    ...{ type: 'access-revocation', requestId, decision: statementDigest(statement), owner, requester },
    ...{ reason: '案件已结', revokedAt: '2026-11-21T03:30:00.000Z', ...changes },
  };
  const revocation = signStatement(said, keyOf(signer));
  const proof = { revocation: statementDigest(said), signature: revocation.signature };
  const receivedAt = '2026-11-21T03:30:01.000Z';
  return { record: { type: 'grant-end', requestId, reason: 'revoked', ...proof, receivedAt }, revocation };
}

/** Decides about the result for its consumer under grants, and what the ledger says of it. */
export function shownUnder(
  grants: readonly Granted[],
  changes: Partial<DisclosureRecord> = {},
): { view: typeof VIEW; entry: DisclosureRecord } {
  const lifts = grants.map(({ record: { requestId, grant } }) => ({ grant: requestId, ...grant }));
  const decidedAt = '2026-11-21T03:20:00.000Z';
  const [shown] = decideDisclosure(
    compiled,
    { kind: 'customs.scan', issuer: 'ln.customs', content: ISSUED.content },
    ['jl.border'],
    Date.parse(decidedAt),
    new Map([['jl.border', lifts]]),
  );
  const view = { token: redactToken(ISSUED, shown!.pointers).token, withheld: shown!.withheld };
  const seen = { consumers: ['jl.border' as const], withheld: view.withheld, tokenDigest: tokenDigest(view.token) };
  const under = shown!.grants === undefined ? {} : { grants: shown!.grants };
  return { view, entry: { ...ENTRY, ...seen, ...under, decidedAt, ...changes } };
}

/** A row of a ledger with what leads from it to the head that was signed at another. */
export function proven<R extends LedgerRecord>(
  rows: readonly LedgerRecord[],
  entry: R,
  signedAt: number,
): { sequence: number; previous: string; entry: R; following: string[]; head: SignedHead } {
  const hashes = rows.map((row) => recordHash(row));
  const sequence = rows.indexOf(entry) + 1;
  const previous = chainOf(CHAIN_START, hashes.slice(0, sequence - 1));
  const following = hashes.slice(sequence, signedAt);
  const head = { sequence: signedAt, hash: chainOf(CHAIN_START, hashes.slice(0, signedAt)) };
  const at = new Date(Date.parse('2026-11-21T03:40:00.000Z') + signedAt * 10_000).toISOString();
  return { sequence, previous, entry, following, head: signHead({ ...head, at }, keyOf('gateway')) };
}

/** What becomes of a view under grants: the rows of a ledger in their order, of which every second is signed. */
export function evidenceUnder(
  rows: readonly LedgerRecord[],
  entry: DisclosureRecord,
  grants: readonly (Granted & { end?: ReturnType<typeof revoked> })[],
  list: GatewayEvidence['list'] = { record: LIST, document: DOCUMENT },
): GatewayEvidence {
  const signedAt = (row: LedgerRecord): number => 2 * Math.ceil((rows.indexOf(row) + 1) / 2);
  const prove = <R extends LedgerRecord>(row: R) => proven(rows, row, signedAt(row));
  const evidence = grants.map(({ record, decision, end }): GrantEvidence => {
    const ended = end && { ledger: prove(end.record), revocation: end.revocation };
    return { ledger: prove(record), decision, ...(ended ? { end: ended } : {}) };
  });
  return { ledger: prove(entry), list, ...(evidence.length > 0 ? { grants: evidence } : {}) };
}
