import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { type Mesh, parseMesh } from '@clearance/contracts';

/**
 * Reads `mesh.yaml`.
 *
 * @throws Error that lists everything wrong with the file, each with its place in it.
 */
export async function loadMesh(path: string): Promise<Mesh> {
  const checked = parseMesh(parse(await readFile(path, 'utf8')));
  if (checked.ok) return checked.value;
  const faults = checked.violations.map(({ pointer, message }) => `${pointer || '/'}: ${message.zh} ${message.en}`);
  throw new Error(`${path}\n${faults.join('\n')}`);
}
