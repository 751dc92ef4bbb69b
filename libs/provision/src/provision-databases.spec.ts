import { randomBytes } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import pg from 'pg';
import type { MeshHome, Owner } from '@clearance/platform';
import { temporaryHome, testServers } from '@clearance/testing';
import { removeHome } from './private-files.ts';
import { databaseName, dropDatabases, provisionDatabases } from './provision-databases.ts';

const OWNERS: Owner[] = ['ln.customs', 'ln.border', 'gateway'];

let home: MeshHome;
let options: { adminUrl: string; prefix: string };
let urls: Map<Owner, string>;

beforeAll(async () => {
  home = await temporaryHome();
  options = { adminUrl: testServers().databaseUrl, prefix: `t_${randomBytes(5).toString('hex')}` };
  urls = await provisionDatabases(home, OWNERS, options);
}, 60_000);

afterAll(async () => {
  await dropDatabases(OWNERS, options);
  await removeHome(home);
});

async function as<T>(url: string | undefined, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The URL of one owner's role at another database. */
function at(owner: Owner, database: string): string {
  const url = new URL(urls.get(owner) ?? '');
  url.pathname = `/${database}`;
  return url.href;
}

describe('provisionDatabases', () => {
  it('gives each owner a database in which it can make its tables', async () => {
    for (const owner of OWNERS) {
      const { rows } = await as(urls.get(owner), async (client) => {
        await client.query('CREATE TABLE mine (id int)');
        return client.query<{ role: string; name: string }>('SELECT current_user AS role, current_database() AS name');
      });
      const name = databaseName(owner, options.prefix);
      expect(rows).toEqual([{ role: name, name }]);
    }
  });

  it.each([
    ['ln.customs', 'ln.border'],
    ['ln.border', 'ln.customs'],
    ['ln.customs', 'gateway'],
    ['gateway', 'ln.customs'],
  ] as const)('%s cannot connect to the database of %s', async (owner, other) => {
    const attempt = as(at(owner, databaseName(other, options.prefix)), (client) => client.query('SELECT 1'));
    await expect(attempt).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining('permission denied'),
    });
  });

  it.each([
    ['make a database', 'CREATE DATABASE other'],
    ['make a role', 'CREATE ROLE other'],
    ['become another', 'SET ROLE postgres'],
    ['read passwords', 'SELECT * FROM pg_authid'],
    ['read the server’s files', "SELECT pg_read_file('PG_VERSION')"],
  ])('an owner may not %s', async (_what, statement) => {
    await expect(as(urls.get('ln.customs'), (client) => client.query(statement))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('stores passwords as SCRAM verifiers', async () => {
    const { rows } = await as(options.adminUrl, (client) =>
      client.query<{ rolpassword: string }>('SELECT rolpassword FROM pg_authid WHERE rolname LIKE $1', [
        `${options.prefix}%`,
      ]),
    );
    expect(rows).toHaveLength(OWNERS.length);
    for (const { rolpassword } of rows) expect(rolpassword).toMatch(/^SCRAM-SHA-256\$/);
  });

  it('run again, keeps passwords and data', async () => {
    expect(await provisionDatabases(home, OWNERS, options)).toEqual(urls);
    const { rows } = await as(urls.get('ln.customs'), (client) => client.query('SELECT count(*)::int AS n FROM mine'));
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('writes URLs that only their user may read', async () => {
    const file = home.databaseUrlFile('ln.customs');
    expect((await readFile(file, 'utf8')).trim()).toBe(urls.get('ln.customs'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('restores a password that was changed, and replaces one that was lost', async () => {
    const role = databaseName('ln.border', options.prefix);
    await as(options.adminUrl, (client) => client.query(`ALTER ROLE ${role} PASSWORD 'other'`));
    await expect(as(urls.get('ln.border'), (client) => client.query('SELECT 1'))).rejects.toMatchObject({
      code: '28P01',
    });
    await provisionDatabases(home, OWNERS, options);
    await as(urls.get('ln.border'), (client) => client.query('SELECT * FROM mine'));

    await rm(home.databaseUrlFile('ln.border'));
    const renewed = await provisionDatabases(home, OWNERS, options);
    expect(renewed.get('ln.border')).not.toBe(urls.get('ln.border'));
    await as(renewed.get('ln.border'), (client) => client.query('SELECT * FROM mine'));
    urls = renewed;
  });

  it('needs no superuser: CREATEDB and CREATEROLE do', async () => {
    const manager = `${options.prefix}_manager`;
    await as(options.adminUrl, (client) =>
      client.query(`CREATE ROLE ${manager} LOGIN CREATEDB CREATEROLE PASSWORD 'p'`),
    );
    const url = new URL(options.adminUrl);
    [url.username, url.password] = [manager, 'p'];
    const managed = { adminUrl: url.href, prefix: `${options.prefix}_m` };
    const other = await temporaryHome();
    try {
      const made = await provisionDatabases(other, ['ln.customs'], managed);
      await as(made.get('ln.customs'), (client) => client.query('CREATE TABLE mine (id int)'));
      expect(await provisionDatabases(other, ['ln.customs'], managed)).toEqual(made);
    } finally {
      await dropDatabases(['ln.customs'], managed);
      await as(options.adminUrl, (client) => client.query(`DROP ROLE ${manager}`));
      await removeHome(other);
    }
  });
});
