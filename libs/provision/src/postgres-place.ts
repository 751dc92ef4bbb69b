import { createHash } from 'node:crypto';
import { chown, cp, mkdir, rename, rm, stat, symlink, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MeshHome } from '@clearance/platform';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { exists } from './private-files.ts';
import { ProvisionFault } from './provision-fault.ts';
import { runProgram, type Identity } from './run-program.ts';

/** Where PostgreSQL's programs and data lie, and as whom it runs. */
export interface PostgresPlace {
  native: string;
  data: string;
  /** Set under root only, as whom PostgreSQL refuses to run. */
  identity: Identity | undefined;
}

/** Where root keeps what user `postgres` cannot reach in the repository or the home, e.g. below /root. */
const SHARED_STATE = '/var/lib/clearance-mesh';

/**
 * Decides where PostgreSQL runs. An ordinary user runs it in place. Root runs it as the owner of the data that is there, else as user
 * `postgres`, which is made if the system has none; a directory that this user cannot reach is replaced by one below
 * /var/lib/clearance-mesh, with a link at the home's place.
 * @throws ProvisionFault `postgres-unavailable` when root can make no such user
 */
export async function preparePostgresPlace(home: MeshHome, binaries: PostgresBinaries): Promise<PostgresPlace> {
  if (process.getuid?.() !== 0) return { native: binaries.native, data: home.postgresData, identity: undefined };
  const identity = (await dataOwner(home)) ?? (await postgresUser()) ?? (await makePostgresUser());
  const native = (await canReach(binaries.native, identity)) ? binaries.native : await copyOf(binaries);
  return { native, data: await dataDirectory(home, identity), identity };
}

/** Whether a user may pass through every directory down to this one, by the mode bits alone (access lists are not read). */
export async function canReach(directory: string, identity: Identity): Promise<boolean> {
  for (let at = directory; ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bit = uid === identity.uid ? 0o100 : gid === identity.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function dataDirectory(home: MeshHome, identity: Identity): Promise<string> {
  if (await exists(home.postgresData)) return realpath(home.postgresData);
  if (await canReach(home.root, identity)) return home.postgresData;
  const name = createHash('sha256').update(home.root).digest('hex').slice(0, 16);
  const place = join(SHARED_STATE, name);
  await mkdir(place, { recursive: true, mode: 0o755 });
  await rm(home.postgresData, { force: true });
  await symlink(join(place, 'postgres'), home.postgresData);
  return join(place, 'postgres');
}

async function copyOf({ native, version }: PostgresBinaries): Promise<string> {
  const target = join(SHARED_STATE, `postgresql-${version}`);
  if (await exists(target)) return target;
  const half = `${target}.${process.pid}`;
  await mkdir(SHARED_STATE, { recursive: true, mode: 0o755 });
  await cp(native, half, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  await rename(half, target).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  });
  return target;
}

/** The parent of a data directory to be: made, and given to the user that will write there. */
export async function makeWorkshop(path: string, identity: Identity | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (identity !== undefined) await chown(path, identity.uid, identity.gid);
}

async function dataOwner(home: MeshHome): Promise<Identity | undefined> {
  const owner = await stat(home.postgresData).catch(() => undefined);
  return owner === undefined || owner.uid === 0 ? undefined : { uid: owner.uid, gid: owner.gid };
}

async function postgresUser(): Promise<Identity | undefined> {
  const [user, group] = [await runProgram('id', ['-u', 'postgres']), await runProgram('id', ['-g', 'postgres'])];
  if (user.code !== 0 || group.code !== 0) return undefined;
  return { uid: Number(user.output.trim()), gid: Number(group.output.trim()) };
}

async function makePostgresUser(): Promise<Identity> {
  const shadow = ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'];
  const made = await runProgram('useradd', shadow);
  const output =
    made.code === 0 ? '' : `${made.output}\n${(await runProgram('adduser', ['-S', '-D', '-H', 'postgres'])).output}`;
  const identity = await postgresUser();
  if (identity !== undefined) return identity;
  throw new ProvisionFault(
    'postgres-unavailable',
    {
      zh: 'PostgreSQL 不能以 root 运行，且未能建立系统用户 postgres。请自行建立该用户，或以普通用户运行，或用 MESH_DATABASE_URL 指向已有的 PostgreSQL。',
      en: 'PostgreSQL does not run as root, and the system user postgres could not be made. Make it, or run as an ordinary user, or point MESH_DATABASE_URL to a PostgreSQL that runs.',
    },
    output.trim(),
  );
}
