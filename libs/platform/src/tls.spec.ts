import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { get as httpsGet, type RequestOptions, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import {
  createAuthority,
  startTlsPostgres,
  testServers,
  type CertificateFiles,
  type TestAuthority,
  type TlsPostgres,
} from '@clearance/testing';
import { openDatabase } from './database.ts';
import { isTransient } from './faults.ts';
import { HealthModule } from './health.ts';
import { describeError } from './describe-error.ts';
import { EnvironmentError } from './read-environment.ts';
import { databaseTls, followHttps, httpsOptions, InsecureDatabaseError, readTls } from './tls.ts';

let authority: TestAuthority;
let stranger: TestAuthority;
let directory: string;
let good: CertificateFiles;
let other: CertificateFiles;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'clearance-tls-'));
  authority = await createAuthority('the authority');
  stranger = await createAuthority('a stranger');
  good = await authority.issue(['localhost', '127.0.0.1']);
  other = await authority.issue(['localhost', '127.0.0.1']);
});
afterAll(async () => {
  await authority?.cleanup();
  await stranger?.cleanup();
  await rm(directory, { recursive: true, force: true });
});

const NATS = 'nats://127.0.0.1:14222';

describe('what the environment says of TLS', () => {
  it('nothing, and nothing is by TLS', () => {
    expect(readTls({}, NATS)).toEqual({ nats: undefined, databaseCaFile: undefined, http: undefined });
  });

  it.each<[string, string, Parameters<typeof readTls>[0]]>([
    ['a tls:// URL', 'tls://nats.example:4222', {}],
    ['one tls:// URL of several', 'nats://a.example:4222,tls://b.example:4222', {}],
  ])('%s is enough for NATS, with the authorities that Node trusts', (_what, url, env) => {
    expect(readTls(env, url).nats).toEqual({ minVersion: 'TLSv1.2', checkServerIdentity: expect.any(Function) });
  });

  it('an authority is enough for NATS, whatever its URL', () => {
    expect(readTls({ MESH_NATS_CA: authority.caFile }, NATS).nats).toMatchObject({ caFile: authority.caFile });
  });

  it('all of it', () => {
    const env = {
      MESH_NATS_CA: authority.caFile,
      MESH_NATS_CERT: good.certFile,
      MESH_NATS_KEY: good.keyFile,
      MESH_DATABASE_CA: stranger.caFile,
      MESH_HTTP_CERT: other.certFile,
      MESH_HTTP_KEY: other.keyFile,
    };
    expect(readTls(env, 'tls://localhost:4222')).toMatchObject({
      nats: { caFile: authority.caFile, ...good },
      databaseCaFile: stranger.caFile,
      http: other,
    });
  });

  it('names every variable and file at fault at once, and no content', async () => {
    const noPem = join(directory, 'no.pem');
    await writeFile(noPem, 'the secret content');
    const said = (env: Parameters<typeof readTls>[0]): string => {
      try {
        readTls(env, NATS);
      } catch (error) {
        expect(error).toBeInstanceOf(EnvironmentError);
        return (error as Error).message;
      }
      return 'nothing';
    };
    const all = said({
      MESH_NATS_CA: join(directory, 'absent.pem'),
      MESH_DATABASE_CA: noPem,
      MESH_NATS_CERT: good.certFile,
      MESH_HTTP_CERT: good.certFile,
      MESH_HTTP_KEY: other.keyFile,
    });
    expect(all).toContain(`MESH_NATS_CA ${join(directory, 'absent.pem')}: ENOENT`);
    expect(all).toContain(`MESH_DATABASE_CA ${noPem}: no PEM`);
    expect(all).toContain('MESH_NATS_CERT 与 and MESH_NATS_KEY');
    expect(all).toContain(`MESH_HTTP_CERT, MESH_HTTP_KEY ${good.certFile}, ${other.keyFile}`);
    expect(all).toMatch(/key values mismatch/);
    expect(all).not.toContain('secret');
    await writeFile(noPem, '-----BEGIN CERTIFICATE-----\nthe secret content\n-----END CERTIFICATE-----\n');
    expect(said({ MESH_NATS_CA: noPem })).toContain(`MESH_NATS_CA ${noPem}: `);
    expect(said({ MESH_NATS_CA: good.keyFile })).not.toBe('nothing');
    expect(said({ MESH_NATS_CA: authority.caFile, MESH_HTTP_CERT: good.certFile, MESH_HTTP_KEY: good.keyFile })).toBe(
      'nothing',
    );
  });
});

describe('a database URL', () => {
  const base = 'postgresql://u:p%40ss@db.example:5432/d';

  it.each(['require', 'prefer', 'allow', 'verify-ca', 'no-verify', 'verify-fulll', ''])(
    'that says sslmode=%s is refused: it would not be verified, or not by every driver',
    (mode) => {
      for (const caFile of [undefined, authority.caFile]) {
        expect(() => databaseTls(`${base}?sslmode=${mode}`, caFile)).toThrow(InsecureDatabaseError);
      }
    },
  );

  it.each([
    ['ssl=true', undefined],
    ['ssl=no-verify', undefined],
    ['sslmode=disable&sslrootcert=/x', undefined],
    ['sslmode=disable', '/the-ca'],
  ])('that says %s beside the authority %s is refused', (query, caFile) => {
    expect(() => databaseTls(`${base}?${query}`, caFile)).toThrow(InsecureDatabaseError);
  });

  it('without a word of TLS is in the clear without an authority, and verified with one', () => {
    expect(databaseTls(base)).toEqual({ url: base, ssl: false });
    expect(databaseTls(`${base}?sslmode=disable`)).toEqual({ url: base, ssl: false });
    const { url, ssl } = databaseTls(`${base}?application_name=x`, authority.caFile);
    expect(url).toBe(`${base}?application_name=x`);
    expect(ssl).toMatchObject({ rejectUnauthorized: true, minVersion: 'TLSv1.2' });
  });

  it('keeps what it says of TLS from the driver, which would read it more loosely', () => {
    const { caFile } = authority;
    const said = `sslmode=verify-full&sslrootcert=${caFile}&sslcert=${good.certFile}&sslkey=${good.keyFile}&uselibpqcompat=true`;
    const { url, ssl } = databaseTls(`${base}?${said}`);
    expect(url).toBe(base);
    expect(ssl).toMatchObject({
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
      cert: expect.stringContaining('BEGIN CERTIFICATE'),
      key: expect.stringContaining('BEGIN PRIVATE KEY'),
    });
    expect(databaseTls(`${base}?sslmode=verify-full&sslrootcert=system`).ssl).not.toHaveProperty('ca');
  });

  it('names the file that is missing', () => {
    expect(() => databaseTls(base, join(directory, 'absent.pem'))).toThrow(/absent\.pem: ENOENT/);
  });
});

describe('PostgreSQL by TLS', () => {
  let postgres: TlsPostgres;
  beforeAll(async () => {
    postgres = await startTlsPostgres(good);
  }, 120_000);
  afterAll(() => postgres?.cleanup());

  const open = (url: string, caFile?: string) =>
    openDatabase({ url, migrations: [], applicationName: 'tls.spec', poolSize: 2, ...(caFile ? { caFile } : {}) });
  async function encryption(url: string, caFile?: string): Promise<unknown> {
    const database = await open(url, caFile);
    const sql = 'select ssl, version from pg_stat_ssl where pid = pg_backend_pid()';
    const [row] = (await database.query(sql)) as unknown[];
    await database.destroy();
    return row;
  }
  /** The fault, as a log would name it, and whether a service waits and tries again. */
  async function fault(url: string, caFile?: string): Promise<string> {
    const error: unknown = await open(url, caFile).then(
      (database) => database.destroy(),
      (reason: unknown) => reason,
    );
    const { code, message } = describeError(error);
    return `${code ?? ''} ${message} ${isTransient(error) ? 'transient' : ''}`;
  }
  const verified = (host: string, ca: string): string =>
    `${postgres.url(host)}?sslmode=verify-full&sslrootcert=${encodeURIComponent(ca)}`;

  it.each(['localhost', '127.0.0.1'])(
    'is verified by the URL or by the authority given beside it (%s)',
    async (host) => {
      const encrypted = { ssl: true, version: 'TLSv1.3' };
      expect(await encryption(verified(host, authority.caFile))).toEqual(encrypted);
      expect(await encryption(postgres.url(host), authority.caFile)).toEqual(encrypted);
      expect(await encryption(verified(host, authority.caFile), stranger.caFile)).toEqual(encrypted);
    },
  );

  it('in the clear it lets nobody in', async () => {
    expect(await fault(postgres.url('localhost'))).toMatch(/^28000 no pg_hba.conf entry .* no encryption/);
  });

  it('signed by a stranger it is refused', async () => {
    expect(await fault(verified('localhost', stranger.caFile))).toMatch(/^(UNABLE_TO|SELF_SIGNED)\w+ .* transient$/);
    expect(await fault(`${postgres.url('localhost')}?sslmode=verify-full`)).toMatch(
      /^(UNABLE_TO|SELF_SIGNED)\w+ .* transient$/,
    );
  });

  it('a server without TLS is refused', async () => {
    const plain = testServers().databaseUrl;
    expect(await fault(plain, authority.caFile)).toContain('The server does not support SSL connections');
    await (await open(plain)).destroy();
  });

  describe.each<[string, () => Promise<CertificateFiles>, RegExp]>([
    [
      'for another host',
      () => authority.issue(['elsewhere.example', '10.9.8.7']),
      /^ERR_TLS_CERT_ALTNAME_INVALID .* transient$/,
    ],
    [
      'that has run out',
      () => authority.issue(['localhost', '127.0.0.1'], { expired: true }),
      /^CERT_HAS_EXPIRED .* transient$/,
    ],
  ])('with a certificate %s', (_what, issue, expected) => {
    beforeAll(async () => postgres.present(await issue()), 60_000);
    afterAll(() => postgres.present(good), 60_000);
    it.each(['localhost', '127.0.0.1'])('it is refused (%s)', async (host) => {
      expect(await fault(verified(host, authority.caFile))).toMatch(expected);
    });
  });

  it('that asks for a certificate is shown the one of the URL, and lets nobody in without', async () => {
    await postgres.present(good, authority.caFile);
    const own = await authority.issue(['tester']);
    const strange = await stranger.issue(['tester']);
    const showing = ({ certFile, keyFile }: CertificateFiles): string =>
      `${verified('localhost', authority.caFile)}&sslcert=${certFile}&sslkey=${keyFile}`;
    expect(await fault(verified('localhost', authority.caFile))).toMatch(/certificate/);
    expect(await fault(showing(strange))).toMatch(/alert|certificate/);
    expect(await encryption(showing(own))).toMatchObject({ ssl: true });
    await postgres.present(good);
  }, 60_000);

  it('an authority that is replaced under a running pool is trusted at the next connection', async () => {
    const ca = join(directory, 'replaced-ca.pem');
    await copyFile(stranger.caFile, ca);
    await expect(open(postgres.url('localhost'), ca)).rejects.toThrow();
    await copyFile(authority.caFile, ca);
    const database = await open(postgres.url('localhost'), ca);
    await postgres.present(await stranger.issue(['localhost']));
    const ask = (): Promise<unknown> => database.query('select 1 as one').catch((error: unknown) => error);
    // The connection that the pool had is gone; a new one is refused until the stranger is trusted.
    for (const deadline = Date.now() + 20_000; ;) {
      const answer = await ask();
      expect(Array.isArray(answer)).toBe(false);
      expect(isTransient(answer)).toBe(true);
      if (/certificate/.test(describeError(answer).message)) break;
      if (Date.now() > deadline) throw new Error('the stranger was not refused');
    }
    await copyFile(stranger.caFile, ca);
    expect(await ask()).toEqual([{ one: 1 }]);
    // Between two versions there may be no file.
    await rm(ca);
    expect(await ask()).toEqual([{ one: 1 }]);
    await database.destroy();
    await postgres.present(good);
  }, 60_000);
});

describe('HTTP by TLS', () => {
  let app: INestApplication;
  let port: number;
  let files: CertificateFiles;
  let followed: { stop(): void };
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  beforeAll(async () => {
    files = { certFile: join(directory, 'tls.crt'), keyFile: join(directory, 'tls.key') };
    await copyFile(good.certFile, files.certFile);
    await copyFile(good.keyFile, files.keyFile);
    app = await NestFactory.create(
      HealthModule.withProbe(async () => []),
      { logger: false, httpsOptions: httpsOptions(files) },
    );
    await app.listen(0, '127.0.0.1');
    const server = app.getHttpServer() as Server;
    port = (server.address() as AddressInfo).port;
    followed = await followHttps(server, files, log);
  });
  afterAll(async () => {
    followed?.stop();
    await app?.close();
  });

  /** The status, and the serial number of the certificate that was shown; or the fault. */
  async function ask(
    path: string,
    options: RequestOptions,
  ): Promise<{ status?: number; serial?: string; fault?: string }> {
    return new Promise((resolve) => {
      const request = httpsGet({ host: 'localhost', port, path, agent: false, ...options }, (response) => {
        const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
        response.resume().once('end', () => resolve({ status: response.statusCode!, serial: serialNumber }));
      });
      request.once('error', (error) => resolve({ fault: `${describeError(error).code ?? ''} ${error.message}` }));
    });
  }
  const trusting = async (path: string, options: RequestOptions = {}) =>
    ask(path, { ca: await readFile(authority.caFile), ...options });

  it.each(['/livez', '/readyz', '/metrics'])('%s answers', async (path) => {
    expect(await trusting(path)).toMatchObject({ status: 200 });
  });

  it('a client that trusts others is not served, and neither is one that speaks HTTP', async () => {
    expect((await ask('/livez', {})).fault).toMatch(/^(UNABLE_TO|SELF_SIGNED)/);
    const plain = await new Promise((resolve) => {
      const request = httpGet({ host: 'localhost', port, path: '/livez', agent: false }, ({ statusCode }) =>
        resolve(statusCode),
      );
      request.once('error', (error) => resolve(describeError(error).code));
    });
    expect(plain).toBe('ECONNRESET');
  });

  it('TLS 1.1 is refused, 1.2 is not', async () => {
    const until = (maxVersion: 'TLSv1.1' | 'TLSv1.2') =>
      trusting('/livez', { minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' });
    expect((await until('TLSv1.1')).fault).toMatch(/protocol version|unsupported protocol/i);
    expect(await until('TLSv1.2')).toMatchObject({ status: 200 });
    expect(httpsOptions(good).minVersion).toBe('TLSv1.2');
  });

  it('a certificate that is replaced is shown from then on; one without its key is not', async () => {
    const before = (await trusting('/livez')).serial;
    await copyFile(other.certFile, files.certFile);
    await eventually('the warning', () => lines.some((line) => line.includes('the former one stays in use')));
    expect((await trusting('/livez')).serial).toBe(before);
    await copyFile(other.keyFile, files.keyFile);
    await eventually('the new certificate', async () => (await trusting('/livez')).serial !== before);
  });
});

async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (
    const deadline = Date.now() + 30_000;
    !(await holds());
    await new Promise((resolve) => setTimeout(resolve, 20))
  ) {
    if (Date.now() > deadline) throw new Error(`not within 30 s: ${what}`);
  }
}
