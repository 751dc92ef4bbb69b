import { randomBytes } from 'node:crypto';
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { LocalizedText } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform';
import { DEFAULT_PORTS } from './nats-configuration.ts';
import { requirePort } from './ports.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { makeWorkshop, preparePostgresPlace, type PostgresPlace } from './postgres-place.ts';
import { codeOf, ensureHome, exists, readIfThere, writePrivate } from './private-files.ts';
import { ProvisionFault } from './provision-fault.ts';
import { runProgram } from './run-program.ts';
import { startServer, type RunningServer } from './running-server.ts';
import { commandLine, stopStaleServer } from './stale-server.ts';

/** A running PostgreSQL 18. After `kill` or `stop` the same call starts it again on its data. */
export interface PostgresServer extends RunningServer {
  /** URL of its administrator, with password. */
  readonly adminUrl: string;
  readonly port: number;
}

const title: LocalizedText = { zh: 'PostgreSQL', en: 'PostgreSQL' };
const ADMIN = 'postgres';
/** After a crash the old server's processes need a moment to notice; until then its memory counts as in use. */
const CRASH_RECOVERY_MS = 10_000;

/**
 * Starts the embedded PostgreSQL on the home's data, which is made at the first start, and waits until it answers.
 * @param options.durable false for data that nobody will miss after a power failure (tests): no fsync
 * @throws ProvisionFault `port-taken` (naming MESH_DATABASE_PORT), `already-running`, `postgres-unavailable`, `server-failed`
 */
export async function startPostgres(
  home: MeshHome,
  options: { port?: number; maxConnections?: number; durable?: boolean } = {},
): Promise<PostgresServer> {
  const port = options.port ?? DEFAULT_PORTS.database;
  const durable = options.durable ?? true;
  await ensureHome(home);
  const place = await preparePostgresPlace(home, findPostgresBinaries());
  await stopStaleServer(home, 'postgres', title, place.data, 'SIGINT');
  await requirePort(port, title, 'MESH_DATABASE_PORT');
  const password = await adminPassword(home);
  await ensureData(home, place, password, durable);
  await forgetDeadServer(place.data);
  const adminUrl = `postgresql://${ADMIN}:${password}@127.0.0.1:${port}/postgres`;
  const start = (): Promise<RunningServer> =>
    startServer(home, {
      server: 'postgres',
      title,
      command: join(place.native, 'bin', 'postgres'),
      args: ['-D', place.data, ...settings(port, options.maxConnections ?? 300, durable)],
      identity: place.identity,
      directory: '/',
      ready: () => answers(home, adminUrl),
      stopSignal: 'SIGINT',
    });
  return { ...(await afterCrash(start)), adminUrl, port };
}

/** Loopback only, no socket file, no replication. What is acknowledged is on disk, unless the data is throw-away. */
function settings(port: number, maxConnections: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: '256MB',
    max_wal_senders: 0,
    max_wal_size: '2GB',
    jit: 'off',
    // Containers give little shared memory, and no statement of the mesh gains from parallel workers.
    max_parallel_workers_per_gather: 0,
    lc_messages: 'C',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Makes the data directory in a place beside it and moves it there when it is whole: a start broken off leaves no half of one. */
async function ensureData(home: MeshHome, place: PostgresPlace, password: string, durable: boolean): Promise<void> {
  if (await exists(join(place.data, 'PG_VERSION'))) return;
  const workshop = `${place.data}.new-${randomBytes(4).toString('hex')}`;
  const passwordFile = join(workshop, 'password');
  try {
    await makeWorkshop(workshop, place.identity);
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (place.identity !== undefined) await chown(passwordFile, place.identity.uid, place.identity.gid);
    const { code, output } = await runProgram(
      join(place.native, 'bin', 'initdb'),
      [
        [
          '-D',
          join(workshop, 'data'),
          '-U',
          ADMIN,
          '--auth=scram-sha-256',
          `--pwfile=${passwordFile}`,
          '--encoding=UTF8',
        ],
        // The same order of text on every machine, whatever locales it has.
        ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        durable ? [] : ['--no-sync'],
      ].flat(),
      { identity: place.identity, directory: '/' },
    );
    if (code !== 0) throw initFailed(home, output);
    await rename(join(workshop, 'data'), place.data);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/**
 * Removes the lock that a crashed server left, unless its process is still a PostgreSQL on this data. PostgreSQL itself looks only
 * whether any process has that id, which in a fresh container is often the case.
 */
async function forgetDeadServer(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  const text = await readFile(lock, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const pid = Number(text.split('\n')[0]);
  const alive = Number.isSafeInteger(pid) && pid > 1 && (await commandLine(pid)).includes(data);
  if (!alive) await rm(lock, { force: true });
}

async function adminPassword(home: MeshHome): Promise<string> {
  const stored = (await readIfThere(home.databaseAdminPasswordFile))?.trim();
  if (stored !== undefined && stored !== '') return stored;
  const password = randomBytes(18).toString('base64url');
  await writePrivate(home.databaseAdminPasswordFile, `${password}\n`);
  return password;
}

/**
 * Whether the server answers its administrator.
 * @throws ProvisionFault `server-failed` when it refuses the password: waiting would not help
 */
async function answers(home: MeshHome, url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (codeOf(error) === '28P01') throw wrongPassword(home);
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function afterCrash(start: () => Promise<RunningServer>): Promise<RunningServer> {
  const deadline = Date.now() + CRASH_RECOVERY_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const crashed = error instanceof ProvisionFault && /pre-existing shared memory block/.test(error.detail ?? '');
      if (!crashed || Date.now() > deadline) throw error;
      await delay(200);
    }
  }
}

function initFailed(home: MeshHome, output: string): ProvisionFault {
  return new ProvisionFault(
    'server-failed',
    {
      zh: `未能在 ${home.root} 初始化 PostgreSQL 数据目录。`,
      en: `PostgreSQL's data directory could not be initialised in ${home.root}.`,
    },
    output.trim().split('\n').slice(-8).join('\n'),
  );
}

function wrongPassword(home: MeshHome): ProvisionFault {
  return new ProvisionFault('server-failed', {
    zh: `PostgreSQL 的数据与 ${home.databaseAdminPasswordFile} 中的密码不符。请恢复该文件，或以 --fresh 重新开始（数据将丢失）。`,
    en: `PostgreSQL's data does not go with the password in ${home.databaseAdminPasswordFile}. Restore that file, or begin anew with --fresh, which loses the data.`,
  });
}
