import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: commands work from anywhere in it. This file runs as tools/dist/local-mesh/paths.js. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
export const MESH_FILE = join(REPOSITORY, 'mesh.yaml');
export const LIST_FILE = join(REPOSITORY, 'negative-list.yaml');
/** Programs that the mesh fetched itself, shared by all its state directories. */
export const SHARED_BIN = join(REPOSITORY, '.mesh', 'bin');

/** An app's built entry. */
export function appEntry(app: string): string {
  return join(REPOSITORY, 'apps', app, 'dist', 'main.js');
}

/** The development sign-in's built entry. */
export const SIGN_IN_ENTRY = join(REPOSITORY, 'tools', 'dist', 'sign-in.js');
