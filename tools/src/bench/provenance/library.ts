import { createHash, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { SDJwtInstance } from '@sd-jwt/core';

/** What {@link theirs} can do, on the same content and claims as we. */
export interface Library {
  issue(): Promise<string>;
  /** Checks the signature, and puts the disclosures back. */
  verify(token: string): Promise<unknown>;
  /** Takes a token apart, without checking its signature. */
  decode(token: string): Promise<Decoded>;
}

/** A token taken apart. */
export interface Decoded {
  /** The token with what a receiver may see, without the rest. */
  present(): Promise<string>;
}

/** Claims, content and key of the tokens that are issued. */
export interface Issuance {
  readonly payload: object;
  readonly content: object;
  readonly header: object;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Seconds since the epoch, at which tokens are verified. */
  readonly at: number;
  /** JSON Pointers of what is left out of a presentation. */
  readonly withheld: readonly string[];
}

const hasher = (data: string | ArrayBuffer): Uint8Array => createHash('sha256').update(String(data)).digest();

/** `@sd-jwt/core` with the operations of node:crypto that ours stands on too: Ed25519, SHA-256, salts of 16 bytes. */
export function theirs(issuance: Issuance): Library {
  const { payload, content, header, privateKey, publicKey, at, withheld } = issuance;
  const instance = new SDJwtInstance({
    omitTyp: true,
    signAlg: 'EdDSA',
    hashAlg: 'sha-256',
    hasher,
    saltGenerator: () => randomBytes(16).toString('base64url'),
    signer: (data: string) => sign(null, Buffer.from(data), privateKey).toString('base64url'),
    verifier: (data: string, signature: string) =>
      verify(null, Buffer.from(data), publicKey, Buffer.from(signature, 'base64url')),
  });
  const disclosureFrame = { content: everyNode(content) } as object;
  const presentationFrame = { content: shown(content, '', withheld) };
  return {
    issue: () => instance.issue({ ...payload, content }, disclosureFrame, { header }),
    verify: async (token) => (await instance.verify(token, { currentDate: at })).payload,
    decode: async (token) => {
      const decoded = await instance.decode(token);
      return { present: () => decoded.present(presentationFrame as never, hasher) };
    },
  };
}

/** The frame that makes every member and element selectively disclosable, at every level, as our tokens have it. */
function everyNode(value: object): object {
  const frame: Record<string, unknown> = {
    _sd: Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value),
  };
  for (const [step, member] of Object.entries(value)) {
    if (typeof member === 'object' && member !== null) frame[step] = everyNode(member as object);
  }
  return frame;
}

/** The frame of everything that is not withheld. */
function shown(value: unknown, at: string, withheld: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return true;
  const kept = Object.entries(value).filter(([step]) => !withheld.includes(`${at}/${step}`));
  return Object.fromEntries(kept.map(([step, member]) => [step, shown(member, `${at}/${step}`, withheld)]));
}
