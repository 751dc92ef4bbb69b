import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { MESH_FILE } from './paths.ts';

/**
 * Writes the repository's mesh into a directory, but for how soon its units offer again what is not settled.
 *
 * @param reofferAfter ISO 8601 duration
 * @returns the file's path
 */
export async function writeMeshFile(directory: string, reofferAfter: string): Promise<string> {
  const document = parseDocument(await readFile(MESH_FILE, 'utf8'));
  document.setIn(['limits', 'reofferAfter'], reofferAfter);
  const meshFile = join(directory, 'mesh.yaml');
  await writeFile(meshFile, document.toString());
  return meshFile;
}
