import { sign, verify, type KeyObject } from 'node:crypto';
import { HASH_BYTES, leafHash, merkleTree, rootFrom } from './merkle-tree.ts';
import type { SignatureCheck, SignatureSuite } from './signature-suite.ts';

/** Most inputs under one signature: a proof of six hashes, 192 bytes. */
const TREE_SIZE = 64;
const DEEPEST = Math.log2(TREE_SIZE);
const PLACE_BYTES = 2;
const SIGNATURE_BYTES = 64;

/** What is signed begins with this: no signing input of a JWS does, so that neither passes for the other. */
const CONTEXT = Buffer.from('clearance/batch-root/v1\n', 'latin1');

/**
 * One Ed25519 signature for up to 64 results: it covers the root of a Merkle tree (RFC 9162) over their signing inputs,
 * and each token's own signature value is its place in the tree, its proof and that signature. Every token can be
 * verified alone; who has many of a batch checks the root once, and per token some hashes.
 *
 * A value is, in bytes: place of the leaf (1), number of leaves (1), the hashes of its proof from below (32 each), and the
 * Ed25519 signature (64) over `clearance/batch-root/v1\n`, the number of leaves (1) and the root (32).
 */
export const batchedEddsa: SignatureSuite = {
  alg: 'EdDSA-MTH-SHA256',
  keys: 'EdDSA',
  sign: (inputs, privateKey) => {
    const values: Uint8Array[] = [];
    for (let next = 0; next < inputs.length; next += TREE_SIZE) {
      values.push(...signTree(inputs.slice(next, next + TREE_SIZE), privateKey));
    }
    return values;
  },
  readSignature: (encoded) => {
    const bytes = Buffer.from(encoded, 'base64url');
    const hashes = (bytes.length - PLACE_BYTES - SIGNATURE_BYTES) / HASH_BYTES;
    const fits = Number.isInteger(hashes) && hashes >= 0 && hashes <= DEEPEST;
    return fits && bytes.toString('base64url') === encoded ? bytes : undefined;
  },
  verify: (checks) => {
    const known = new Map<KeyObject, Map<string, boolean>>();
    return checks.map((check) => verifyOne(check, known));
  },
};

function signTree(inputs: readonly Uint8Array[], privateKey: KeyObject): Uint8Array[] {
  const { root, paths } = merkleTree(inputs);
  const signature = sign(null, statementOf(inputs.length, root), privateKey);
  return paths.map((path, index) => Buffer.concat([Buffer.of(index, inputs.length), ...path, signature]));
}

function statementOf(size: number, root: Uint8Array): Buffer {
  return Buffer.concat([CONTEXT, Buffer.of(size), root]);
}

/** @param known answers for roots that were checked before, by key */
function verifyOne(
  { input, signature: value, publicKey }: SignatureCheck,
  known: Map<KeyObject, Map<string, boolean>>,
): boolean {
  const [index, size] = value as unknown as [number, number];
  const proofEnd = value.length - SIGNATURE_BYTES;
  const path: Uint8Array[] = [];
  for (let at = PLACE_BYTES; at < proofEnd; at += HASH_BYTES) path.push(value.subarray(at, at + HASH_BYTES));
  const root = size > TREE_SIZE ? undefined : rootFrom(leafHash(input), index, size, path);
  if (root === undefined) return false;
  const signature = value.subarray(proofEnd);
  const statement = statementOf(size, root);
  const name = Buffer.concat([statement, signature]).toString('latin1');
  const ofKey = known.get(publicKey) ?? new Map<string, boolean>();
  known.set(publicKey, ofKey);
  const before = ofKey.get(name);
  if (before !== undefined) return before;
  const answer = verify(null, statement, publicKey, signature);
  ofKey.set(name, answer);
  return answer;
}
