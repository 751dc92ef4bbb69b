import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type { MeshHome } from '@clearance/platform/command';
import { readIfThere, writePrivate } from '@clearance/provision';

/** By what its tokens are signed; the console's verifiers take it as they take EdDSA and RS256. */
export const SIGN_IN_ALGORITHM = 'ES256';

/** The private key of the development sign-in, made when first asked for: an ES256 JWK that only its owner may read. */
export async function signInKey(home: MeshHome): Promise<JWK> {
  const stored = await readIfThere(home.signInKeyFile);
  if (stored !== undefined) return JSON.parse(stored) as JWK;
  const made = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const kid = `sign-in/${randomBytes(4).toString('hex')}`;
  const key: JWK = { ...(made as JWK), alg: SIGN_IN_ALGORITHM, use: 'sig', kid };
  await writePrivate(home.signInKeyFile, `${JSON.stringify(key, null, 2)}\n`);
  return key;
}
