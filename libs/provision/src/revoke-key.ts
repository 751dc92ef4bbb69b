import type { MeshHome } from '@clearance/platform';
import type { TrustedKey } from '@clearance/provenance';
import { jsonLines, writePrivate } from './private-files.ts';
import { type KeyOwner, publicPart } from './provision-keys.ts';
import { ProvisionFault } from './provision-fault.ts';
import { newListedKey, readSigningKey } from './rotate-key.ts';
import { changeTrust, readTrust } from './trust-file.ts';

/** What a revocation did. */
export interface Revocation {
  kid: string;
  owner: KeyOwner;
  /** From when on its signatures are refused, ms since the epoch. */
  revokedAt: number;
  /** The key that signs in its place; absent when it was not the owner's present one, or that one is kept elsewhere. */
  replacement?: string;
}

/**
 * Revokes a compromised key: what it signed at `since` or later is refused everywhere, and the gateway takes nothing
 * from it that it has not disclosed already, whatever the date, since its holder can write any. If its owner signs with
 * it now, the owner gets another key, valid as far back as the revoked one, so that what is signed anew keeps its date.
 *
 * A revocation can be moved to an earlier time by another one, never to a later one. Broken off, it can be run again.
 *
 * @param options.since ms since the epoch: from when on somebody else may have had the key
 * @param options.now ms since the epoch
 * @throws ProvisionFault `unknown-key` when the trust document has no such key
 * @throws RangeError when `since` lies in the future: to end a key then is a rotation
 */
export async function revokeKey(
  home: MeshHome,
  kid: string,
  options: { since: number; now: number },
): Promise<Revocation> {
  const { since, now } = options;
  if (!(since <= now)) throw new RangeError('a key is revoked from a past time on; to end one later, rotate it');
  const key = find(await readTrust(home), kid);
  const owner = key.owner as KeyOwner;
  const present = await readSigningKey(home, owner);
  const replacement = present?.kid === kid ? await newListedKey(home, owner, key.notBefore) : undefined;
  // In one step: nobody may see the key revoked without knowing the one that replaces it.
  await changeTrust(home, (keys) => [
    ...keys.map((each) => (each.kid === kid ? { ...each, revokedAt: Math.min(since, each.revokedAt ?? since) } : each)),
    ...(replacement === undefined ? [] : [publicPart(replacement)]),
  ]);
  if (replacement !== undefined) await writePrivate(home.signingKeyFile(owner), jsonLines(replacement));
  const { revokedAt = since } = find(await readTrust(home), kid);
  return { kid, owner, revokedAt, ...(replacement === undefined ? {} : { replacement: replacement.kid }) };
}

function find(keys: readonly TrustedKey[], kid: string): TrustedKey {
  const key = keys.find((each) => each.kid === kid);
  if (key !== undefined) return key;
  throw new ProvisionFault('unknown-key', {
    zh: `信任文件中没有密钥 ${kid}。npm run mesh -- keys list 列出全部密钥。`,
    en: `The trust document has no key ${kid}. npm run mesh -- keys list shows all of them.`,
  });
}
