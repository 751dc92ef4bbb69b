import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MeshHome } from '@clearance/platform';
import { ProvisionFault } from './provision-fault.ts';

/** The text of a file, or undefined if there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a file that only its owner may read (0600) in one step: a reader sees the old text or the new one, and a power
 * failure leaves no empty key. Its directory is made with 0700. Does nothing, and says false, when the text is there already.
 */
export async function writePrivate(path: string, text: string): Promise<boolean> {
  if ((await readIfThere(path)) === text) {
    await chmod(path, 0o600);
    return false;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const half = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeFile(half, text, { mode: 0o600, flush: true, flag: 'wx' });
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
  return true;
}

/** An object as the text of a file: indented JSON. */
export function jsonLines(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Makes the state directory and the private ones in it. The root itself lets others pass (0711) only under root, since
 * PostgreSQL then runs as another user and has to reach its data; all that is secret lies in 0700 directories.
 * @throws ProvisionFault `home-unusable` when this user may not write there.
 */
export async function ensureHome(home: MeshHome): Promise<void> {
  try {
    await mkdir(home.root, { recursive: true });
    await chmod(home.root, process.getuid?.() === 0 ? 0o711 : 0o700);
    for (const directory of home.privateDirectories) {
      await mkdir(directory, { recursive: true });
      await chmod(directory, 0o700);
    }
  } catch (error) {
    throw new ProvisionFault(
      'home-unusable',
      {
        zh: `无法写入网格状态目录 ${home.root}。请检查该目录的所有者，或用 MESH_HOME 指定另一目录。`,
        en: `The mesh's state directory ${home.root} cannot be written. Check who owns it, or name another with MESH_HOME.`,
      },
      describe(error),
    );
  }
}

/** Removes all state of a mesh, PostgreSQL's data included wherever it lies. Its servers must have been stopped. */
export async function removeHome(home: MeshHome): Promise<void> {
  const data = await lstat(home.postgresData).catch(() => undefined);
  if (data?.isSymbolicLink()) {
    const target = await realpath(home.postgresData).catch(() => undefined);
    if (target !== undefined) await rm(dirname(target), { recursive: true, force: true });
  }
  await rm(home.root, { recursive: true, force: true });
}

/** Whether something lies at the path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The system's error code (`ENOENT`), if the error has one. By its shape: an error of Node's own may be of another realm. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** An error's own words. */
export function describe(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
