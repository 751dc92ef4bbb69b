import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import type { KeyPair } from '@nats-io/jwt';

/** What an nkey belongs to; the value is its prefix byte (NATS nkeys: `O…`, `A…`, `U…`). */
export const NKEY_KINDS = { operator: 14 << 3, account: 0, user: 20 << 3 } as const;
export type NkeyKind = keyof typeof NKEY_KINDS;

const SEED = 18 << 3;
const PRIVATE = 15 << 3;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** PKCS #8 around a raw Ed25519 seed (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A new key pair of NATS. */
export function newKeyPair(kind: NkeyKind): KeyPair {
  return keyPair(NKEY_KINDS[kind], randomBytes(32));
}

/**
 * The key pair of a seed as text (`SU…`, `SA…`, `SO…`).
 * @throws RangeError when the text is none, or was mistyped
 */
export function keyPairOf(seed: string): KeyPair {
  const bytes = decode(seed.trim());
  const [first = 0, second = 0] = bytes;
  if (bytes.length !== 34 || (first & 0xf8) !== SEED) throw new RangeError('not an nkey seed');
  return keyPair(((first & 0x07) << 5) | (second >> 3), bytes.subarray(2));
}

/** The seed of a key pair as text. */
export function seedText(pair: KeyPair): string {
  return new TextDecoder().decode(pair.getSeed());
}

/**
 * The library's own pairs derive the public key anew, in JavaScript, at every use (7 ms, 16 ms for a signature; a mesh of twelve
 * units needs some 200); this one derives it once, by OpenSSL.
 */
function keyPair(prefix: number, raw: Buffer): KeyPair {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' });
  const open = createPublicKey(secret);
  const publicBytes = Buffer.from(open.export({ format: 'jwk' }).x ?? '', 'base64url');
  const publicKey = encode([prefix], publicBytes);
  const seed = encode([SEED | (prefix >> 5), (prefix & 31) << 3], raw);
  const never = (): never => {
    throw new Error('only curve keys seal');
  };
  return {
    getPublicKey: () => publicKey,
    getPrivateKey: () => new TextEncoder().encode(encode([PRIVATE], Buffer.concat([raw, publicBytes]))),
    getSeed: () => new TextEncoder().encode(seed),
    sign: (input) => sign(null, input, secret),
    verify: (input, signature) => verify(null, input, open, signature),
    clear: () => undefined,
    seal: never,
    open: never,
  };
}

/** Base32 (RFC 4648, no padding) of prefix, key and their CRC-16, low byte first. */
function encode(prefix: readonly number[], key: Buffer): string {
  const body = Buffer.from([...prefix, ...key]);
  const crc = crc16(body);
  let [bits, held, text] = [0, 0, ''];
  for (const byte of [...body, crc & 0xff, crc >> 8]) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= 5; held -= 5) text += BASE32[(bits >> (held - 5)) & 31];
    bits &= 0xff;
  }
  return held === 0 ? text : text + BASE32[(bits << (5 - held)) & 31];
}

/** The inverse: prefix and key. */
function decode(text: string): Buffer {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const character of text) {
    const value = BASE32.indexOf(character);
    if (value < 0) throw new RangeError('not an nkey');
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held >= 8) bytes.push((bits >> (held -= 8)) & 0xff);
  }
  // The bits that are left over carry nothing: one key has one text.
  if ((bits & ((1 << held) - 1)) !== 0) throw new RangeError('not an nkey');
  const body = Buffer.from(bytes.slice(0, -2));
  const crc = crc16(body);
  if (bytes.at(-2) !== (crc & 0xff) || bytes.at(-1) !== crc >> 8) throw new RangeError('an nkey with a wrong checksum');
  return body;
}

/** CRC-16/XMODEM: polynomial 0x1021, initially 0. */
function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}
