import { join } from 'node:path';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { meshHome, type MeshHome } from '@clearance/platform';
import { findNatsServer, freePort, removeHome, startNats, startPostgres, writePrivate } from '@clearance/provision';
import { SHARED_BIN } from '../../local-mesh/paths.ts';

/** What all contenders run on: one PostgreSQL, and a NATS server without users for those that know none. */
export interface BenchServers {
  readonly databaseUrl: string;
  readonly postgresPid: number;
  readonly openNatsUrl: string;
  readonly openNatsPid: number;
  /** The program, for the mesh's own server with its accounts. */
  readonly natsServer: string;
  readonly home: MeshHome;
  stop(): Promise<void>;
}

/**
 * Starts them in a temporary directory. Neither syncs to disk at each commit: the same for all contenders.
 *
 * @param options.maxConnections of PostgreSQL; a mesh takes six for each unit at most
 */
export async function startBenchServers(options: { maxConnections?: number } = {}): Promise<BenchServers> {
  const root = await mkdtemp(join(tmpdir(), 'clearance-bench-'));
  // PostgreSQL runs as another user when this is root.
  await chmod(root, 0o711);
  const home = meshHome(root);
  const stoppers: (() => Promise<unknown>)[] = [() => removeHome(home)];
  const stop = async (): Promise<void> => {
    while (stoppers.length > 0) await stoppers.pop()!();
  };
  try {
    const { binary } = await findNatsServer({ caches: [home.bin, SHARED_BIN], report: () => undefined });
    const configuration = join(root, 'open-nats.conf');
    await writePrivate(configuration, `jetstream: { store_dir: ${JSON.stringify(join(root, 'open-store'))} }\n`);
    const nats = await startNats(home, {
      binary,
      port: await freePort(),
      monitorPort: await freePort(),
      configuration,
    });
    stoppers.push(() => nats.stop());
    const postgres = await startPostgres(home, { ...options, port: await freePort(), durable: false });
    stoppers.push(() => postgres.stop());
    return {
      databaseUrl: postgres.adminUrl,
      postgresPid: postgres.pid,
      openNatsUrl: nats.url,
      openNatsPid: nats.pid,
      natsServer: binary,
      home,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
