import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { UnitId } from '@clearance/contracts';
import {
  issueToken,
  type KeyRing,
  type ResultClaims,
  type SigningKey,
  type VerificationKey,
} from '@clearance/provenance';

/** A unit's key for tests, with its public half. */
export interface Signer {
  owner: UnitId;
  key: SigningKey;
  verification: VerificationKey;
}

/** Makes a key that is valid from 2020 on. */
export function newSigner(owner: UnitId, kid = `${owner}/test`): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    owner,
    key: { kid, suite: 'EdDSA', privateKey },
    verification: { kid, owner, suite: 'EdDSA', publicKey, notBefore: Date.UTC(2020, 0) },
  };
}

/** The ring that trusts these signers and nobody else. */
export function ringOf(...signers: readonly Signer[]): KeyRing {
  return new Map(signers.map(({ verification }) => [verification.kid, verification]));
}

/** Signs a small result; `claims` may say what the signer has no right to. */
export function tokenOf(
  signer: Signer,
  claims: Partial<ResultClaims> = {},
  content: object = { reference: 'R-1', kind: 'customs.scan' },
): string {
  return issueToken(
    {
      issuer: signer.owner,
      resultId: '019aa5a1-7c5b-7000-8000-000000000001',
      version: 1,
      status: 'issued',
      issuedAt: '2026-11-21T03:12:00.123Z',
      ...claims,
    },
    content,
    signer.key,
    randomBytes,
  );
}

/** The same token with one character of its signature changed. */
export function altered(token: string): string {
  const [signed = '', ...disclosures] = token.split('~');
  const place = signed.lastIndexOf('.') + 5;
  const other = signed[place] === 'A' ? 'B' : 'A';
  return [`${signed.slice(0, place)}${other}${signed.slice(place + 1)}`, ...disclosures].join('~');
}
