import { sign, verify, type KeyObject } from 'node:crypto';
import { decodeBytes } from './base64url.ts';
import { batchedEddsa } from './batch-signature.ts';

/** The kinds of key that a unit may sign with. SM2-SM3 (GB/T 32918) joins here. */
export type SuiteName = 'EdDSA';

/** One signature to be checked. */
export interface SignatureCheck {
  input: Uint8Array;
  signature: Uint8Array;
  publicKey: KeyObject;
}

/**
 * How signatures are made and checked. Both take many inputs at once, so that a suite may sign the Merkle root of a
 * batch once, give each input its own inclusion proof as its signature value, and check a root once for a batch.
 */
export interface SignatureSuite {
  /** The `alg` of the JWS header (RFC 7515); part of what is signed. */
  readonly alg: string;
  /** The kind of key that it takes. */
  readonly keys: SuiteName;
  /** One signature per input, in order. */
  sign(inputs: readonly Uint8Array[], privateKey: KeyObject): Uint8Array[];
  /** The bytes of a signature value in base64url, or `undefined` if it can't be one of this suite. */
  readSignature(encoded: string): Uint8Array | undefined;
  /** One answer per check, in order. */
  verify(checks: readonly SignatureCheck[]): boolean[];
}

/** Ed25519 as RFC 8037 puts it into JWS: 64 bytes per signature, deterministic. */
const eddsa: SignatureSuite = {
  alg: 'EdDSA',
  keys: 'EdDSA',
  sign: (inputs, privateKey) => inputs.map((input) => sign(null, input, privateKey)),
  readSignature: (encoded) => decodeBytes(encoded, 64),
  verify: (checks) => checks.map(({ input, signature, publicKey }) => verify(null, input, publicKey, signature)),
};

const SUITES: readonly SignatureSuite[] = [eddsa, batchedEddsa];

/** The suite that signs so many inputs together with a kind of key: one alone is signed as everybody expects. */
export function suiteForSigning(keys: SuiteName, inputs: number): SignatureSuite {
  switch (keys) {
    case 'EdDSA':
      return inputs > 1 ? batchedEddsa : eddsa;
    default:
      return keys satisfies never;
  }
}

/** The suite that a header's `alg` names, or `undefined`; `none` and MACs name none. */
export function suiteForVerifying(alg: unknown): SignatureSuite | undefined {
  return SUITES.find((candidate) => candidate.alg === alg);
}
