/**
 * Reads the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a structured-field string (RFC 8941,
 * 3.3.3), as the draft has it, or the key as it is, as most clients send it. Both forms of a key are the same key.
 *
 * @returns 1–255 visible ASCII characters; undefined if it is anything else, two headers included
 */
export function readIdempotencyKey(header: string): string | undefined {
  const text = header.trim();
  const key = text.startsWith('"') ? unquote(text) : text;
  return key !== undefined && /^[\x21-\x7e]{1,255}$/.test(key) ? key : undefined;
}

function unquote(text: string): string | undefined {
  const inside = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)?.[1];
  return inside?.replaceAll(/\\(["\\])/g, '$1');
}
