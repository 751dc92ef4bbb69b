import { hash } from 'node:crypto';
import { encodeText } from './base64url.ts';
import { isJsonObject, isScalar, type JsonObject, type JsonValue } from './json.ts';
import { RESERVED_NAMES, TOKEN_LIMITS } from './token-format.ts';

/** Bytes of one salt: the 128 bits that RFC 9901 section 9.3 recommends. */
export const SALT_BYTES = 16;

/** A content folded into digests: the JSON text that stands in the payload, and what its digests are of. */
export interface FoldedContent {
  payload: string;
  /** Children before their parents, siblings in the order of the content. */
  disclosures: string[];
}

interface Folding {
  salts: Buffer;
  saltsUsed: number;
  disclosures: string[];
}

/**
 * How many disclosures a content will have: one per member and per array element, at every level.
 *
 * @throws TypeError if it holds what JSON can't carry, or a member name that SD-JWT reserves
 * @throws RangeError if it is nested deeper or has more nodes than {@link TOKEN_LIMITS} allow
 */
export function countDisclosures(content: object): number {
  if (!isJsonObject(content)) throw new TypeError('A content is an object.');
  const nodes = countBelow(content, 0);
  if (nodes > TOKEN_LIMITS.disclosures) throw new RangeError('A content has more members than a token may have.');
  return nodes;
}

function countBelow(value: JsonValue, depth: number): number {
  if (value === null || typeof value !== 'object') {
    if (!isScalar(value)) throw new TypeError(`JSON can't carry a ${typeof value} such as a content has.`);
    return 0;
  }
  if (depth > TOKEN_LIMITS.depth) throw new RangeError('A content is nested deeper than a token may be.');
  let nodes = 0;
  if (Array.isArray(value)) {
    for (const element of value) nodes += 1 + countBelow(element, depth + 1);
    return nodes;
  }
  if (typeof value.toJSON === 'function') throw new TypeError('A content holds an object that is not plain data.');
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member === undefined) continue;
    if (RESERVED_NAMES.has(name) || !isScalar(name)) throw new TypeError(`A member can't be named ${name}.`);
    nodes += 1 + countBelow(member, depth + 1);
  }
  return nodes;
}

/**
 * Makes every member and every array element below a content selectively disclosable, recursively (RFC 9901 sections
 * 4.2.1, 4.2.2 and 4.2.6): a value holds only the digests of its children, so that each can be taken out alone, and
 * none can be shown without what it lies in.
 *
 * @param content as {@link countDisclosures} has accepted it
 * @param salts random bytes, {@link SALT_BYTES} for each disclosure
 */
export function foldContent(content: object, salts: Uint8Array): FoldedContent {
  const folding: Folding = {
    salts: Buffer.from(salts.buffer, salts.byteOffset, salts.byteLength),
    saltsUsed: 0,
    disclosures: [],
  };
  return { payload: fold(content as JsonObject, folding), disclosures: folding.disclosures };
}

/** The JSON text of a value in which digests stand for its children. Text is built directly: it is parsed nowhere. */
function fold(value: JsonValue, folding: Folding): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const digests: string[] = [];
  if (Array.isArray(value)) {
    for (const element of value) digests.push(disclose('', element, folding));
    return digests.length === 0 ? '[]' : `[{"...":"${digests.join('"},{"...":"')}"}]`;
  }
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member !== undefined) digests.push(disclose(`${JSON.stringify(name)},`, member, folding));
  }
  // Sorted, so that the place of a digest says nothing about the member (RFC 9901 section 4.2.4.1).
  return digests.length === 0 ? '{}' : `{"_sd":["${digests.sort().join('","')}"]}`;
}

function disclose(name: string, value: JsonValue, folding: Folding): string {
  const folded = fold(value, folding);
  const salt = folding.salts.toString('base64url', folding.saltsUsed, (folding.saltsUsed += SALT_BYTES));
  const disclosure = encodeText(`["${salt}",${name}${folded}]`);
  folding.disclosures.push(disclosure);
  return digestOf(disclosure);
}

/** The digest of a disclosure: base64url of SHA-256 over its base64url text (RFC 9901 section 4.2.3). */
export function digestOf(disclosure: string): string {
  return hash('sha256', disclosure, 'base64url');
}
