import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { MeshHome, Owner } from '@clearance/platform';
import { readIfThere, writePrivate } from './private-files.ts';

/** Turns an owner into the name of its role and database: `clearance_ln_customs`, `clearance_gateway`. */
export function databaseName(owner: Owner, prefix = 'clearance'): string {
  return `${prefix}_${owner.replaceAll(/[.-]/g, '_')}`;
}

/**
 * Gives every owner a PostgreSQL role and a database of its own, which no other role may connect to, and writes its URL to the home.
 * Run again, it keeps databases and passwords, makes what is missing, and restores a password that was changed.
 * @param options.adminUrl URL of a superuser, or of a role with CREATEDB and CREATEROLE
 * @param options.prefix of the names; another one makes another mesh in the same server
 * @returns the URL of each owner's database
 */
export async function provisionDatabases(
  home: MeshHome,
  owners: readonly Owner[],
  options: { adminUrl: string; prefix?: string },
): Promise<Map<Owner, string>> {
  const urls = new Map<Owner, string>();
  await asAdministrator(options.adminUrl, async (admin) => {
    for (const owner of owners) {
      const name = databaseName(owner, options.prefix);
      const password = (await storedPassword(home, owner, name)) ?? randomBytes(24).toString('base64url');
      await ensureRole(admin, name, password);
      await ensureDatabase(admin, name);
      const url = new URL(options.adminUrl);
      url.username = name;
      url.password = password;
      url.pathname = `/${name}`;
      await writePrivate(home.databaseUrlFile(owner), `${url.href}\n`);
      urls.set(owner, url.href);
    }
  });
  return urls;
}

/** Removes the databases and roles again, ending connections that are open. For throw-away meshes. */
export async function dropDatabases(
  owners: readonly Owner[],
  options: { adminUrl: string; prefix?: string },
): Promise<void> {
  await asAdministrator(options.adminUrl, async (admin) => {
    for (const owner of owners) {
      const name = admin.escapeIdentifier(databaseName(owner, options.prefix));
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.query(`DROP ROLE IF EXISTS ${name}`);
    }
  });
}

async function asAdministrator(url: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

async function ensureRole(admin: pg.Client, name: string, password: string): Promise<void> {
  const role = admin.escapeIdentifier(name);
  const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  if (rowCount === 0) {
    await admin.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE`);
    // Whoever is no superuser may give a database only to a role that it can become, and drop only what it inherits.
    await admin.query(`GRANT ${role} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE`);
  }
  await admin.query("SET password_encryption = 'scram-sha-256'");
  await admin.query(`ALTER ROLE ${role} PASSWORD ${admin.escapeLiteral(password)}`);
}

async function ensureDatabase(admin: pg.Client, name: string): Promise<void> {
  const database = admin.escapeIdentifier(name);
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) {
    // From template0: the order of text is the same whatever the server was made with.
    await admin.query(
      `CREATE DATABASE ${database} OWNER ${database} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
  }
  await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
}

/** The password in the home's URL, if that URL is about the same role. */
async function storedPassword(home: MeshHome, owner: Owner, name: string): Promise<string | undefined> {
  const stored = (await readIfThere(home.databaseUrlFile(owner)))?.trim();
  if (stored === undefined || !URL.canParse(stored)) return undefined;
  const { username, password } = new URL(stored);
  return username === name && password !== '' ? decodeURIComponent(password) : undefined;
}
