import type { MeshHome } from '@clearance/platform';
import { keyRing, type TrustDocument, type TrustedKey } from '@clearance/provenance';
import { jsonLines, readIfThere, writePrivate } from './private-files.ts';
import { withLock } from './with-lock.ts';

/** The public keys of a mesh as its trust document lists them; none when there is no document yet. */
export async function readTrust(home: MeshHome): Promise<TrustedKey[]> {
  const text = await readIfThere(home.trustFile);
  return text === undefined ? [] : (JSON.parse(text) as TrustDocument).keys;
}

/**
 * Replaces the trust document by what `change` makes of it, one writer at a time; services follow the file.
 *
 * @returns whether anything changed
 * @throws TypeError when the outcome would be none that a service can read: then the document stays as it was
 */
export async function changeTrust(
  home: MeshHome,
  change: (keys: readonly TrustedKey[]) => readonly TrustedKey[],
): Promise<boolean> {
  return withLock(`${home.trustFile}.lock`, async () => {
    const document = { keys: [...change(await readTrust(home))] };
    keyRing(JSON.parse(JSON.stringify(document)));
    return writePrivate(home.trustFile, jsonLines(document));
  });
}
