import { encodeText } from './base64url.ts';
import { countDisclosures, foldContent, SALT_BYTES } from './fold-content.ts';
import type { SigningKey } from './keys.ts';
import { suiteForSigning } from './signature-suite.ts';
import { payloadText, TOKEN_LIMITS, TOKEN_TYPE, type ResultClaims } from './token-format.ts';

/** A result to be signed. */
export interface UnsignedResult {
  claims: ResultClaims;
  /** Plain data that JSON can carry, of whatever type; checked when it is signed. */
  content: object;
}

/** A source of this many cryptographically secure random bytes. */
export type RandomSource = (bytes: number) => Uint8Array;

/**
 * Signs a result as an SD-JWT (RFC 9901) in compact form, without key binding: `<header>.<payload>.<signature>~` and
 * each disclosure followed by `~`. Every member and array element below `content` is selectively disclosable, at every
 * level; the claims are in the clear.
 *
 * @param content validated already; it is not checked against its kind here
 * @throws TypeError if claims or content can't stand in a token (a name that SD-JWT reserves, a value JSON can't carry)
 * @throws RangeError if the content exceeds {@link TOKEN_LIMITS}
 */
export function issueToken(claims: ResultClaims, content: object, key: SigningKey, random: RandomSource): string {
  return issueTokens([{ claims, content }], key, random)[0] as string;
}

/**
 * Signs results together, in order: one draw of random bytes, and one signature for up to 64 of them. Either all are
 * signed or, as {@link issueToken} throws, none.
 */
export function issueTokens(results: readonly UnsignedResult[], key: SigningKey, random: RandomSource): string[] {
  const suite = suiteForSigning(key.suite, results.length);
  const header = encodeText(JSON.stringify({ alg: suite.alg, typ: TOKEN_TYPE, kid: key.kid }));
  const saltBytes = results.map(({ content }) => countDisclosures(content) * SALT_BYTES);
  const salts = drawSalts(saltBytes, random);
  let saltsUsed = 0;
  const folded = results.map(({ claims, content }, index) => {
    const { payload, disclosures } = foldContent(content, salts.subarray(saltsUsed));
    saltsUsed += saltBytes[index] as number;
    return { signingInput: `${header}.${encodeText(payloadText(claims, payload))}`, disclosures };
  });
  const inputs = folded.map(({ signingInput }) => Buffer.from(signingInput, 'latin1'));
  const signatures = suite.sign(inputs, key.privateKey);
  return folded.map(({ signingInput, disclosures }, index) => {
    const signature = Buffer.from(signatures[index] as Uint8Array).toString('base64url');
    const token = [`${signingInput}.${signature}`, ...disclosures, ''].join('~');
    if (token.length > TOKEN_LIMITS.characters) throw new RangeError('A content makes a token longer than allowed.');
    return token;
  });
}

function drawSalts(saltBytes: readonly number[], random: RandomSource): Uint8Array {
  const needed = saltBytes.reduce((sum, bytes) => sum + bytes, 0);
  const salts = random(needed);
  // Fewer bytes would leave the last salts empty, and what they hide open to guessing.
  if (salts.length !== needed) throw new RangeError(`The random source gave ${salts.length} bytes for ${needed}.`);
  return salts;
}
