import { hash } from 'node:crypto';

/** Bytes of one hash: SHA-256. */
export const HASH_BYTES = 32;

/**
 * A Merkle tree over some inputs as RFC 9162 (section 2.1) builds it: leaves and inner nodes are hashed with different
 * prefixes, so that neither can be taken for the other, and the left half of a tree is the largest power of two.
 */
export interface MerkleTree {
  root: Buffer;
  /** Of each input, in order: the hashes beside its way to the root, from below. */
  paths: Buffer[][];
}

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const sha256 = (...parts: Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');

/** The hash of an input as a leaf. */
export function leafHash(input: Uint8Array): Buffer {
  return sha256(LEAF, input);
}

/** Builds the tree. @throws RangeError for no inputs: a tree has a root */
export function merkleTree(inputs: readonly Uint8Array[]): MerkleTree {
  if (inputs.length === 0) throw new RangeError('A Merkle tree has at least one leaf.');
  return treeOf(inputs.map(leafHash));
}

function treeOf(leaves: readonly Buffer[]): MerkleTree {
  if (leaves.length === 1) return { root: leaves[0]!, paths: [[]] };
  const half = halfOf(leaves.length);
  const left = treeOf(leaves.slice(0, half));
  const right = treeOf(leaves.slice(half));
  return {
    root: sha256(NODE, left.root, right.root),
    paths: [...left.paths.map((path) => [...path, right.root]), ...right.paths.map((path) => [...path, left.root])],
  };
}

/**
 * The root that follows from a leaf, its place and the hashes beside its way (RFC 9162, section 2.1.3.2).
 *
 * @param leaf {@link leafHash} of the input
 * @returns undefined when a tree of this size has no such place, or its path another length
 */
export function rootFrom(leaf: Buffer, index: number, size: number, path: readonly Uint8Array[]): Buffer | undefined {
  if (index >= size) return undefined;
  let root = leaf;
  let place = index;
  let last = size - 1;
  for (const beside of path) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      root = sha256(NODE, beside, root);
      // The last of an uneven row goes up alone until it has somebody on its left.
      while (place % 2 === 0) [place, last] = [place >> 1, last >> 1];
    } else root = sha256(NODE, root, beside);
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 ? root : undefined;
}

/** The largest power of two below a size: how many leaves lie on the left. */
function halfOf(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1);
}
