import { isRevoked, type KeyRing, signedDigest } from '@clearance/provenance';
import type { VerifiedOffer } from './read-offers.ts';

/** The signature under which a version was disclosed. */
export interface DisclosedSignature {
  keyId: string;
  /** Of the part that the issuer signed. */
  signedDigest: string;
}

/**
 * What an offer is whose signature verifies, seen in the light of the keys that are revoked by now:
 * `accepted`; `replaces` what was disclosed under a key that was revoked since, and must be given to all anew; `refused`,
 * because a revoked key's holder can date what it signs as it likes, so that only what was disclosed before is known to
 * be old.
 *
 * @param before the signature under which this version was disclosed; undefined when it was not
 */
export function judgeSignature(
  { verified }: VerifiedOffer,
  before: DisclosedSignature | undefined,
  ring: KeyRing,
): 'accepted' | 'replaces' | 'refused' {
  if (isRevoked(ring, verified.keyId)) {
    return before?.signedDigest === signedDigest(verified.token) ? 'accepted' : 'refused';
  }
  return before !== undefined && isRevoked(ring, before.keyId) ? 'replaces' : 'accepted';
}
