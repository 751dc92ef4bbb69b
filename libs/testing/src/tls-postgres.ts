import { appendFile, chown, copyFile, realpath, stat, writeFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { removeHome, startPostgres, type PostgresServer } from '@clearance/provision';
import type { CertificateFiles } from './certificates.ts';
import { onFreePorts, temporaryHome } from './servers.ts';

/** A PostgreSQL whose ordinary roles are let in by TLS only. */
export interface TlsPostgres {
  /** URL of a role with a database of its own, on this host name, without a word of TLS. */
  url(host: string): string;
  /** URL of the administrator, who is also let in without TLS. */
  adminUrl(): string;
  /** Has it show another certificate, and ask for one of its clients' if `clientCa` is given. */
  present(certificate: CertificateFiles, clientCa?: string): Promise<void>;
  cleanup(): Promise<void>;
}

/** Starts one with data of its own. Call `cleanup` in `afterAll`. */
export async function startTlsPostgres(certificate: CertificateFiles): Promise<TlsPostgres> {
  const home = await temporaryHome();
  let server: PostgresServer = await onFreePorts(([port]) => startPostgres(home, { port, durable: false }));
  const { port } = server;
  const data = await realpath(home.postgresData);
  const { uid, gid } = await stat(data);
  const own = async (file: string): Promise<void> => {
    await chmod(file, 0o600);
    if (process.getuid?.() === 0) await chown(file, uid, gid);
  };
  const install = async (source: string, name: string): Promise<void> => {
    await copyFile(source, join(data, name));
    await own(join(data, name));
  };
  const present = async (shown: CertificateFiles, clientCa?: string): Promise<void> => {
    await server.stop();
    await install(shown.certFile, 'server.crt');
    await install(shown.keyFile, 'server.key');
    if (clientCa !== undefined) await install(clientCa, 'root.crt');
    const others = `hostssl all all 127.0.0.1/32 scram-sha-256${clientCa === undefined ? '' : ' clientcert=verify-ca'}`;
    await writeFile(join(data, 'pg_hba.conf'), `host all postgres 127.0.0.1/32 scram-sha-256\n${others}\n`);
    await writeFile(join(data, 'clients.conf'), clientCa === undefined ? '' : "ssl_ca_file = 'root.crt'\n");
    await own(join(data, 'clients.conf'));
    server = await startPostgres(home, { port, durable: false });
  };
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  await admin.query(`create role tester login password 'tester'`);
  await admin.query('create database tester owner tester');
  await admin.end();
  await appendFile(join(data, 'postgresql.conf'), "\nssl = on\ninclude 'clients.conf'\n");
  await present(certificate);
  return {
    url: (host) => `postgresql://tester:tester@${host}:${port}/tester`,
    adminUrl: () => server.adminUrl,
    present,
    cleanup: async () => {
      await server.stop();
      await removeHome(home);
    },
  };
}
