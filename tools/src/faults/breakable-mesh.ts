import { mkdtemp, readFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import type { UnitId } from '@clearance/contracts';
import { loadMesh, meshHome, type Owner } from '@clearance/platform';
import { breakGlass, findNatsServer, provisionMesh, removeHome } from '@clearance/provision';
import { freeMeshPorts } from '../local-mesh/free-ports.ts';
import { SHARED_BIN } from '../local-mesh/paths.ts';
import { type LocalMesh, startLocalMesh } from '../local-mesh/start-local-mesh.ts';
import { writeMeshFile } from '../local-mesh/write-mesh-file.ts';
import type { Progress } from '../progress.ts';
import { type Broker, startBrokers } from './broker.ts';
import { type Database, startDatabase } from './database.ts';

/** A whole mesh of its own whose every part can be broken: two gateways, one broker or a cluster of three, PostgreSQL. */
export interface BreakableMesh extends LocalMesh {
  readonly brokers: readonly Broker[];
  readonly databaseServer: Database;
  /** Rows of an owner's own database. */
  query<R>(owner: Owner, sql: string, parameters?: unknown[]): Promise<R[]>;
  /** A connection that may do everything in an account, closed afterwards; to one server where it matters which. */
  asOperator<T>(holder: Owner | 'system', use: (connection: NatsConnection) => Promise<T>, server?: string): Promise<T>;
  /** Ends everything and removes the state, or leaves its directory when told to keep it. */
  remove(): Promise<void>;
}

export interface BreakableMeshOptions {
  readonly brokers: 1 | 3;
  /** ISO 8601: after this time a unit offers again what is not settled. */
  readonly reofferAfter: string;
  readonly logLevel: string;
  readonly keep: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export const GATEWAYS = 2;

/** Starts one. What was started is stopped again when a step fails. */
export async function startBreakableMesh(options: BreakableMeshOptions): Promise<BreakableMesh> {
  const { progress, signal } = options;
  const root = await mkdtemp(join(tmpdir(), 'clearance-faults-'));
  // PostgreSQL runs as another user when this is root.
  await chmod(root, 0o711);
  const home = meshHome(root);
  const stoppers: (() => Promise<unknown>)[] = [
    async () => {
      if (options.keep) progress.say(`  保留 kept: ${root}`);
      else await removeHome(home);
    },
  ];
  const remove = async (): Promise<void> => {
    while (stoppers.length > 0) await stoppers.pop()!();
  };
  try {
    const meshFile = await writeMeshFile(root, { reofferAfter: options.reofferAfter });
    await provisionMesh(await loadMesh(meshFile), home, Date.now());
    const { binary } = await findNatsServer({ caches: [home.bin, SHARED_BIN], report: () => undefined });
    const ports = await freeMeshPorts(GATEWAYS);
    const brokers = await startBrokers(home, options.brokers, binary);
    stoppers.push(() => Promise.all(brokers.map((broker) => broker.stop())));
    const databaseServer = await startDatabase(home, ports.database);
    stoppers.push(() => databaseServer.stop());
    const natsUrl = brokers.map(({ url }) => url).join(',');
    const local = await startLocalMesh({
      home,
      ports,
      natsUrl,
      databaseUrl: databaseServer.adminUrl,
      meshFile,
      gateways: GATEWAYS,
      streamReplicas: options.brokers,
      logLevel: options.logLevel,
      durable: false,
      progress,
      signal,
    });
    stoppers.push(() => local.stop());
    const databases = databasesOf(local);
    stoppers.push(() => databases.close());
    return {
      ...local,
      brokers,
      databaseServer,
      query: databases.query,
      asOperator: async (holder, use, server = natsUrl) => {
        const creds = new TextEncoder().encode(await breakGlass(home, holder, Date.now()));
        const connection = await connect({
          servers: server.split(','),
          authenticator: credsAuthenticator(creds),
          name: `fault runner, ${holder}`,
          timeout: 10_000,
        });
        try {
          return await use(connection);
        } finally {
          await connection.close();
        }
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Small pools on the owners' databases, opened when they are first asked. */
function databasesOf({ home }: LocalMesh): Pick<BreakableMesh, 'query'> & { close(): Promise<void> } {
  const pools = new Map<Owner, Promise<pg.Pool>>();
  const poolOf = (owner: Owner): Promise<pg.Pool> => {
    const known = pools.get(owner);
    if (known) return known;
    const opened = readFile(home.databaseUrlFile(owner), 'utf8').then((url) => {
      const pool = new pg.Pool({ connectionString: url.trim(), max: 1, connectionTimeoutMillis: 10_000 });
      // Without a listener a lost connection would end the process; the pool replaces it.
      pool.on('error', () => undefined);
      return pool;
    });
    pools.set(owner, opened);
    return opened;
  };
  return {
    query: async <R>(owner: UnitId | 'gateway', sql: string, parameters: unknown[] = []): Promise<R[]> =>
      (await (await poolOf(owner)).query({ text: sql, values: parameters, query_timeout: 60_000 } as pg.QueryConfig))
        .rows as R[],
    close: async () => {
      for (const pool of pools.values()) await (await pool).end().catch(() => undefined);
    },
  };
}
