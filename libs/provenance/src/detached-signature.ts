import { decodeText, encodeText } from './base64url.ts';
import { isJsonObject, parseJson } from './json.ts';
import { refuseKey, type KeyRing, type SigningKey } from './keys.ts';
import { refused, type Refused, type SignatureRefusal } from './refusals.ts';
import { suiteForSigning, suiteForVerifying } from './signature-suite.ts';
import { hasExactly } from './token-format.ts';

/** What bytes are signed as: a file, such as a negative list, a head of the ledger, or what a unit says about access. */
export type DetachedPurpose = 'file' | 'head' | 'access';

/** The `typ` by purpose; with it no signature over chosen bytes passes for a result's token, nor for another purpose. */
const DETACHED_TYPES: Record<DetachedPurpose, string> = {
  file: 'clearance-detached',
  head: 'clearance-ledger-head',
  access: 'clearance-access',
};

/** Whose signature is expected, and when it was made. */
export interface ExpectedSigner {
  /** Owner of the key in the ring, such as `policy`. */
  owner: string;
  /** Milliseconds since the epoch; the key must have been valid then. */
  at: number;
}

/** A detached signature's verification: the key it was made with, or why it is not accepted. */
export type DetachedVerification = { ok: true; keyId: string } | Refused<SignatureRefusal>;

/**
 * Signs bytes that are kept elsewhere, such as the file of a negative list: a JWS in compact form with detached,
 * unencoded payload (RFC 7515 appendix F, RFC 7797), `<header>..<signature>`, which any JOSE library verifies.
 */
export function signDetached(bytes: Uint8Array, key: SigningKey, purpose: DetachedPurpose = 'file'): string {
  const suite = suiteForSigning(key.suite, 1);
  const members = { alg: suite.alg, typ: DETACHED_TYPES[purpose], kid: key.kid, b64: false, crit: ['b64'] };
  const header = encodeText(JSON.stringify(members));
  const [signature] = suite.sign([signingInput(header, bytes)], key.privateKey);
  return `${header}..${Buffer.from(signature as Uint8Array).toString('base64url')}`;
}

/** Verifies that the expected signer has signed exactly these bytes. */
export function verifyDetached(
  bytes: Uint8Array,
  signature: string,
  ring: KeyRing,
  expected: ExpectedSigner,
  purpose: DetachedPurpose = 'file',
): DetachedVerification {
  const [, header, value] = /^([\w-]{1,1024})\.\.([\w-]{1,1024})$/.exec(signature) ?? [];
  if (header === undefined || value === undefined) return refused('malformed', 'Not a detached signature.');
  const text = decodeText(header);
  const members = text === undefined ? undefined : parseJson(text);
  if (!isJsonObject(members) || !hasExactly(members, ['alg', 'typ', 'kid', 'b64', 'crit'])) {
    return refused('malformed', 'The header is not that of a detached signature.');
  }
  const { alg, typ, kid, b64, crit } = members;
  const suite = suiteForVerifying(alg);
  if (suite === undefined || typ !== DETACHED_TYPES[purpose] || b64 !== false || JSON.stringify(crit) !== '["b64"]') {
    return refused('malformed', 'The header is not that of a detached signature.');
  }
  const key = typeof kid === 'string' ? ring.get(kid) : undefined;
  if (key === undefined) return refused('unknown-key', 'The key is not in the ring.');
  const refusal = refuseKey(key, expected.owner, expected.at);
  if (refusal !== undefined) {
    return refused(refusal, `The key ${key.kid} is not one of ${expected.owner} that is accepted for that time.`);
  }
  const raw = key.suite === suite.keys ? suite.readSignature(value) : undefined;
  const check = raw && { input: signingInput(header, bytes), signature: raw, publicKey: key.publicKey };
  if (check === undefined || suite.verify([check])[0] !== true) {
    return refused('signature-invalid', 'The signature does not verify.');
  }
  return { ok: true, keyId: key.kid };
}

function signingInput(header: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${header}.`, 'latin1'), bytes]);
}
