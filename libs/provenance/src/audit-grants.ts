import {
  type DecisionStatement,
  type DisclosureRecord,
  type GrantEndRecord,
  type GrantRecord,
  type RevocationStatement,
  type SignedStatement,
  validateSignedDecision,
  validateSignedRevocation,
} from '@clearance/contracts';
import { statedAt, statementDigest, verifyStatement } from './access-statement.ts';
import { canonicalJson } from './content-digest.ts';
import type { DetachedVerification } from './detached-signature.ts';
import { parseJson } from './json.ts';
import { type KeyRing, refuseKey } from './keys.ts';
import type { LedgerFault, ledgerFinding } from './ledger-findings.ts';
import { refused, type SignatureRefusal } from './refusals.ts';

/** The gateway's table of requests for access, with what units have said of them. */
export const ACCESS_REQUESTS = 'access_request';

/** What the gateway's table has of a request that was granted: JSON of each statement with its signature. */
export interface AuditedGrant {
  requestId: string;
  decision: string | null;
  revocation: string | null;
}

/** A grant's row of the ledger, where it stands, and what came of it. */
interface RecordedGrant {
  record: GrantRecord;
  sequence: number;
  /** It was ended before its time. */
  ended: boolean;
  /** What it was signed with has been revoked since, from a time before it was received: it must be ended for that. */
  revokedKey: boolean;
}

/** What is remembered of the grants from one row to the next: those whose time is not over. */
export interface GrantsAudit {
  ring: KeyRing;
  /** The same keys as if none had been revoked. */
  unrevoked: KeyRing;
  recorded: Map<string, RecordedGrant>;
  /** The latest time of a row so far, milliseconds since the epoch. */
  latest: number;
}

/** Why a view may not rest on a grant; `detail` names the member of the entry that says so. */
export interface GrantObjection {
  code: Extract<LedgerFault, 'grant-of-another' | 'grant-not-in-force'>;
  detail: 'consumers' | 'issuer' | 'about' | 'receivedAt' | 'until';
}

type Find = (...args: Parameters<typeof ledgerFinding>) => void;

/** So far apart may the times be that two gateways write. */
const CLOCKS_MS = 60_000;

/** Begins with no grant seen. */
export function startGrants(ring: KeyRing): GrantsAudit {
  const unrevoked = new Map([...ring].map(([kid, { revokedAt: _revokedAt, ...key }]) => [kid, key]));
  return { ring, unrevoked, recorded: new Map(), latest: -Infinity };
}

/**
 * Audits a grant's row: that it is the only one of its request, about what its owner issued, received before its time was over,
 * and exactly what its owner has signed.
 *
 * @param stored what the table has of that request
 */
export function auditGrant(
  audit: GrantsAudit,
  record: GrantRecord,
  sequence: number,
  stored: AuditedGrant | undefined,
  find: Find,
): void {
  const { requestId, owner, requester, grant, receivedAt } = record;
  const about = { sequence, grant: requestId };
  if (audit.recorded.has(requestId)) return find('grant-repeated', 'ledger', about);
  if (grant.about.issuer !== owner || requester === owner) {
    find('grant-of-another', 'ledger', { ...about, detail: 'owner' });
  }
  if (!(Date.parse(receivedAt) < Date.parse(grant.until))) {
    find('grant-not-in-force', 'ledger', { ...about, detail: 'until' });
  }
  let revokedKey = false;
  const signed = readStored(stored?.decision, validateSignedDecision);
  if (signed === undefined) find('grant-missing', ACCESS_REQUESTS, { ...about, detail: 'decision' });
  else {
    const differences = grantDifferences(record, signed);
    for (const detail of differences) find('grant-altered', ACCESS_REQUESTS, { ...about, detail });
    if (!differences.includes('decision')) {
      const said = { ...signed, signature: record.signature };
      const refusal = refuseReceived(said, audit.ring, receivedAt);
      // It may have been taken before anybody knew; that it was signed is judged all the same.
      revokedKey = refusal === 'key-revoked';
      const invalid = revokedKey ? refuseReceived(said, audit.unrevoked, receivedAt) : refusal;
      if (invalid !== undefined) find('grant-signature-invalid', ACCESS_REQUESTS, { ...about, detail: invalid });
    }
  }
  audit.recorded.set(requestId, { record, sequence, ended: false, revokedKey });
}

/** Audits the row of a grant's end: that there is such a grant, not ended before, and that its owner has said so where it did. */
export function auditGrantEnd(
  audit: GrantsAudit,
  record: GrantEndRecord,
  sequence: number,
  stored: AuditedGrant | undefined,
  find: Find,
): void {
  const { requestId, reason, revocation, signature, receivedAt } = record;
  const about = { sequence, grant: requestId };
  const ended = audit.recorded.get(requestId);
  if (ended === undefined) find('grant-unknown', 'ledger', about);
  else if (ended.ended) find('grant-repeated', 'ledger', { ...about, detail: 'end' });
  if (ended !== undefined) {
    ended.ended = true;
    if (reason === 'key-revoked') ended.revokedKey = false;
  }
  const isSaid = revocation !== undefined && signature !== undefined;
  if (isSaid !== (reason === 'revoked')) return find('entry-malformed', 'ledger', { ...about, detail: 'revocation' });
  if (!isSaid) return;
  const signed = readStored(stored?.revocation, validateSignedRevocation);
  if (signed === undefined) return find('grant-missing', ACCESS_REQUESTS, { ...about, detail: 'revocation' });
  const differences = endDifferences(record, signed, ended?.record);
  for (const detail of differences) find('grant-altered', ACCESS_REQUESTS, { ...about, detail });
  if (differences.includes('revocation')) return;
  const refusal = refuseReceived({ ...signed, signature }, audit.ring, receivedAt);
  if (refusal !== undefined) find('grant-signature-invalid', ACCESS_REQUESTS, { ...about, detail: refusal });
}

/** Audits the grants that a disclosure names: each in the ledger before it, in force, and about what was shown to whom. */
export function auditGrantsOf(audit: GrantsAudit, record: DisclosureRecord, sequence: number, find: Find): void {
  for (const requestId of record.grants ?? []) {
    const grant = audit.recorded.get(requestId);
    const about = { sequence, grant: requestId };
    if (grant === undefined) find('grant-unknown', 'ledger', about);
    else {
      if (grant.ended) find('grant-not-in-force', 'ledger', { ...about, detail: 'end' });
      for (const { code, detail } of judgeGrant(grant.record, record)) find(code, 'ledger', { ...about, detail });
    }
  }
}

/**
 * Says why a view may not rest on a grant, as far as both entries tell: an entry does not have the time at which a result was
 * issued, nor its containers and documents.
 */
export function judgeGrant(
  { owner, requester, grant: { about, until }, receivedAt }: GrantRecord,
  entry: DisclosureRecord,
): GrantObjection[] {
  const objections: GrantObjection[] = [];
  const object = (code: GrantObjection['code'], detail: GrantObjection['detail']): unknown =>
    objections.push({ code, detail });
  if (entry.consumers.length !== 1 || entry.consumers[0] !== requester) object('grant-of-another', 'consumers');
  if (entry.issuer !== owner || entry.issuer !== about.issuer) object('grant-of-another', 'issuer');
  const isAbout =
    'resultId' in about
      ? about.resultId === entry.resultId && (about.version ?? entry.version) === entry.version
      : about.kinds.some((kind) => kind === entry.kind);
  if (!isAbout) object('grant-of-another', 'about');
  const decidedAt = Date.parse(entry.decidedAt);
  if (!(decidedAt + CLOCKS_MS >= Date.parse(receivedAt))) object('grant-not-in-force', 'receivedAt');
  if (!(decidedAt < Date.parse(until))) object('grant-not-in-force', 'until');
  return objections;
}

/**
 * What a grant's row says otherwise than its owner: `decision`, if it rests on another statement altogether.
 *
 * @param signed what its owner has signed; whether that signature holds is not judged
 */
export function grantDifferences(
  record: GrantRecord,
  { statement, signature }: SignedStatement<DecisionStatement>,
): (keyof GrantRecord)[] {
  if (statementDigest(statement) !== record.decision) return ['decision'];
  const { grant } = statement;
  const isGranted = statement.decision !== 'refused' && grant !== undefined;
  return [
    ...(statement.requestId === record.requestId ? [] : ['requestId' as const]),
    ...(statement.owner === record.owner ? [] : ['owner' as const]),
    ...(statement.requester === record.requester ? [] : ['requester' as const]),
    ...(isGranted && canonicalJson(grant) === canonicalJson(record.grant) ? [] : ['grant' as const]),
    ...(signature === record.signature ? [] : ['signature' as const]),
  ];
}

/**
 * What the row of a grant's end says otherwise than the owner who took it back: `revocation`, if it rests on another statement
 * altogether.
 *
 * @param signed what the owner has signed; whether that signature holds is not judged
 * @param ended the grant's row, where it is known
 */
export function endDifferences(
  { requestId, revocation, signature }: GrantEndRecord,
  signed: SignedStatement<RevocationStatement>,
  ended: GrantRecord | undefined,
): string[] {
  const { statement } = signed;
  if (statementDigest(statement) !== revocation) return ['revocation'];
  return [
    ...(statement.requestId === requestId ? [] : ['requestId']),
    ...(ended === undefined || statement.decision === ended.decision ? [] : ['decision']),
    ...(ended === undefined || statement.owner === ended.owner ? [] : ['owner']),
    ...(signed.signature === signature ? [] : ['signature']),
  ];
}

/**
 * Verifies a statement that was received at a time: signed by a key that was valid when it says that it was said, and not
 * revoked when it came. Whoever steals a key dates what he signs as he likes, but not when it is received.
 *
 * @param receivedAt RFC 3339
 */
export function verifyReceived(signed: SignedStatement, ring: KeyRing, receivedAt: string): DetachedVerification {
  const verification = verifyStatement(signed, ring, statedAt(signed.statement));
  if (!verification.ok) return verification;
  const key = ring.get(verification.keyId)!;
  if (refuseKey(key, key.owner, Date.parse(receivedAt)) !== 'key-revoked') return verification;
  return refused('key-revoked', `The key ${key.kid} had been revoked when the statement was received.`);
}

/** Forgets the grants whose time is over by the latest row; what still had to come of them is found missing. */
export function forgetGrants(audit: GrantsAudit, find: Find): void {
  for (const [requestId, { record, sequence, revokedKey }] of audit.recorded) {
    if (Date.parse(record.grant.until) + CLOCKS_MS >= audit.latest) continue;
    if (revokedKey) findRevokedKey(requestId, sequence, find);
    audit.recorded.delete(requestId);
  }
}

/**
 * Ends the audit of grants.
 *
 * @param stored what the table has of grants whose time was not over at the last row
 */
export function endGrants(audit: GrantsAudit, stored: readonly AuditedGrant[], find: Find): void {
  for (const [requestId, { sequence, revokedKey }] of audit.recorded) {
    if (revokedKey) findRevokedKey(requestId, sequence, find);
  }
  for (const { requestId, decision, revocation } of stored) {
    const grant = audit.recorded.get(requestId);
    const unrecorded = (detail: string): void =>
      find('grant-unrecorded', ACCESS_REQUESTS, { grant: requestId, detail });
    if (grant === undefined && !isOver(audit, decision)) unrecorded('decision');
    if (grant?.ended !== true && revocation !== null) unrecorded('revocation');
  }
}

function refuseReceived(signed: SignedStatement, ring: KeyRing, receivedAt: string): SignatureRefusal | undefined {
  const verification = verifyReceived(signed, ring, receivedAt);
  return verification.ok ? undefined : verification.code;
}

/** Whether what was granted was over by the latest row, or nothing was: then the ledger need not have it any more. */
function isOver({ latest }: GrantsAudit, decision: string | null): boolean {
  const grant = readStored(decision, validateSignedDecision)?.statement.grant;
  return grant === undefined || Date.parse(grant.until) + CLOCKS_MS < latest;
}

function findRevokedKey(requestId: string, sequence: number, find: Find): void {
  find('grant-signature-invalid', ACCESS_REQUESTS, { sequence, grant: requestId, detail: 'key-revoked' });
}

function readStored<T>(
  text: string | null | undefined,
  validate: (input: unknown) => { ok: true; value: T } | { ok: false },
): T | undefined {
  const checked = validate(text ? parseJson(text) : undefined);
  return checked.ok ? checked.value : undefined;
}
