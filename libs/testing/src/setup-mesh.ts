import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { parseMesh, type Mesh, type UnitId } from '@clearance/contracts';
import type { MeshHome, Owner } from '@clearance/platform';
import {
  dropDatabases,
  ownersOf,
  provisionDatabases,
  provisionMesh,
  removeHome,
  startNats,
  type NatsServer,
} from '@clearance/provision';
import { onFreePorts, temporaryHome, testServers } from './servers.ts';

/** A mesh that belongs to one test file: its own NATS operator, server and credentials, its own databases. */
export interface TestMesh {
  readonly home: MeshHome;
  readonly mesh: Mesh;
  readonly natsUrl: string;
  /** HTTP address of the NATS monitor. */
  readonly monitorUrl: string;
  /** By owner; empty when asked for no databases. */
  readonly databaseUrls: ReadonlyMap<Owner, string>;
  /** Lets the broker crash, or its storage vanish with it, or ends it in good order; until `startNats` there is none. */
  stopNats(how: 'stop' | 'kill' | 'lose-storage'): Promise<void>;
  /** Starts the broker again on the same ports. */
  startNats(): Promise<void>;
  /** Stops and removes all that was made. */
  cleanup(): Promise<void>;
}

export interface SetupMeshOptions {
  /** Only these of the mesh's units; fewer start sooner. */
  units?: readonly UnitId[];
  /** Another mesh than the repository's `mesh.yaml`. */
  mesh?: Mesh;
  /** False when the test needs none. */
  databases?: boolean;
}

/** Provisions a throw-away mesh in the run's PostgreSQL and starts its broker. Call `cleanup` in `afterAll`. */
export async function setupMesh(options: SetupMeshOptions = {}): Promise<TestMesh> {
  const servers = testServers();
  const mesh = restrict(options.mesh ?? (await repositoryMesh()), options.units);
  const home = await temporaryHome();
  const owners = ownersOf(mesh);
  const databases = { adminUrl: servers.databaseUrl, prefix: `t_${randomBytes(5).toString('hex')}` };
  let nats: NatsServer | undefined;
  const cleanup = async (): Promise<void> => {
    await nats?.stop();
    if (options.databases !== false) await dropDatabases(owners, databases);
    await removeHome(home);
  };
  try {
    await provisionMesh(mesh, home, Date.now());
    const databaseUrls = options.databases === false ? new Map() : await provisionDatabases(home, owners, databases);
    const binary = servers.natsServer;
    const ports = await onFreePorts(async ([port, monitorPort]) => {
      nats = await startNats(home, { binary, port, monitorPort });
      return { port, monitorPort };
    });
    return {
      home,
      mesh,
      natsUrl: `nats://127.0.0.1:${ports.port}`,
      monitorUrl: `http://127.0.0.1:${ports.monitorPort}`,
      databaseUrls,
      stopNats: async (how) => {
        await (how === 'stop' ? nats?.stop() : nats?.kill());
        if (how === 'lose-storage') await rm(home.natsStore, { recursive: true, force: true });
      },
      startNats: async () => {
        nats = await startNats(home, { binary, ...ports });
      },
      cleanup,
    };
  } catch (error) {
    await cleanup();
    throw error;
  }
}

async function repositoryMesh(): Promise<Mesh> {
  const text = await readFile(fileURLToPath(new URL('../../../mesh.yaml', import.meta.url)), 'utf8');
  const parsed = parseMesh(parse(text));
  if (!parsed.ok) throw new Error(`mesh.yaml: ${JSON.stringify(parsed.violations)}`);
  return parsed.value;
}

function restrict(mesh: Mesh, units: readonly UnitId[] | undefined): Mesh {
  if (units === undefined) return mesh;
  const missing = units.filter((unit) => ![...mesh.units, ...mesh.consumers].some(({ id }) => id === unit));
  if (missing.length > 0) throw new Error(`not in the mesh: ${missing.join(', ')}`);
  const wanted = new Set(units);
  return {
    ...mesh,
    units: mesh.units.filter(({ id }) => wanted.has(id)),
    consumers: mesh.consumers.filter(({ id }) => wanted.has(id)),
  };
}
