import { readFile } from 'node:fs/promises';
import type { TrustDocument } from '@clearance/provenance';
import { writePrivate } from '@clearance/provision';
import type { LocalMesh } from '../../local-mesh/start-local-mesh.ts';

const THREE_YEARS_MS = 3 * 365 * 86_400_000;

/**
 * Makes the mesh's keys, which are of today, three years older: what a database says they signed in the past then stands. The
 * services follow the document by themselves.
 */
export async function ageKeys({ home }: LocalMesh): Promise<void> {
  const { keys } = JSON.parse(await readFile(home.trustFile, 'utf8')) as TrustDocument;
  const aged = keys.map((key) => ({ ...key, notBefore: key.notBefore - THREE_YEARS_MS }));
  await writePrivate(home.trustFile, JSON.stringify({ keys: aged }));
}
