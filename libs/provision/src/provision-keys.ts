import { generateKeyPairSync } from 'node:crypto';
import type { UnitId } from '@clearance/contracts';
import type { MeshHome, Owner } from '@clearance/platform';
import { generateKeyId, type TrustedKey } from '@clearance/provenance';
import { jsonLines, readIfThere, writePrivate } from './private-files.ts';
import { changeTrust } from './trust-file.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Who has a signing key: a unit, the gateway (for its ledger), the policy authority (for lists). */
export type KeyOwner = Owner | 'policy';

/** A private Ed25519 key as a JWK (RFC 8037) with its id and the time from which it signs, ms since the epoch. */
export interface StoredSigningKey {
  kid: string;
  owner: KeyOwner;
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  d: string;
  notBefore: number;
}

/**
 * Makes a signing key for every unit, for the policy authority and for the gateway, where there is none, and lists the public ones in `trust.json`.
 * A key once listed stays listed, so that what it signed keeps verifying after rotation.
 * @param now ms since the epoch
 * @returns the files that were written
 */
export async function provisionKeys(home: MeshHome, units: readonly UnitId[], now: number): Promise<string[]> {
  const written: string[] = [];
  const keys: StoredSigningKey[] = [];
  for (const owner of [...units, 'policy', 'gateway'] as const) {
    const path = home.signingKeyFile(owner);
    const stored = await readIfThere(path);
    const key = stored === undefined ? newSigningKey(owner, now) : (JSON.parse(stored) as StoredSigningKey);
    if (stored === undefined && (await writePrivate(path, jsonLines(key)))) written.push(path);
    keys.push(key);
  }
  const changed = await changeTrust(home, (trusted) => {
    const listed = new Set(trusted.map(({ kid }) => kid));
    return [...trusted, ...keys.filter(({ kid }) => !listed.has(kid)).map(publicPart)];
  });
  if (changed) written.push(home.trustFile);
  return written;
}

/** A fresh key, valid from the beginning of the UTC day, so that a clock some minutes behind can sign with it. */
export function newSigningKey(owner: KeyOwner, now: number): StoredSigningKey {
  const notBefore = now - (now % DAY);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  return { kid: generateKeyId(owner, notBefore, publicKey), owner, kty: 'OKP', crv: 'Ed25519', x, d, notBefore };
}

/** What everybody may know of a key. */
export function publicPart({ kid, owner, kty, crv, x, notBefore }: StoredSigningKey): TrustedKey {
  return { kid, owner, kty, crv, x, notBefore };
}
