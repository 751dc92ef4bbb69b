import type { EvidenceBundle, LedgerRecord, SignedHead } from '@clearance/contracts';
import { CHAIN_START, chainHash, chainOf, type KeyRing, recordHash, verifyHead } from '@clearance/provenance';
import { type BundleFinding, finding, refusedSignature } from './bundle-findings.ts';

/** What checking a proof came to. */
export interface CheckedProof {
  /** The keys that signed its heads, as far as their signatures hold. */
  keyIds: string[];
  findings: BundleFinding[];
}

/** A row of the ledger with what leads from it to a signed head. */
interface ProvenRow {
  sequence: number;
  previous: string;
  entry: LedgerRecord;
  following: readonly string[];
  head: SignedHead;
}

/** Checks that the entry stands in the ledger whose head the gateway signed, and that the unit keeps no other one. */
export function checkProof({ ledger, witness }: EvidenceBundle, ring: KeyRing): CheckedProof {
  const proof = checkRow('/ledger', ledger, ring);
  if (witness === undefined) return proof;
  const kept = verifySigned('/witness', witness, ring);
  const isSame = witness.sequence === ledger.head.sequence && witness.hash === ledger.head.hash;
  return {
    keyIds: [...proof.keyIds, ...kept.keyIds],
    findings: [...proof.findings, ...kept.findings, ...(isSame ? [] : [finding('/witness', 'head-forked')])],
  };
}

/** Checks that a row stands in the ledger whose head the gateway signed. */
export function checkRow(pointer: string, row: ProvenRow, ring: KeyRing): CheckedProof {
  const { sequence, previous, entry, following, head } = row;
  const findings: BundleFinding[] = [];
  if (head.sequence - sequence !== following.length || (sequence === 1 && previous !== CHAIN_START)) {
    findings.push(finding(`${pointer}/sequence`, 'chain-broken'));
  }
  if (chainOf(chainHash(previous, recordHash(entry)), following) !== head.hash) {
    findings.push(finding(pointer, 'chain-broken'));
  }
  const signed = verifySigned(`${pointer}/head`, head, ring);
  return { keyIds: signed.keyIds, findings: [...findings, ...signed.findings] };
}

function verifySigned(pointer: string, head: SignedHead, ring: KeyRing): CheckedProof {
  const verification = verifyHead(head, ring);
  return verification.ok
    ? { keyIds: [verification.keyId], findings: [] }
    : { keyIds: [], findings: [refusedSignature(`${pointer}/signature`, verification)] };
}
