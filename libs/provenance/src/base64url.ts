import { isUtf8 } from 'node:buffer';

/** The base64url form (RFC 4648 section 5, no padding) of a text's UTF-8 bytes. */
export function encodeText(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** The text that base64url holds, or `undefined` if its bytes are not UTF-8. The alphabet is the caller's to check. */
export function decodeText(encoded: string): string | undefined {
  const bytes = Buffer.from(encoded, 'base64url');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/**
 * The bytes that base64url holds, or `undefined` unless it is their one canonical form. Node skips foreign characters
 * and ignores the unused bits of the last one, so that several texts would otherwise stand for the same signature.
 */
export function decodeBytes(encoded: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(encoded, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === encoded ? bytes : undefined;
}
