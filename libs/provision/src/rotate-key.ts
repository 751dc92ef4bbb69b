import type { MeshHome } from '@clearance/platform';
import { jsonLines, readIfThere, writePrivate } from './private-files.ts';
import { type KeyOwner, newSigningKey, publicPart, type StoredSigningKey } from './provision-keys.ts';
import { ProvisionFault } from './provision-fault.ts';
import { changeTrust, readTrust } from './trust-file.ts';
import { withLock } from './with-lock.ts';

/** How long the former key may go on signing, ms: until the last service has read the new one. */
export const ROTATION_MARGIN_MS = 60 * 60 * 1000;

/** What a rotation did. */
export interface Rotation {
  owner: KeyOwner;
  /** The key that signs from now on. */
  kid: string;
  /** Keys that may sign no more from `notAfter` on, ms since the epoch. What they signed before keeps verifying. */
  ended: { kid: string; notAfter: number }[];
}

/**
 * Gives an owner a new signing key while all services run. The order makes each step harmless by itself: everybody can
 * know the new public key before anything is signed with it, and the former key ends only when the new one is in place.
 * Broken off at any point, it can simply be run again.
 *
 * @param now ms since the epoch
 * @param marginMs how much longer the former key may sign
 * @throws ProvisionFault `unknown-key` when the owner has no signing key here
 */
export async function rotateKey(
  home: MeshHome,
  owner: KeyOwner,
  now: number,
  marginMs: number = ROTATION_MARGIN_MS,
): Promise<Rotation> {
  const keyFile = home.signingKeyFile(owner);
  if ((await readSigningKey(home, owner)) === undefined) throw noSigningKey(owner, keyFile);
  // One rotation of an owner after the other: each would end the key that the other has listed and not yet put in place.
  return withLock(`${keyFile}.lock`, () => rotateAlone(home, owner, now, marginMs));
}

async function rotateAlone(home: MeshHome, owner: KeyOwner, now: number, marginMs: number): Promise<Rotation> {
  const { kid } = await putNewKey(home, owner, now);
  const notAfter = now + marginMs;
  const ended: Rotation['ended'] = [];
  await changeTrust(home, (keys) =>
    keys.map((key) => {
      if (key.owner !== owner || key.kid === kid || key.notAfter !== undefined) return key;
      if (key.revokedAt === undefined) ended.push({ kid: key.kid, notAfter });
      return { ...key, notAfter };
    }),
  );
  return { owner, kid, ended };
}

/** Makes a key, lists its public part, and only then puts it where its owner signs with it. */
async function putNewKey(home: MeshHome, owner: KeyOwner, now: number): Promise<StoredSigningKey> {
  const key = await newListedKey(home, owner, now);
  await changeTrust(home, (keys) => [...keys, publicPart(key)]);
  await writePrivate(home.signingKeyFile(owner), jsonLines(key));
  return key;
}

/** A new key whose id no listed key has: the four digits that tell keys of one day apart may meet. */
export async function newListedKey(home: MeshHome, owner: KeyOwner, notBefore: number): Promise<StoredSigningKey> {
  const listed = new Set((await readTrust(home)).map(({ kid }) => kid));
  for (;;) {
    const key = newSigningKey(owner, notBefore);
    if (!listed.has(key.kid)) return key;
  }
}

/** The key that an owner signs with now; undefined when it is not kept here. */
export async function readSigningKey(home: MeshHome, owner: KeyOwner): Promise<StoredSigningKey | undefined> {
  const text = await readIfThere(home.signingKeyFile(owner));
  return text === undefined ? undefined : (JSON.parse(text) as StoredSigningKey);
}

function noSigningKey(owner: string, path: string): ProvisionFault {
  return new ProvisionFault('unknown-key', {
    zh: `${owner} 在此没有签名密钥（${path}）。请先运行 npm run mesh -- provision，或在保存该密钥的机器上执行。`,
    en: `${owner} has no signing key here (${path}). Run npm run mesh -- provision first, or run this where its key is kept.`,
  });
}
