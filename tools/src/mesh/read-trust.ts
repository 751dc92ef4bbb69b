import { readFile } from 'node:fs/promises';
import type { MeshHome } from '@clearance/platform/command';
import { type KeyRing, keyRing } from '@clearance/provenance';

/** The keys that are trusted: from the file named, else from the mesh's home. @throws when it is none. */
export async function readTrust(home: MeshHome, file: string | undefined): Promise<KeyRing> {
  return keyRing(JSON.parse(await readFile(file ?? home.trustFile, 'utf8')));
}
