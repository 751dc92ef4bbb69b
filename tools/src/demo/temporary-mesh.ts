import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshHome, type MeshHome } from '@clearance/platform';
import { removeHome, requirePort } from '@clearance/provision';
import { type LocalMesh, type MeshPorts, startLocalMesh } from '../local-mesh/start-local-mesh.ts';
import type { Progress } from '../progress.ts';

export interface TemporaryMeshOptions {
  readonly progress: Progress;
  readonly logLevel: string;
  /** Leaves the state directory, with its logs, where it is. */
  readonly keep: boolean;
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
  { progress, logLevel, keep, environment = {} }: TemporaryMeshOptions,
  use: (mesh: LocalMesh) => Promise<T>,
): Promise<T> {
  const home = meshHome(await mkdtemp(join(tmpdir(), 'clearance-demo-')));
  try {
    const mesh = await startLocalMesh({
      home,
      ports: await freePorts(),
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

/** Below the range from which systems give ports to outgoing connections, of which a mesh makes a hundred. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
/** NATS, its monitor, PostgreSQL, the gateway and the three unit services after it. */
const PORTS_NEEDED = 7;
const ATTEMPTS = 50;

async function freePorts(): Promise<MeshPorts> {
  for (let attempt = 1; ; attempt += 1) {
    const first = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT - PORTS_NEEDED));
    try {
      for (let port = first; port < first + PORTS_NEEDED; port += 1) {
        await requirePort(port, { zh: '演示', en: 'the demo' }, 'MESH_HTTP_PORT');
      }
      return { nats: first, monitor: first + 1, database: first + 2, http: first + 3 };
    } catch (error) {
      if (attempt >= ATTEMPTS) throw error;
    }
  }
}
