import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { UnitId } from '@clearance/contracts';
import { meshHome } from '@clearance/platform';
import { dropDatabases, ownersOf, removeHome } from '@clearance/provision';
import { meshOfUnits } from '../bench/growth/mesh-of-units.ts';
import { freeMeshPorts } from '../local-mesh/free-ports.ts';
import { type LocalMesh, startLocalMesh } from '../local-mesh/start-local-mesh.ts';
import { type MeshChanges, writeMeshFile } from '../local-mesh/write-mesh-file.ts';
import { createProgress } from '../progress.ts';
import type { Backend } from '../traffic/backend.ts';
import { connectBackends } from '../traffic/simulate-backends.ts';

/** A whole mesh for one test file: real processes, broker and databases, and a backend connected for every unit. */
export interface TestLocalMesh extends LocalMesh {
  backend(unit: UnitId): Backend;
  /** Rows of a unit's (or the gateway's) own database. */
  query<R>(owner: UnitId | 'gateway', sql: string, parameters?: unknown[]): Promise<R[]>;
  cleanup(): Promise<void>;
}

/**
 * Starts a mesh of its own. `databaseUrl` is the run's shared server; without it the mesh has a PostgreSQL of its own,
 * for tests that stop it. With `reofferAfter` (ISO 8601) its units offer again sooner than the repository's mesh says;
 * with `units` it has so many units only; with `signIn` people sign in to its console; `environment` are further settings
 * of its services.
 */
export async function startTestMesh(
  databaseUrl?: string,
  options: MeshChanges & { units?: number; signIn?: boolean; environment?: Record<string, string> } = {},
): Promise<TestLocalMesh> {
  const root = await mkdtemp(join(tmpdir(), 'clearance-e2e-'));
  await chmod(root, 0o711);
  const home = meshHome(root);
  const lines: string[] = [];
  const databasePrefix = `e_${randomBytes(5).toString('hex')}`;
  let mesh: LocalMesh;
  try {
    const { environment = {} } = options;
    const meshFile = await meshFileOf(root, options);
    mesh = await startLocalMesh({
      home,
      ports: await freeMeshPorts(1, options.signIn),
      ...(meshFile === undefined ? {} : { meshFile }),
      environment,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      databasePrefix,
      logLevel: 'info',
      durable: false,
      progress: createProgress((text) => lines.push(text)),
    });
  } catch (error) {
    throw new Error(`the mesh did not start:\n${lines.join('')}`, { cause: error });
  }
  const backends = await connectBackends(mesh).catch(async (error: unknown) => {
    await mesh.stop();
    throw error;
  });
  const pools = new Map<string, pg.Pool>();
  return {
    ...mesh,
    backend: (unit) => backends.get(unit)!,
    query: async (owner, sql, parameters = []) => {
      let pool = pools.get(owner);
      if (pool === undefined) {
        const connectionString = (await readFile(home.databaseUrlFile(owner), 'utf8')).trim();
        pool = pools.get(owner) ?? new pg.Pool({ connectionString, max: 2 });
        // Without a listener a lost connection would end the process; the pool replaces it.
        if (!pools.has(owner)) pool.on('error', () => undefined);
        pools.set(owner, pool);
      }
      return (await pool.query(sql, parameters)).rows;
    },
    cleanup: async () => {
      await Promise.all([...backends.values()].map(({ connection }) => connection.close()));
      await Promise.all([...pools.values()].map((pool) => pool.end().catch(() => undefined)));
      await mesh.stop();
      if (databaseUrl !== undefined)
        await dropDatabases(ownersOf(mesh.mesh), { adminUrl: databaseUrl, prefix: databasePrefix });
      await removeHome(home);
    },
  };
}

async function meshFileOf(
  root: string,
  { reofferAfter, access, units }: MeshChanges & { units?: number },
): Promise<string | undefined> {
  if (reofferAfter !== undefined || access !== undefined) return writeMeshFile(root, { reofferAfter, access });
  if (units === undefined) return undefined;
  const meshFile = join(root, 'mesh.yaml');
  await writeFile(meshFile, await meshOfUnits(units));
  return meshFile;
}

/** Waits until `look` gives something, with a generous limit: a condition, not a duration. */
export async function eventually<T>(
  look: () => Promise<T | undefined> | T | undefined,
  what: string,
  limitMs = 60_000,
): Promise<T> {
  const until = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
