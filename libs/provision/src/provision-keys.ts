import { generateKeyPairSync } from 'node:crypto';
import type { UnitId } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform';
import { generateKeyId, type TrustDocument, type TrustedKey } from '@clearance/provenance';
import { readIfThere, writePrivate } from './private-files.ts';

const DAY = 24 * 60 * 60 * 1000;

/** A private Ed25519 key as a JWK (RFC 8037) with its id and the time from which it signs, ms since the epoch. */
export interface StoredSigningKey {
  kid: string;
  owner: UnitId | 'policy';
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  d: string;
  notBefore: number;
}

/**
 * Makes a signing key for every unit and for the policy authority that has none, and lists the public ones in `trust.json`.
 * A key once listed stays listed, so that what it signed keeps verifying after rotation.
 * @param now ms since the epoch
 * @returns the files that were written
 */
export async function provisionKeys(home: MeshHome, units: readonly UnitId[], now: number): Promise<string[]> {
  const written: string[] = [];
  const keys: StoredSigningKey[] = [];
  for (const owner of [...units, 'policy'] as const) {
    const path = home.signingKeyFile(owner);
    const stored = await readIfThere(path);
    const key = stored === undefined ? newSigningKey(owner, now) : (JSON.parse(stored) as StoredSigningKey);
    if (stored === undefined && (await writePrivate(path, lines(key)))) written.push(path);
    keys.push(key);
  }
  const trust = JSON.parse((await readIfThere(home.trustFile)) ?? '{"keys":[]}') as TrustDocument;
  const listed = new Set(trust.keys.map(({ kid }) => kid));
  const added = keys.filter(({ kid }) => !listed.has(kid)).map(publicPart);
  if (await writePrivate(home.trustFile, lines({ keys: [...trust.keys, ...added] }))) written.push(home.trustFile);
  return written;
}

/** A fresh key, valid from the beginning of the UTC day, so that a clock some minutes behind can sign with it. */
function newSigningKey(owner: UnitId | 'policy', now: number): StoredSigningKey {
  const notBefore = now - (now % DAY);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  return { kid: generateKeyId(owner, notBefore, publicKey), owner, kty: 'OKP', crv: 'Ed25519', x, d, notBefore };
}

function publicPart({ kid, owner, kty, crv, x, notBefore }: StoredSigningKey): TrustedKey {
  return { kid, owner, kty, crv, x, notBefore };
}

function lines(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
