import { once } from 'node:events';
import { chmod, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { meshHome, type MeshHome } from '@clearance/platform';
import { onFreePorts, temporaryHome } from '@clearance/testing';
import { freePort } from './ports.ts';
import { canReach } from './postgres-place.ts';
import { exists, removeHome } from './private-files.ts';
import { startPostgres, type PostgresServer } from './start-postgres.ts';

const asRoot = process.getuid?.() === 0;

let home: MeshHome;
let postgres: PostgresServer | undefined;

const start = (): Promise<PostgresServer> =>
  onFreePorts(async ([port]) => {
    postgres = await startPostgres(home, { port, durable: false });
    return postgres;
  });

async function query(server: PostgresServer, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.adminUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  home = await temporaryHome();
  await start();
}, 60_000);

beforeEach(async () => {
  if (postgres === undefined) await start();
});

afterAll(async () => {
  await postgres?.stop();
  await removeHome(home);
});

async function restart(end: (server: PostgresServer) => Promise<void>): Promise<PostgresServer> {
  await end(postgres as PostgresServer);
  return start();
}

describe('startPostgres', () => {
  it('serves PostgreSQL 18 on the loopback interface only, for 300 connections', async () => {
    const rows = await query(
      postgres as PostgresServer,
      `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('listen_addresses') AS listens,
              current_setting('max_connections')::int AS connections, current_setting('unix_socket_directories') AS sockets`,
    );
    expect(rows).toEqual([{ major: 18, listens: '127.0.0.1', connections: 300, sockets: '' }]);
  });

  it('lets nobody in without the password', async () => {
    const url = new URL((postgres as PostgresServer).adminUrl);
    url.password = 'guess';
    const client = new pg.Client({ connectionString: url.href });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps its data over a stop and over a crash', async () => {
    await query(postgres as PostgresServer, 'CREATE TABLE kept AS SELECT 1 AS id');
    const stopped = await restart((server) => server.stop());
    expect(await query(stopped, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
    const crashed = await restart((server) => server.kill());
    expect(await query(crashed, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });

  it('is not kept from starting by a lock whose process id another process has now', async () => {
    await postgres?.stop();
    const data = await realpath(home.postgresData);
    await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n5432\n\n127.0.0.1\n`);
    const server = await start();
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says at once that the password file and the data do not go together', async () => {
    await postgres?.stop();
    postgres = undefined;
    const right = await readFile(home.databaseAdminPasswordFile, 'utf8');
    await writeFile(home.databaseAdminPasswordFile, 'wrong\n');
    await expect(start()).rejects.toMatchObject({
      code: 'server-failed',
      text: { en: expect.stringContaining(home.databaseAdminPasswordFile) },
    });
    await writeFile(home.databaseAdminPasswordFile, right);
  });

  it('names MESH_DATABASE_PORT when the port is taken', async () => {
    const other = await temporaryHome();
    const server = createServer();
    const port = await freePort();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    await expect(startPostgres(other, { port })).rejects.toMatchObject({
      code: 'port-taken',
      text: {
        en: expect.stringMatching(`${port}.*MESH_DATABASE_PORT`),
        zh: expect.stringContaining('MESH_DATABASE_PORT'),
      },
    });
    server.close();
    await removeHome(other);
  });

  (asRoot ? it : it.skip)(
    'under root, runs below a directory that user postgres cannot reach, and removes all of it',
    async () => {
      const closed = await temporaryHome();
      await chmod(closed.root, 0o700);
      const inside = meshHome(join(closed.root, 'repository', '.mesh'));
      const server = await onFreePorts(([port]) => startPostgres(inside, { port, durable: false }));
      const real = await realpath(inside.postgresData);
      expect(real.startsWith(closed.root)).toBe(false);
      expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await server.stop();
      await removeHome(inside);
      expect(await exists(real)).toBe(false);
      await rm(closed.root, { recursive: true });
    },
    60_000,
  );
});

describe('canReach', () => {
  const somebody = { uid: 54_321, gid: 54_321 };

  it.each([
    [0o711, true],
    [0o755, true],
    [0o701, true],
    [0o700, false],
    [0o710, false],
    [0o744, false],
  ])('through a directory of mode %o: %s', async (mode, expected) => {
    const outer = await temporaryHome();
    const inner = join(outer.root, 'inner');
    await mkdir(inner, { mode: 0o755 });
    await chmod(outer.root, mode);
    expect(await canReach(inner, somebody)).toBe(expected);
    await removeHome(outer);
  });
});
