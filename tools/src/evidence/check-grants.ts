import { isDeepStrictEqual } from 'node:util';
import type { EvidenceBundle, GrantEvidence, SignedStatement, UnitId } from '@clearance/contracts';
import { isAbout, type Lift, type Lifts } from '@clearance/negative-list';
import {
  compareHeads,
  endDifferences,
  grantDifferences,
  judgeGrant,
  type KeyRing,
  type VerifiedToken,
  verifyReceived,
} from '@clearance/provenance';
import { type BundleFinding, finding, refusedSignature } from './bundle-findings.ts';
import { checkRow } from './check-proof.ts';

/** What checking the grants of a bundle came to. */
export interface CheckedGrants {
  /** What the grants that hold give free to whom. */
  lifts: Lifts;
  /** The keys that signed statements and heads, as far as their signatures hold. */
  keyIds: string[];
  findings: BundleFinding[];
}

/**
 * Checks the grants of a bundle: that they are those that the entry names, stand in the ledger before it, were in force and
 * given to the consumer, of that result, and are exactly what the issuer has signed.
 */
export function checkGrants(bundle: EvidenceBundle, issued: VerifiedToken | undefined, ring: KeyRing): CheckedGrants {
  const { grants = [], ledger } = bundle;
  const findings: BundleFinding[] = [];
  const keyIds: string[] = [];
  const lifts: Lift[] = [];
  const named = grants.map((grant) => grant.ledger.entry.requestId);
  if (!isDeepStrictEqual(named, ledger.entry.grants ?? [])) findings.push(finding('/grants', 'grants-differ'));
  for (const [index, grant] of grants.entries()) {
    const checked = checkGrant(`/grants/${index}`, grant, bundle, issued, ring);
    findings.push(...checked.findings);
    keyIds.push(...checked.keyIds);
    const { requestId, grant: granted } = grant.ledger.entry;
    const { paths, purpose } = granted;
    if (checked.findings.length === 0) lifts.push({ grant: requestId, paths, purpose });
  }
  return { lifts: new Map(ledger.entry.consumers.map((unit) => [unit as UnitId, lifts])), keyIds, findings };
}

function checkGrant(
  pointer: string,
  { ledger, decision, end }: GrantEvidence,
  { ledger: disclosed }: EvidenceBundle,
  issued: VerifiedToken | undefined,
  ring: KeyRing,
): { keyIds: string[]; findings: BundleFinding[] } {
  const { entry: record, sequence, head } = ledger;
  const row = `${pointer}/ledger`;
  const proof = checkRow(row, ledger, ring);
  const keyIds = [...proof.keyIds];
  const findings = [...proof.findings];
  const find = (...args: Parameters<typeof finding>): unknown => findings.push(finding(...args));
  const verify = (at: string, signed: SignedStatement, receivedAt: string): void => {
    const verification = verifyReceived(signed, ring, receivedAt);
    if (verification.ok) keyIds.push(verification.keyId);
    else findings.push(refusedSignature(`${at}/signature`, verification));
  };

  if (compareHeads(head, disclosed.head) !== 'consistent') find(`${row}/head`, 'head-forked');
  if (sequence >= disclosed.sequence) find(`${row}/sequence`, 'grant-not-in-force', 'sequence');
  for (const detail of grantDifferences(record, decision)) find(`${pointer}/decision`, 'grant-altered', detail);
  verify(`${pointer}/decision`, decision, record.receivedAt);
  const objections = judgeGrant(record, disclosed.entry);
  for (const { code, detail } of objections) find(`${row}/entry`, code, detail);
  // An entry does not say when the result was issued, nor of which consignment it is; the issued result does.
  const isOther = issued !== undefined && !isAbout(record.grant.about, versionOf(issued));
  if (isOther && !objections.some(({ detail }) => detail === 'about' || detail === 'issuer')) {
    find(`${row}/entry/grant/about`, 'grant-of-another', 'about');
  }

  if (end === undefined) return { keyIds, findings };
  const ending = checkRow(`${pointer}/end/ledger`, end.ledger, ring);
  keyIds.push(...ending.keyIds);
  findings.push(...ending.findings);
  const { entry: ended, sequence: endedAt, head: endHead } = end.ledger;
  if (compareHeads(endHead, disclosed.head) !== 'consistent') find(`${pointer}/end/ledger/head`, 'head-forked');
  if (ended.requestId !== record.requestId || endedAt <= sequence) {
    find(`${pointer}/end/ledger/entry`, 'grant-altered', 'requestId');
  }
  if (endedAt < disclosed.sequence) find(`${pointer}/end/ledger/sequence`, 'grant-not-in-force', 'end');
  if ((ended.reason === 'revoked') !== (end.revocation !== undefined)) {
    find(`${pointer}/end`, 'grant-altered', 'revocation');
  }
  if (end.revocation !== undefined) {
    for (const detail of endDifferences(ended, end.revocation, record)) {
      find(`${pointer}/end/revocation`, 'grant-altered', detail);
    }
    verify(`${pointer}/end/revocation`, end.revocation, ended.receivedAt);
  }
  return { keyIds, findings };
}

function versionOf({ claims, content }: VerifiedToken): Parameters<typeof isAbout>[1] {
  const kind = typeof content['kind'] === 'string' ? content['kind'] : '';
  return { ...claims, kind, content };
}
