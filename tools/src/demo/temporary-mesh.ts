import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshHome, type MeshHome } from '@clearance/platform';
import { removeHome } from '@clearance/provision';
import { freeMeshPorts } from '../local-mesh/free-ports.ts';
import { type LocalMesh, startLocalMesh } from '../local-mesh/start-local-mesh.ts';
import type { Progress } from '../progress.ts';

export interface TemporaryMeshOptions {
  readonly progress: Progress;
  readonly logLevel: string;
  /** Leaves the state directory, with its logs, where it is. */
  readonly keep: boolean;
  /** Whether people can sign in to its console. */
  readonly signIn?: boolean;
  /** Further settings of every service, by environment variable. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs something on a mesh of its own: new keys, empty databases, free ports, a directory below the system's temporary one.
 * Whatever happens, servers are stopped and the directory is removed before this returns.
 *
 * @throws the fault of the start, or what `use` throws
 */
export async function withTemporaryMesh<T>(
  { progress, logLevel, keep, signIn = false, environment = {} }: TemporaryMeshOptions,
  use: (mesh: LocalMesh) => Promise<T>,
): Promise<T> {
  const home = meshHome(await mkdtemp(join(tmpdir(), 'clearance-demo-')));
  try {
    const mesh = await startLocalMesh({
      home,
      ports: await freeMeshPorts(1, signIn),
      logLevel,
      environment,
      progress,
      durable: false,
    });
    try {
      return await use(mesh);
    } finally {
      await progress.step('停止 stopping', () => mesh.stop());
    }
  } finally {
    await leave(home, keep, progress);
  }
}

async function leave(home: MeshHome, keep: boolean, progress: Progress): Promise<void> {
  if (keep) progress.say(`  保留 kept: ${home.root}`);
  else await removeHome(home);
}
