import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { AccessTerms } from '@clearance/contracts';
import { MESH_FILE } from './paths.ts';

/** What may be otherwise than in the repository's mesh; ISO 8601 durations. */
export interface MeshChanges {
  /** How soon units offer again what is not settled. */
  reofferAfter?: string | undefined;
  access?: AccessTerms | undefined;
}

/**
 * Writes the repository's mesh into a directory, with changes.
 *
 * @returns the file's path
 */
export async function writeMeshFile(directory: string, { reofferAfter, access }: MeshChanges): Promise<string> {
  const document = parseDocument(await readFile(MESH_FILE, 'utf8'));
  if (reofferAfter !== undefined) document.setIn(['limits', 'reofferAfter'], reofferAfter);
  if (access !== undefined) document.set('access', access);
  const meshFile = join(directory, 'mesh.yaml');
  await writeFile(meshFile, document.toString());
  return meshFile;
}
