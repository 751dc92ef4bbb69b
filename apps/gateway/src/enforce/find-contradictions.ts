import type { UnitId } from '@clearance/contracts';
import { isRevoked, type KeyRing, signedDigest } from '@clearance/provenance';
import type { VerifiedOffer } from './read-offers.ts';
import type { DisclosedSignature } from './revoked-keys.ts';
import { versionKey } from './view.ts';

/**
 * Why a result is refused though its signature holds: another unit has issued the result of this id (`wrong-issuer`), or
 * its issuer has signed something else as this very version (`version-conflict`). What was first stays.
 */
export type Contradiction = 'wrong-issuer' | 'version-conflict';

/** What is known of a version that was disclosed. */
export interface DisclosedVersion extends DisclosedSignature {
  issuer: UnitId;
}

/**
 * Which offers contradict what was disclosed, or what stands before them. A version that was signed anew, because the key
 * of either signature is revoked, contradicts nothing here: the keys decide of that.
 *
 * @param disclosed of these results, every version that was disclosed, by `id:version`
 * @returns the code for each token that is refused
 */
export function findContradictions(
  offers: readonly VerifiedOffer[],
  disclosed: ReadonlyMap<string, DisclosedVersion>,
  ring: KeyRing,
): Map<string, Contradiction> {
  const versions = new Map(disclosed);
  const issuers = new Map([...disclosed].map(([key, { issuer }]) => [key.slice(0, key.indexOf(':')), issuer]));
  const found = new Map<string, Contradiction>();
  for (const { verified } of offers) {
    const { claims, keyId, token } = verified;
    const key = versionKey(claims);
    const digest = signedDigest(token);
    const issuer = issuers.get(claims.resultId);
    const before = versions.get(key);
    if (issuer !== undefined && issuer !== claims.issuer) found.set(token, 'wrong-issuer');
    else if (before === undefined) {
      issuers.set(claims.resultId, claims.issuer);
      versions.set(key, { issuer: claims.issuer, keyId, signedDigest: digest });
    } else if (before.signedDigest !== digest && !isRevoked(ring, keyId) && !isRevoked(ring, before.keyId)) {
      found.set(token, 'version-conflict');
    }
  }
  return found;
}
