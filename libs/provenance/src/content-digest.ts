import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonValue } from './json.ts';

/**
 * The canonical JSON text of a value (RFC 8785): no white space, members sorted by UTF-16 code units, numbers as
 * ECMAScript writes them. Equal values have equal texts, whoever wrote them.
 *
 * @throws Error for what JSON can't carry: a number that is not finite, a lone surrogate
 */
export function canonicalJson(value: JsonValue | object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('The value has no JSON text.');
  return text;
}

/** The digest by which equal contents are known: `sha-256:` and base64url of SHA-256 over the canonical JSON. */
export function contentDigest(content: object): string {
  return `sha-256:${hash('sha256', canonicalJson(content), 'base64url')}`;
}
