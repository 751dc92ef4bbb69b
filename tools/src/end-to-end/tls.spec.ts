import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { jest } from '@jest/globals';
import pg from 'pg';
import type { UnitId } from '@clearance/contracts';
import { loadMesh, type MeshHome } from '@clearance/platform';
import {
  freePort,
  ownersOf,
  provisionDatabases,
  provisionMesh,
  removeHome,
  startNats,
  watchParent,
  type NatsServer,
} from '@clearance/provision';
import {
  createAuthority,
  customsExamination,
  onFreePorts,
  startTlsPostgres,
  temporaryHome,
  testServers,
  type CertificateFiles,
  type TestAuthority,
  type TlsPostgres,
} from '@clearance/testing';
import { systemEnvironment } from '../config.ts';
import { appEntry, LIST_FILE, MESH_FILE } from '../local-mesh/paths.ts';
import { putInForce } from '../local-mesh/put-in-force.ts';
import { type Backend, find, submit } from '../traffic/backend.ts';
import { eventually } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(180_000);

/** A service process of its own, told of TLS by its environment only. */
interface Service {
  url: string;
  process: ChildProcess;
  /** What it has logged, as text. */
  log(): Promise<string>;
}

let home: MeshHome;
let authority: TestAuthority;
let stranger: TestAuthority;
let own: CertificateFiles;
/** The file of trusted authorities that all processes are given. */
let trusted: string;
let nats: NatsServer;
let natsUrl: string;
let postgres: TlsPostgres;
const services = new Map<string, Service>();
const trustedBefore = getCACertificates('default');

beforeAll(async () => {
  [authority, stranger, home] = await Promise.all([
    createAuthority('the authority'),
    createAuthority('a stranger'),
    temporaryHome(),
  ]);
  own = await authority.issue(['localhost', '127.0.0.1']);
  setDefaultCACertificates([...trustedBefore, await readFile(authority.caFile, 'utf8')]);
  trusted = join(home.root, 'trusted.pem');
  await copyFile(stranger.caFile, trusted);
  const mesh = await loadMesh(MESH_FILE);
  await provisionMesh(mesh, home, Date.now());
  // A busy client may take its time over the handshake; the default of 2 s turns load into refusals.
  const files = `cert_file: ${JSON.stringify(own.certFile)}, key_file: ${JSON.stringify(own.keyFile)}`;
  const tls = `tls: { ${files}, timeout: 10 }`;
  await writeFile(home.natsConfigurationFile, `${await readFile(home.natsConfigurationFile, 'utf8')}${tls}\n`);
  [nats, postgres] = await Promise.all([
    onFreePorts(([port, monitorPort]) => startNats(home, { binary: testServers().natsServer, port, monitorPort })),
    startTlsPostgres(own),
  ]);
  natsUrl = nats.url.replace('nats://127.0.0.1', 'tls://localhost');
  // Of TLS these URLs say nothing: MESH_DATABASE_CA does.
  await provisionDatabases(home, ownersOf(mesh), { adminUrl: postgres.adminUrl() });
  for (const app of ['gateway', 'customs-sync']) services.set(app, await start(app));
}, 240_000);

afterAll(async () => {
  for (const { process } of services.values()) {
    const ended = new Promise((resolve) => process.once('exit', resolve));
    if (process.exitCode === null && process.kill('SIGTERM')) await ended;
  }
  setDefaultCACertificates(trustedBefore);
  await Promise.all([nats?.stop(), postgres?.cleanup(), authority?.cleanup(), stranger?.cleanup()]);
  await removeHome(home);
}, 120_000);

async function start(app: string): Promise<Service> {
  const port = await freePort();
  const logFile = home.logFile(app);
  await mkdir(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(process.execPath, [appEntry(app)], {
    env: {
      ...systemEnvironment(),
      MESH_HOME: home.root,
      MESH_CONFIG: MESH_FILE,
      MESH_NATS_URL: natsUrl,
      MESH_NATS_CA: trusted,
      MESH_DATABASE_CA: trusted,
      MESH_HTTP_CERT: own.certFile,
      MESH_HTTP_KEY: own.keyFile,
      MESH_HTTP_PORT: String(port),
      CLEARANCE_HTTP_PORT: String(port),
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  if (child.pid !== undefined) child.once('exit', watchParent(child.pid));
  return { url: `https://localhost:${port}`, process: child, log: () => readFile(logFile, 'utf8') };
}

/** The status of a page, or undefined while nobody answers. */
const statusOf = (url: string): Promise<number | undefined> =>
  fetch(url).then(
    ({ status }) => status,
    () => undefined,
  );

async function backendOf(unit: UnitId): Promise<Backend> {
  const connection = await connect({
    servers: natsUrl,
    tls: { caFile: authority.caFile },
    authenticator: credsAuthenticator(await readFile(home.credsFile(unit, 'backend'))),
    inboxPrefix: '_INBOX_backend',
  });
  return { unit, connection, timeout: 10_000 };
}

it.each(['gateway', 'customs-sync'])(
  '%s waits while it cannot verify its servers: it lives, is not ready, and says why',
  async (app) => {
    const service = services.get(app)!;
    await eventually(async () => ((await statusOf(`${service.url}/livez`)) === 200 ? true : undefined), '/livez');
    const reason = /"code":"(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)"/;
    const line = (what: RegExp) =>
      eventually(
        async () => (await service.log()).split('\n').find((one) => what.test(one) && reason.test(one)),
        `a line of ${app} with the cause (${what.source})`,
      );
    await line(/database not reachable; waiting/);
    // The gateway begins with its database.
    if (app === 'customs-sync') await line(/broker not reachable; waiting/);
    expect(await statusOf(`${service.url}/readyz`)).toBe(503);
    expect(await statusOf(service.url.replace('https:', 'http:'))).toBeUndefined();
    expect(service.process.exitCode).toBeNull();
  },
);

it('once the authority is trusted, a result travels from one unit to another, by TLS all the way', async () => {
  await copyFile(authority.caFile, trusted);
  const gateway = services.get('gateway')!;
  await eventually(async () => {
    const answer = await putInForce(home, gateway.url, await readFile(LIST_FILE, 'utf8')).catch(() => undefined);
    return answer?.ok ? true : undefined;
  }, 'the list in force');
  for (const { url } of services.values()) {
    await eventually(async () => ((await statusOf(`${url}/readyz`)) === 200 ? true : undefined), `${url} ready`);
  }
  const [sender, receiver] = await Promise.all([backendOf('ln.customs'), backendOf('hl.customs')]);
  const reference = 'TLS-2026-1';
  expect(await submit(sender, customsExamination(reference))).toMatchObject({ ok: true });
  await eventually(async () => {
    const found = await find(receiver, { reference });
    return found.ok && found.value.results.length === 1 ? true : undefined;
  }, 'the copy');

  const { connections } = (await (await fetch(`${nats.monitorUrl}/connz`)).json()) as {
    connections: { tls_version?: string }[];
  };
  // Twelve accounts and its own of the gateway, four units of one agency, two backends.
  expect(connections.length).toBeGreaterThanOrEqual(19);
  expect(connections.filter(({ tls_version }) => tls_version !== '1.3')).toEqual([]);
  const admin = new pg.Client({ connectionString: postgres.adminUrl() });
  await admin.connect();
  const { rows } = await admin.query<{ application_name: string; ssl: boolean }>(
    "select distinct application_name, ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name <> '' order by 1",
  );
  await admin.end();
  const customs = ['hl', 'jl', 'ln', 'nm'].map((province) => `customs-sync ${province}.customs`);
  expect(rows).toEqual([...customs, 'gateway'].map((application_name) => ({ application_name, ssl: true })));
  await Promise.all([sender, receiver].map(({ connection }) => connection.close()));
});
