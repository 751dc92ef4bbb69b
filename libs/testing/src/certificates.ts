import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as PEM files. */
export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

/** A certificate authority of one test. */
export interface TestAuthority {
  /** Its own certificate: what those trust who trust it. */
  caFile: string;
  /**
   * Makes a certificate for these names and addresses.
   *
   * @param options.expired it ran out an hour ago
   */
  issue(names: readonly string[], options?: { expired?: boolean }): Promise<CertificateFiles>;
  cleanup(): Promise<void>;
}

const HOUR_MS = 60 * 60 * 1_000;

/** Makes an authority whose files lie in a directory of its own. Call `cleanup` in `afterAll`. */
export async function createAuthority(name = 'test authority'): Promise<TestAuthority> {
  const directory = await mkdtemp(join(tmpdir(), 'clearance-ca-'));
  const pair = newPair();
  const authority = { name, key: pair.privateKey };
  const caFile = join(directory, 'ca.crt');
  const extensions = [extension('2.5.29.19', true, sequence(der(0x01, [0xff]))), keyUsage(0x06)];
  await writeFile(caFile, certificate(authority, name, pair.publicKey, extensions, false));
  let issued = 0;
  return {
    caFile,
    issue: async (names, { expired = false } = {}) => {
      const leaf = newPair();
      const file = join(directory, `${(issued += 1)}`);
      const subject = names[0] ?? 'nobody';
      const usage = [extension('2.5.29.17', false, sequence(...names.map(alternativeName))), keyUsage(0x80)];
      await writeFile(`${file}.crt`, certificate(authority, subject, leaf.publicKey, usage, expired));
      const key = leaf.privateKey.export({ format: 'pem', type: 'pkcs8' });
      await writeFile(`${file}.key`, key, { mode: 0o600 });
      return { certFile: `${file}.crt`, keyFile: `${file}.key` };
    },
    cleanup: () => rm(directory, { recursive: true, force: true }),
  };
}

const newPair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** An X.509 certificate of version 3 (RFC 5280), ECDSA with SHA-256, as PEM. Node can read them, and makes none. */
function certificate(
  issuer: { name: string; key: KeyObject },
  subject: string,
  key: KeyObject,
  extensions: readonly Buffer[],
  expired: boolean,
): string {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const [begins, ends] = expired ? [-2 * HOUR_MS, -HOUR_MS] : [-HOUR_MS, 24 * HOUR_MS];
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [0x01, ...randomBytes(8)]),
    algorithm,
    commonName(issuer.name),
    sequence(utcTime(Date.now() + begins), utcTime(Date.now() + ends)),
    commonName(subject),
    key.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(...extensions)),
  );
  const signed = sequence(body, algorithm, der(0x03, [0, ...sign('sha256', body, issuer.key)]));
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** A value of ASN.1 in DER. */
function der(tag: number, content: Uint8Array | readonly number[]): Buffer {
  const length = content.length;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.from([tag, ...size, ...content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, Buffer.concat(parts));

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (value: number): number[] => {
    const bytes = [value & 127];
    for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 127) | 128);
    return bytes;
  };
  return der(0x06, [first * 40 + second, ...rest.flatMap(base128)]);
}

const commonName = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(name, 'utf8')))));

/** `YYMMDDhhmmssZ` */
const utcTime = (at: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`, 'latin1'));

const extension = (id: string, critical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(id), ...(critical ? [der(0x01, [0xff])] : []), der(0x04, value));

/** The bits of RFC 5280, 4.2.1.3: 0x80 signs messages, 0x06 certificates and revocation lists. */
const keyUsage = (bits: number): Buffer => extension('2.5.29.15', true, der(0x03, [bits === 0x80 ? 7 : 1, bits]));

const alternativeName = (name: string): Buffer =>
  isIP(name) === 4 ? der(0x87, name.split('.').map(Number)) : der(0x82, Buffer.from(name, 'latin1'));
