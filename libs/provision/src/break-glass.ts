import { readFile } from 'node:fs/promises';
import { encodeUser, fmtCreds } from '@nats-io/jwt';
import type { MeshHome, Owner } from '@clearance/platform';
import { keyPairOf, newKeyPair } from './nkey-pair.ts';

const HOUR_S = 60 * 60;

/**
 * Credentials for one hour that may do everything in one account: what an operator who holds the account's key takes in an
 * emergency, and what the fault runner deletes streams with. They are never written to a file.
 *
 * @param now milliseconds since the epoch
 * @returns the text of a `.creds` file
 */
export async function breakGlass(home: MeshHome, holder: Owner | 'system', now: number): Promise<string> {
  const account = keyPairOf(await readFile(home.nkeySeedFile(holder), 'utf8'));
  const user = newKeyPair('user');
  const everything = { pub: { allow: ['>'] }, sub: { allow: ['>'] } };
  const exp = Math.floor(now / 1_000) + HOUR_S;
  const jwt = await encodeUser(`${holder}/break-glass`, user, account, everything, { exp });
  return new TextDecoder().decode(fmtCreds(jwt, user));
}
