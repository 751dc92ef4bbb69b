import type { EvidenceBundle, SignedHead } from '@clearance/contracts';
import { CHAIN_START, chainHash, chainOf, type KeyRing, recordHash, verifyHead } from '@clearance/provenance';
import { type BundleFinding, finding, refusedSignature } from './bundle-findings.ts';

/** What checking the proof of a bundle came to. */
export interface CheckedProof {
  /** The keys that signed its heads, as far as their signatures hold. */
  keyIds: string[];
  findings: BundleFinding[];
}

/** Checks that the entry stands in the ledger whose head the gateway signed, and that the unit keeps no other one. */
export function checkProof({ ledger, witness }: EvidenceBundle, ring: KeyRing): CheckedProof {
  const { sequence, previous, entry, following, head } = ledger;
  const findings: BundleFinding[] = [];
  const keyIds: string[] = [];
  if (head.sequence - sequence !== following.length || (sequence === 1 && previous !== CHAIN_START)) {
    findings.push(finding('/ledger/sequence', 'chain-broken'));
  }
  if (chainOf(chainHash(previous, recordHash(entry)), following) !== head.hash) {
    findings.push(finding('/ledger', 'chain-broken'));
  }
  const verify = (pointer: string, signed: SignedHead): void => {
    const verification = verifyHead(signed, ring);
    if (verification.ok) keyIds.push(verification.keyId);
    else findings.push(refusedSignature(`${pointer}/signature`, verification));
  };
  verify('/ledger/head', head);
  if (witness) {
    verify('/witness', witness);
    if (witness.sequence !== head.sequence || witness.hash !== head.hash) {
      findings.push(finding('/witness', 'head-forked'));
    }
  }
  return { keyIds, findings };
}
