import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { meshHome, type MeshHome } from '@clearance/platform';
import {
  findNatsServer,
  freePort,
  ProvisionFault,
  removeHome,
  startNats,
  startPostgres,
  writePrivate,
  type NatsServer,
} from '@clearance/provision';

/** The repository, seen from `src` and from `dist`. */
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** The environment variables by which the run's set-up tells its tests of the servers. */
const DATABASE_URL = 'CLEARANCE_TEST_DATABASE_URL';
const NATS_SERVER = 'CLEARANCE_TEST_NATS_SERVER';
const NATS_URL = 'CLEARANCE_TEST_NATS_URL';

/** The servers of one test run. */
export interface TestServers {
  /** A PostgreSQL of the run, as its administrator. */
  databaseUrl: string;
  /** The nats-server program, for meshes with a server of their own. */
  natsServer: string;
  /** A NATS server of the run with JetStream and without users, for what needs no mesh; share it by subject and stream names. */
  natsUrl: string;
}

/** The servers that the run's set-up started. Fails outside Jest's project `real`. */
export function testServers(): TestServers {
  const read = (name: string): string => {
    const value = process.env[name];
    if (value === undefined) throw new Error(`${name} is not set: this test needs the set-up of the project "real"`);
    return value;
  };
  return { databaseUrl: read(DATABASE_URL), natsServer: read(NATS_SERVER), natsUrl: read(NATS_URL) };
}

/** Starts the servers of a test run, tells the tests through the environment, and returns what ends them. */
export async function startTestServers(): Promise<() => Promise<void>> {
  const { binary } = await findNatsServer({
    caches: [join(REPOSITORY, '.mesh', 'bin')],
    report: ({ zh, en }) => console.error(`${en} / ${zh}`),
  });
  const home = await temporaryHome();
  const starts = await Promise.allSettled([
    startOpenNats(home, binary),
    // Two suites at once may each run a whole mesh.
    onFreePorts(([port]) => startPostgres(home, { port, maxConnections: 600, durable: false })),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(starts.map((start) => (start.status === 'fulfilled' ? start.value.stop() : undefined)));
    await removeHome(home);
  };
  const [nats, postgres] = starts;
  if (nats.status === 'rejected' || postgres.status === 'rejected') {
    await stop();
    throw nats.status === 'rejected' ? nats.reason : (postgres as PromiseRejectedResult).reason;
  }
  process.env[NATS_SERVER] = binary;
  process.env[NATS_URL] = nats.value.url;
  process.env[DATABASE_URL] = postgres.value.adminUrl;
  return stop;
}

/** A fresh state directory below the system's temporary one. */
export async function temporaryHome(): Promise<MeshHome> {
  const root = await mkdtemp(join(tmpdir(), 'clearance-test-'));
  // Under root PostgreSQL runs as another user, who has to pass through.
  await chmod(root, 0o711);
  return meshHome(root);
}

/**
 * Starts a server on ports that are free, and on others when somebody was faster.
 * @param start is given three ports
 */
export async function onFreePorts<T>(start: (ports: [number, number, number]) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start([await freePort(), await freePort(), await freePort()]);
    } catch (error) {
      if (!(error instanceof ProvisionFault && error.code === 'port-taken') || attempt === 5) throw error;
    }
  }
}

async function startOpenNats(home: MeshHome, binary: string): Promise<NatsServer> {
  const configuration = join(home.root, 'open-nats.conf');
  await writePrivate(configuration, `jetstream: { store_dir: ${JSON.stringify(home.natsStore)} }\n`);
  return onFreePorts(([port, monitorPort]) => startNats(home, { binary, port, monitorPort, configuration }));
}
