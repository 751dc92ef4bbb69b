import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type KeyRing, type ResultClaims, type SigningKey, type SuiteName, TOKEN_TYPE } from '@clearance/provenance';

/** A new key, and the ring that it is verified by. */
export interface SuiteKey {
  readonly signing: SigningKey;
  readonly publicKey: KeyObject;
  readonly ring: KeyRing;
}

/** A new key of each suite that there is: one without its line here does not compile. */
export const keyPairs: Readonly<Record<SuiteName, () => SuiteKey>> = {
  EdDSA: () => suiteKey('EdDSA', generateKeyPairSync('ed25519')),
};

/** The claims of all tokens. */
export const CLAIMS: ResultClaims = {
  issuer: 'ln.customs',
  resultId: '019aa5a1-7c5b-7000-8000-000000000001',
  version: 1,
  status: 'issued',
  issuedAt: '2026-11-21T03:12:00.123Z',
};

/** Seconds since the epoch at which they were issued, and are verified. */
export const VERIFIED_AT = Math.floor(Date.parse(CLAIMS.issuedAt) / 1_000);

/** The claims as a token carries them. */
export const TOKEN_PAYLOAD = {
  iss: CLAIMS.issuer,
  jti: CLAIMS.resultId,
  ver: CLAIMS.version,
  status: CLAIMS.status,
  iat: VERIFIED_AT,
  issuedAt: CLAIMS.issuedAt,
};

/** What the header of a token has beside its key and algorithm. */
export const TOKEN_HEADER = { typ: TOKEN_TYPE };

function suiteKey(
  suite: SuiteName,
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject },
): SuiteKey {
  const kid = `bench-${suite}`;
  const ring: KeyRing = new Map([[kid, { kid, owner: CLAIMS.issuer, suite, publicKey, notBefore: 0 }]]);
  return { signing: { kid, suite, privateKey }, publicKey, ring };
}
