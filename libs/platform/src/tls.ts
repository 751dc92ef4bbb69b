import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import {
  checkServerIdentity,
  type ConnectionOptions,
  createSecureContext,
  type PeerCertificate,
  type SecureContextOptions,
} from 'node:tls';
import { type Static, Type } from 'typebox';
import { followFile } from './follow-file.ts';
import { describeError } from './describe-error.ts';
import type { Logger } from './logger.ts';
import { EnvironmentError } from './read-environment.ts';

/** Older versions are refused, whatever Node's own default is made by NODE_OPTIONS. */
const MIN_VERSION = 'TLSv1.2';

const pemFile = () => Type.Optional(Type.String({ minLength: 1 }));

/** The variables of TLS, to be spread into the description of an app's environment. All are paths of PEM files. */
export const TLS_VARIABLES = {
  /** Authorities that sign the certificates of the NATS servers; without it, those that Node trusts. */
  MESH_NATS_CA: pemFile(),
  /** Certificate and key by which this process proves itself to NATS servers that ask for one. */
  MESH_NATS_CERT: pemFile(),
  MESH_NATS_KEY: pemFile(),
  /** Authorities that sign the certificate of PostgreSQL, unless a database's URL names others. */
  MESH_DATABASE_CA: pemFile(),
  /** Certificate (with its chain) and key of this process's own HTTP server, which then speaks HTTPS only. */
  MESH_HTTP_CERT: pemFile(),
  MESH_HTTP_KEY: pemFile(),
};
type TlsVariables = Static<ReturnType<typeof Type.Object<typeof TLS_VARIABLES>>>;

/** How to reach NATS by TLS: the form that the client takes, whose files it reads again at every connection. */
export interface NatsTls extends Pick<ConnectionOptions, 'minVersion' | 'checkServerIdentity'> {
  caFile?: string;
  certFile?: string;
  keyFile?: string;
}

/** Certificate and key of an HTTP server. */
export interface HttpsFiles {
  certFile: string;
  keyFile: string;
}

/** What a process was told of TLS; what is undefined is in the clear. */
export interface TlsSettings {
  nats: NatsTls | undefined;
  /** See {@link databaseTls}. */
  databaseCaFile: string | undefined;
  http: HttpsFiles | undefined;
}

/**
 * Reads what the environment says of TLS, and every file that it names. NATS is reached by TLS when a `tls://` URL or one
 * of its files says so: then all its URLs are, and a server that has none is refused.
 *
 * @param natsUrl comma-separated URLs
 * @throws EnvironmentError naming every variable and file that is unreadable, no PEM, or without its other half
 */
export function readTls(env: TlsVariables, natsUrl: string): TlsSettings {
  const faults: string[] = [];
  const check = (variable: string, use: () => unknown): void => {
    try {
      use();
    } catch (error) {
      faults.push(`${variable} ${describeError(error).message}`);
    }
  };
  const authorities = (variable: 'MESH_NATS_CA' | 'MESH_DATABASE_CA'): string | undefined => {
    const file = env[variable];
    if (file !== undefined) check(variable, () => readPem(file, requireCertificates));
    return file;
  };
  const pair = (cert: keyof TlsVariables, key: keyof TlsVariables): HttpsFiles | undefined => {
    const [certFile, keyFile] = [env[cert], env[key]];
    if (certFile === undefined && keyFile === undefined) return undefined;
    if (certFile === undefined || keyFile === undefined) {
      faults.push(`${cert} 与 and ${key} 须同时设置 go together`);
      return undefined;
    }
    check(`${cert}, ${key}`, () => httpsOptions({ certFile, keyFile }));
    return { certFile, keyFile };
  };
  const caFile = authorities('MESH_NATS_CA');
  const own = pair('MESH_NATS_CERT', 'MESH_NATS_KEY');
  const settings: TlsSettings = {
    nats:
      caFile === undefined && own === undefined && !/(^|,)tls:/.test(natsUrl)
        ? undefined
        : { ...(caFile === undefined ? {} : { caFile }), ...own, ...verifying(natsUrl) },
    databaseCaFile: authorities('MESH_DATABASE_CA'),
    http: pair('MESH_HTTP_CERT', 'MESH_HTTP_KEY'),
  };
  if (faults.length > 0) throw new EnvironmentError(`TLS 配置有误 TLS is not usable: ${faults.join('; ')}`);
  return settings;
}

/**
 * The NATS client gives a name to be verified only for servers that are named; for an address it would have Node verify
 * `localhost`. So an address is verified here, against the addresses that are configured.
 */
function verifying(natsUrl: string): Pick<ConnectionOptions, 'minVersion' | 'checkServerIdentity'> {
  const hosts = natsUrl.split(',').map((url) => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'));
  const addresses = hosts.filter((host) => isIP(host) !== 0);
  return {
    minVersion: MIN_VERSION,
    checkServerIdentity: (name: string, certificate: PeerCertificate): Error | undefined => {
      if (hosts.includes(name) || addresses.length === 0) return checkServerIdentity(name, certificate);
      const faults = addresses.map((address) => checkServerIdentity(address, certificate));
      return faults.includes(undefined) ? undefined : faults[0];
    },
  };
}

/** Thrown for a database URL that asks for TLS without its protection. */
export class InsecureDatabaseError extends Error {
  override readonly name = 'InsecureDatabaseError';
}

/** The driver's option `ssl`. */
export type DatabaseTls = Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'minVersion'> & {
  rejectUnauthorized: true;
};

/** The parameters of a PostgreSQL URL that are read here and kept from the driver, which understands some more loosely. */
const URL_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'ssl', 'uselibpqcompat'];

/**
 * How to reach a database, by its URL's `sslmode`: `verify-full` (certificate and host name are verified) or `disable`;
 * without one, `verify-full` if `caFile` is given. `sslrootcert`, `sslcert` and `sslkey` name files, which are read again
 * for each new connection, because they are replaced under a running process.
 *
 * @param caFile authorities, unless the URL names others
 * @returns the URL without these parameters, and the driver's option `ssl`
 * @throws InsecureDatabaseError for a mode that would not verify the server, or `disable` beside `caFile`
 */
export function databaseTls(url: string, caFile?: string): { url: string; ssl: false | DatabaseTls } {
  const parsed = new URL(url);
  const asked = (name: string): string | undefined => parsed.searchParams.get(name) ?? undefined;
  const mode = asked('sslmode') ?? (caFile === undefined ? 'disable' : 'verify-full');
  if ((mode !== 'verify-full' && mode !== 'disable') || asked('ssl') !== undefined) {
    throw new InsecureDatabaseError('a database URL says sslmode=verify-full or sslmode=disable, nothing between');
  }
  if (mode === 'disable' && (caFile ?? asked('sslrootcert')) !== undefined) {
    throw new InsecureDatabaseError('sslmode=disable beside an authority (MESH_DATABASE_CA, sslrootcert)');
  }
  const root = asked('sslrootcert') ?? caFile;
  const [certFile, keyFile] = [asked('sslcert'), asked('sslkey')];
  for (const name of URL_PARAMETERS) parsed.searchParams.delete(name);
  if (mode === 'disable') return { url: parsed.href, ssl: false };
  const ssl: DatabaseTls = { minVersion: MIN_VERSION, rejectUnauthorized: true };
  // `system` is libpq's word for the authorities that the machine trusts.
  if (root !== undefined && root !== 'system') rereadEachTime(ssl, 'ca', root);
  if (certFile !== undefined) rereadEachTime(ssl, 'cert', certFile);
  if (keyFile !== undefined) rereadEachTime(ssl, 'key', keyFile);
  return { url: parsed.href, ssl };
}

/**
 * The driver copies its options for each connection, and so reads the file. While it is unreadable, what was read before
 * is used: an error here would end the process.
 *
 * @throws Error naming the file, at the start
 */
function rereadEachTime(options: DatabaseTls, name: 'ca' | 'cert' | 'key', file: string): void {
  let usable = readPem(file);
  const read = (): string => {
    try {
      usable = readPem(file);
    } catch {
      // Between two versions of a file there may be none.
    }
    return usable;
  };
  Object.defineProperty(options, name, { get: read, enumerable: true, configurable: true });
}

/** Options of an HTTPS server. @throws Error naming the file that is unreadable, or both when they do not go together. */
export function httpsOptions({ certFile, keyFile }: HttpsFiles): { cert: string; key: string; minVersion: 'TLSv1.2' } {
  const options = { cert: readPem(certFile), key: readPem(keyFile), minVersion: MIN_VERSION } as const;
  try {
    createSecureContext(options);
  } catch (error) {
    throw new Error(`${certFile}, ${keyFile}: ${describeError(error).message}`, { cause: error });
  }
  return options;
}

/**
 * Has a running HTTPS server take its certificate anew when the files are replaced; connections that are open stay. While
 * the two files do not go together, the former certificate stays in use.
 */
export async function followHttps(
  server: { setSecureContext(options: ReturnType<typeof httpsOptions>): void },
  files: HttpsFiles,
  log: Logger,
): Promise<{ stop(): void }> {
  const take = (): void => {
    try {
      server.setSecureContext(httpsOptions(files));
    } catch (error) {
      log.warn({ err: describeError(error) }, 'certificate not taken; the former one stays in use');
    }
  };
  const followed = await Promise.all(
    [files.certFile, files.keyFile].map((file) => followFile(file, (text) => text, log)),
  );
  for (const file of followed) file.onChange(take);
  return {
    stop: () => {
      for (const file of followed) file.stop();
    },
  };
}

/** OpenSSL passes over an authority that it cannot read, and then trusts nobody. */
function requireCertificates(text: string): void {
  for (const block of text.split(/(?<=-----END [A-Z ]+-----)/).filter((part) => part.includes('-----BEGIN '))) {
    new X509Certificate(block);
  }
}

/** The text of a PEM file. @throws Error naming the file. */
function readPem(file: string, use: (text: string) => unknown = () => undefined): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
    if (!text.includes('-----BEGIN ')) throw new Error('no PEM');
    use(text);
  } catch (error) {
    const { code, message } = describeError(error);
    throw new Error(`${file}: ${code ?? message}`, { cause: error });
  }
  return text;
}
