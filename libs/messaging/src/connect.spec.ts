import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError, readTls, type NatsTls } from '@clearance/platform';
import {
  createAuthority,
  setupMesh,
  type CertificateFiles,
  type TestAuthority,
  type TestMesh,
} from '@clearance/testing';
import { connectUser, type NatsConnection, watchConnection } from './connect.ts';
import { eventually, keepLines } from './real-broker.fixture.ts';

let mesh: TestMesh;
let port: string;
let clear: string;
const open: NatsConnection[] = [];

beforeAll(async () => {
  mesh = await setupMesh({ units: ['ln.customs'], databases: false });
  port = new URL(mesh.natsUrl).port;
  clear = await readFile(mesh.home.natsConfigurationFile, 'utf8');
}, 60_000);
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
  await mesh?.cleanup();
});

async function connectSync(url: string, tls?: NatsTls): Promise<NatsConnection> {
  const credsFile = mesh.home.credsFile('ln.customs', 'sync');
  const connection = await connectUser({ url, credsFile, user: 'sync', name: 'connect.spec', tls });
  open.push(connection);
  return connection;
}

/** The fault of a connection that is refused, as a log would name it. */
async function fault(url: string, tls?: NatsTls): Promise<string> {
  return connectSync(url, tls).then(
    () => 'connected',
    (error: unknown) => {
      const { code, message } = describeError(error);
      return `${code ?? ''} ${message}`;
    },
  );
}

describe('a refused operation', () => {
  it('is in the service’s log, named by operation and subject, without what was to be sent', async () => {
    const connection = await connectSync(mesh.natsUrl);
    const { log, lines } = keepLines();
    const connected = watchConnection(connection, 'ln.customs', log);
    connection.publish('copies.hl.customs', 'a withheld value');
    connection.subscribe('_INBOX_backend.>', { callback: () => undefined });
    const refusals = (): string[] => lines.filter((line) => line.includes('broker refused an operation'));
    await eventually('two lines of the log', () => refusals().length === 2);
    expect(refusals().map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { unit: 'ln.customs', err: { message: 'Permissions Violation for Publish to "copies.hl.customs"' } },
      { unit: 'ln.customs', err: { message: 'Permissions Violation for Subscription to "_INBOX_backend.>"' } },
    ]);
    expect(lines.join()).not.toContain('withheld');
    expect(connected()).toBe(true);
  });
});

describe('NATS by TLS', () => {
  let authority: TestAuthority;
  let stranger: TestAuthority;
  let good: CertificateFiles;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'clearance-nats-tls-'));
    authority = await createAuthority('the authority');
    stranger = await createAuthority('a stranger');
    good = await authority.issue(['localhost', '127.0.0.1']);
    await present(good);
  }, 60_000);
  afterAll(async () => {
    await authority?.cleanup();
    await stranger?.cleanup();
    await rm(directory, { recursive: true, force: true });
  });

  /** Has the server show this certificate, and ask for one of `clientCa`; without any, speak in the clear. */
  async function present(certificate?: CertificateFiles, clientCa?: string): Promise<void> {
    await mesh.stopNats('stop');
    const tls =
      certificate === undefined
        ? []
        : [
            'tls: {',
            '  timeout: 10',
            `  cert_file: ${JSON.stringify(certificate.certFile)}`,
            `  key_file: ${JSON.stringify(certificate.keyFile)}`,
            ...(clientCa === undefined ? [] : [`  ca_file: ${JSON.stringify(clientCa)}`, '  verify: true']),
            '}',
          ];
    await writeFile(mesh.home.natsConfigurationFile, [clear, ...tls, ''].join('\n'));
    await mesh.startNats();
  }
  const at = (host: string): string => `tls://${host}:${port}`;
  const trusting = (url: string, ca = authority.caFile, own?: CertificateFiles): NatsTls | undefined =>
    readTls(
      {
        MESH_NATS_CA: ca,
        ...(own === undefined ? {} : { MESH_NATS_CERT: own.certFile, MESH_NATS_KEY: own.keyFile }),
      },
      url,
    ).nats;

  it.each(['localhost', '127.0.0.1'])('is verified and encrypted (%s)', async (host) => {
    const connection = await connectSync(at(host), trusting(at(host)));
    await connection.flush();
    const { connections } = (await (await fetch(`${mesh.monitorUrl}/connz`)).json()) as {
      connections: { cid: number; tls_version?: string }[];
    };
    const mine = connections.find(({ cid }) => cid === connection.info?.client_id);
    expect(mine?.tls_version).toBe('1.3');
  });

  it('signed by a stranger it is refused', async () => {
    expect(await fault(at('localhost'), trusting(at('localhost'), stranger.caFile))).toMatch(
      /^(UNABLE_TO|SELF_SIGNED)/,
    );
    // What Node trusts, when the URL alone asks for TLS.
    expect(await fault(at('localhost'))).toMatch(/^(UNABLE_TO|SELF_SIGNED)/);
  });

  it('a client that was told nothing of TLS is not let in either', async () => {
    expect(await fault(mesh.natsUrl)).toMatch(/^(UNABLE_TO|SELF_SIGNED)/);
  });

  it('with a certificate for another host it is refused, by name and by address', async () => {
    await present(await authority.issue(['elsewhere.example', '10.9.8.7']));
    for (const host of ['localhost', '127.0.0.1']) {
      expect(await fault(at(host), trusting(at(host)))).toMatch(/^ERR_TLS_CERT_ALTNAME_INVALID/);
    }
  });

  it('a certificate for localhost does not stand for an address', async () => {
    await present(await authority.issue(['localhost']));
    expect(await fault(at('127.0.0.1'), trusting(at('127.0.0.1')))).toMatch(/^ERR_TLS_CERT_ALTNAME_INVALID/);
    expect(await fault(at('localhost'), trusting(at('localhost')))).toBe('connected');
  });

  it('with a certificate that has run out it is refused', async () => {
    await present(await authority.issue(['localhost', '127.0.0.1'], { expired: true }));
    for (const host of ['localhost', '127.0.0.1']) {
      expect(await fault(at(host), trusting(at(host)))).toMatch(/^CERT_HAS_EXPIRED/);
    }
  });

  it('a server without TLS is refused, by the URL alone and by an authority alone', async () => {
    await present(undefined);
    expect(await fault(at('localhost'))).toContain("server does not support 'tls'");
    expect(await fault(mesh.natsUrl, trusting(mesh.natsUrl))).toContain("server does not support 'tls'");
    expect(await fault(mesh.natsUrl)).toBe('connected');
  });

  it('a server that asks for a certificate is shown the own one, and lets nobody in without', async () => {
    await present(good, authority.caFile);
    const url = at('localhost');
    expect(await fault(url, trusting(url))).toContain('MESH_NATS_CERT');
    expect(await fault(url, trusting(url, authority.caFile, await stranger.issue(['sync'])))).toContain(
      'MESH_NATS_CERT',
    );
    expect(await fault(url, trusting(url, authority.caFile, await authority.issue(['sync'])))).toBe('connected');
  });

  it('a running connection follows a server whose certificate another authority signs, once that is trusted', async () => {
    await present(good);
    const ca = join(directory, 'replaced-ca.pem');
    await copyFile(authority.caFile, ca);
    const connection = await connectSync(at('localhost'), trusting(at('localhost'), ca));
    const { log } = keepLines();
    const connected = watchConnection(connection, 'ln.customs', log);
    await present(await stranger.issue(['localhost']));
    await eventually('no connection', () => !connected());
    const from = (await serverLog()).length;
    await eventually('a refused handshake', async () => /TLS handshake error/.test((await serverLog()).slice(from)));
    expect(connected()).toBe(false);
    await copyFile(stranger.caFile, ca);
    await eventually('the connection', connected);
    await connection.flush();
  });

  const serverLog = (): Promise<string> => readFile(mesh.home.logFile('nats-server'), 'utf8');
});
