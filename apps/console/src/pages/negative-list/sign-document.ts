/** `CryptoKey`, which a browser and Node each name in their own way. */
type WebKey = Parameters<typeof globalThis.crypto.subtle.sign>[1];

/** A policy key that has been chosen: what it signs with never leaves the page, nor can it be read out again. */
export interface ChosenKey {
  kid: string;
  privateKey: WebKey;
  publicKey: WebKey;
}

/** Why a file is not taken for a policy key. */
export type KeyFault = 'unreadable' | 'not-a-key' | 'not-private' | 'not-policy' | 'mismatched' | 'unsupported';

/** A key that is taken, or why it is not. */
export type KeyRead = { ok: true; key: ChosenKey } | { ok: false; because: KeyFault };

/** Bytes of an Ed25519 key in base64url: 32, in their one canonical form. */
const KEY_BYTES = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const POLICY = 'policy';

/**
 * Reads a policy key's file, as `mesh provision` writes it: a private Ed25519 JWK (RFC 8037) with its id and owner. The key is
 * imported so that it cannot be taken out again, and tried: a file that has the public part of another key is refused.
 */
export async function readPolicyKey(file: string): Promise<KeyRead> {
  const jwk = membersOf(file);
  if (jwk === undefined) return { ok: false, because: 'unreadable' };
  const { kid, owner, kty, crv, x, d } = jwk;
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof kid !== 'string' || !isKeyText(x)) {
    return { ok: false, because: 'not-a-key' };
  }
  if (owner === undefined ? !kid.startsWith(`${POLICY}/`) : owner !== POLICY)
    return { ok: false, because: 'not-policy' };
  if (!isKeyText(d)) return { ok: false, because: 'not-private' };
  const { subtle } = globalThis.crypto;
  // Browsers have it on pages that came by a safe way only.
  if (subtle === undefined) return { ok: false, because: 'unsupported' };
  try {
    const publicKey = await subtle.importKey('jwk', { kty, crv, x }, 'Ed25519', false, ['verify']);
    const privateKey = await subtle.importKey('jwk', { kty, crv, x, d }, 'Ed25519', false, ['sign']);
    const key = { kid, privateKey, publicKey };
    return (await isOneKey(key)) ? { ok: true, key } : { ok: false, because: 'mismatched' };
  } catch (error) {
    const unknown = error instanceof DOMException && error.name === 'NotSupportedError';
    return { ok: false, because: unknown ? 'unsupported' : 'mismatched' };
  }
}

/**
 * Signs the bytes of a list's text as libs/provenance does (`signDetached`, purpose `file`): a JWS in compact form with
 * detached, unencoded payload (RFC 7515 appendix F, RFC 7797), `<header>..<signature>`.
 */
export async function signDocument(document: string, { kid, privateKey }: ChosenKey): Promise<string> {
  const members = { alg: 'EdDSA', typ: 'clearance-detached', kid, b64: false, crit: ['b64'] };
  const header = base64url(new TextEncoder().encode(JSON.stringify(members)));
  const input = new TextEncoder().encode(`${header}.${document}`);
  const signature = await globalThis.crypto.subtle.sign('Ed25519', privateKey, input);
  return `${header}..${base64url(new Uint8Array(signature))}`;
}

/** Whether a text has the form of such a signature; whether it is one the gateway finds out. */
export function isSignatureText(text: string): boolean {
  return /^[\w-]{1,1024}\.\.[\w-]{1,1024}$/.test(text.trim());
}

async function isOneKey({ privateKey, publicKey }: ChosenKey): Promise<boolean> {
  const { subtle } = globalThis.crypto;
  const probe = new TextEncoder().encode('clearance');
  return subtle.verify('Ed25519', publicKey, await subtle.sign('Ed25519', privateKey, probe), probe);
}

function membersOf(file: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(file);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isKeyText(value: unknown): value is string {
  return typeof value === 'string' && KEY_BYTES.test(value);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
