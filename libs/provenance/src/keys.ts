import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { decodeBytes } from './base64url.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import type { KeyRefusal } from './refusals.ts';
import type { SuiteName } from './signature-suite.ts';

/** A private key and the id that tokens name it by. */
export interface SigningKey {
  kid: string;
  suite: SuiteName;
  privateKey: KeyObject;
}

/** A public key, whose it is, and when it may have signed. */
export interface VerificationKey {
  kid: string;
  /** The unit, or another signer such as `policy`, that alone may sign with it. */
  owner: string;
  suite: SuiteName;
  publicKey: KeyObject;
  /** First instant, in milliseconds since the epoch, that it may sign. */
  notBefore: number;
  /** First instant, in milliseconds since the epoch, that it may sign no more; what it signed before stays valid. */
  notAfter?: number;
  /** The instant, in milliseconds since the epoch, from which somebody else may have signed with it. */
  revokedAt?: number;
}

/**
 * The keys that signatures are checked by. A key that is rotated out stays in it with `notAfter`, a key that was stolen
 * with `revokedAt`: what it signed before stays valid. Its holder can date what it signs as it likes, so whoever takes a
 * signature of a revoked key for the first time must know by other means that it is old.
 */
export type KeyRing = ReadonlyMap<string, VerificationKey>;

/** One key of a trust document: a JWK (RFC 8037) with its owner and its validity, in milliseconds since the epoch. */
export interface TrustedKey {
  kid: string;
  owner: string;
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  notBefore: number;
  notAfter?: number;
  revokedAt?: number;
}

/** The public keys of a mesh, in the form of a JWK Set (RFC 7517 section 5). */
export interface TrustDocument {
  keys: TrustedKey[];
}

/**
 * Reads a trust document.
 *
 * @throws TypeError naming the key and what is wrong with it: half a ring would be worse than none. A private member
 *   `d` is refused too, as a secret that has got into a public document.
 */
export function keyRing(document: unknown): KeyRing {
  if (!isJsonObject(document) || !Array.isArray(document.keys)) {
    throw new TypeError('A trust document is an object with an array of keys.');
  }
  const ring = new Map<string, VerificationKey>();
  for (const [index, entry] of document.keys.entries()) {
    const key = verificationKey(entry, `Key ${index} of the trust document`);
    if (ring.has(key.kid)) throw new TypeError(`The trust document has the key ${key.kid} twice.`);
    ring.set(key.kid, key);
  }
  return ring;
}

function verificationKey(entry: JsonValue, where: string): VerificationKey {
  const jwk = ed25519Jwk(entry, where);
  const { kid, owner, x, notBefore, notAfter, revokedAt } = jwk;
  if (Object.hasOwn(jwk, 'd')) throw new TypeError(`${where} is private.`);
  if (!isName(owner)) throw new TypeError(`${where} has no owner.`);
  if (!isInstant(notBefore)) throw new TypeError(`${where} has no notBefore in milliseconds.`);
  if (notAfter !== undefined && !(isInstant(notAfter) && notAfter > notBefore)) {
    throw new TypeError(`${where} has a notAfter that is not milliseconds after its notBefore.`);
  }
  if (revokedAt !== undefined && !isInstant(revokedAt)) {
    throw new TypeError(`${where} has a revokedAt that is not in milliseconds.`);
  }
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: x as string }, format: 'jwk' });
  return { kid: kid as string, owner, suite: 'EdDSA', publicKey, notBefore, ...ends({ notAfter, revokedAt }) };
}

/** The ends of a key's validity that there are; an absent one is no member. */
function ends({ notAfter, revokedAt }: { notAfter?: number | undefined; revokedAt?: number | undefined }): {
  notAfter?: number;
  revokedAt?: number;
} {
  return { ...(notAfter === undefined ? {} : { notAfter }), ...(revokedAt === undefined ? {} : { revokedAt }) };
}

/**
 * Why a key may not have signed what its owner is said to have signed at `at`; undefined when it may.
 *
 * @param owner who is said to have signed
 * @param at milliseconds since the epoch; NaN is no time at which a key is valid
 */
export function refuseKey(key: VerificationKey, owner: string, at: number): KeyRefusal | undefined {
  if (key.owner !== owner) return 'wrong-owner';
  if (!(at >= key.notBefore)) return 'key-not-valid';
  if (at >= (key.revokedAt ?? Infinity)) return 'key-revoked';
  return at >= (key.notAfter ?? Infinity) ? 'key-not-valid' : undefined;
}

/**
 * Whether a signature that was verified once still stands: the ring of today knows its key, and has not taken back what
 * it signed at that time.
 *
 * @param signed.at milliseconds since the epoch
 */
export function stillStands(ring: KeyRing, signed: { keyId: string; owner: string; at: number }): boolean {
  const key = ring.get(signed.keyId);
  return key !== undefined && refuseKey(key, signed.owner, signed.at) === undefined;
}

/** Whether a key has been revoked, from whatever time on; false for one that nobody knows. */
export function isRevoked(ring: KeyRing, kid: string): boolean {
  return ring.get(kid)?.revokedAt !== undefined;
}

/** The trust document of these keys, as {@link keyRing} reads it. */
export function exportTrust(keys: Iterable<VerificationKey>): TrustDocument {
  const entries = Array.from(keys, ({ kid, owner, publicKey, notBefore, notAfter, revokedAt }): TrustedKey => {
    const x = publicKey.export({ format: 'jwk' }).x as string;
    return { kid, owner, kty: 'OKP', crv: 'Ed25519', x, notBefore, ...ends({ notAfter, revokedAt }) };
  });
  return { keys: entries };
}

/**
 * Reads a private key from its JWK (RFC 8037) with `kid`.
 *
 * @throws TypeError if it is none, or if its public part belongs to another key (nobody could verify what it signs)
 */
export function signingKey(jwk: unknown): SigningKey {
  const { kid, x, d } = ed25519Jwk(jwk, 'The signing key');
  if (typeof d !== 'string' || decodeBytes(d, 32) === undefined) throw new TypeError('The signing key is not private.');
  const key = { kty: 'OKP', crv: 'Ed25519', x: x as string, d };
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  if (createPublicKey(privateKey).export({ format: 'jwk' }).x !== x) {
    throw new TypeError('The signing key has the public part of another key.');
  }
  return { kid: kid as string, suite: 'EdDSA', privateKey };
}

/**
 * A name for a new key: its owner, the day (UTC) from which it may sign, and the first four hexadecimal digits of its
 * JWK thumbprint (RFC 7638, SHA-256), which tell two keys of one day apart: `ln.customs/20261121-9f3a`.
 *
 * @param notBefore milliseconds since the epoch
 */
export function generateKeyId(owner: string, notBefore: number, publicKey: KeyObject): string {
  const { crv, kty, x } = publicKey.export({ format: 'jwk' });
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('hex');
  return `${owner}/${new Date(notBefore).toISOString().slice(0, 10).replaceAll('-', '')}-${thumbprint.slice(0, 4)}`;
}

function ed25519Jwk(entry: unknown, where: string): JsonObject {
  if (!isJsonObject(entry)) throw new TypeError(`${where} is not an object.`);
  if (!isName(entry.kid)) throw new TypeError(`${where} has no kid.`);
  if (entry.kty !== 'OKP' || entry.crv !== 'Ed25519') throw new TypeError(`${where} is not an Ed25519 key.`);
  if (typeof entry.x !== 'string' || decodeBytes(entry.x, 32) === undefined) {
    throw new TypeError(`${where} has no public part of 32 bytes in base64url.`);
  }
  return entry;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}
