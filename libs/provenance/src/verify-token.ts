import { decodeText } from './base64url.ts';
import { isJsonObject, parseJson, type JsonObject } from './json.ts';
import { refuseKey, type KeyRing, type VerificationKey } from './keys.ts';
import { refused, type KeyRefusal, type Refused, type TokenRefusal } from './refusals.ts';
import { suiteForVerifying, type SignatureCheck, type SignatureSuite } from './signature-suite.ts';
import { hasExactly, readPayload, TOKEN_LIMITS, TOKEN_TYPE, type ResultClaims } from './token-format.ts';
import { unfoldContent, type DisclosedNode } from './unfold-content.ts';

/** A token whose signature and disclosures have been checked. Not to be changed: views of it share its parts. */
export interface VerifiedToken {
  claims: ResultClaims;
  /** What is disclosed. Array elements that are not disclosed are left out, and those after them move up. */
  content: JsonObject;
  keyId: string;
  token: string;
  /** For {@link redactToken} alone. */
  index: DisclosureIndex;
}

/** Where each node of the content is disclosed. Its members are no one's to use. */
export interface DisclosureIndex {
  jwt: string;
  disclosures: string[];
  root: DisclosedNode;
  /** Digests whose disclosures are not in the token. */
  hidden: number;
}

/** A token's verification: the checked token, or why it is not accepted. */
export type Verification = { ok: true; result: VerifiedToken } | Refused<TokenRefusal>;

/** A token taken apart; all that is left to check is its signature and its disclosures. */
interface ParsedToken {
  ok: true;
  token: string;
  jwt: string;
  disclosures: string[];
  key: VerificationKey;
  suite: SignatureSuite;
  check: SignatureCheck;
  claims: ResultClaims;
  content: JsonObject;
}

/**
 * Verifies a token, redacted or not (RFC 9901 section 7.1): its form and bounds, that its key is in the ring, belongs to
 * the issuer it names and was valid when it says it was issued, its signature, and that every disclosure is referenced
 * exactly once. Stricter than the RFC in that nothing below `content` may stand in the clear, since it could not be
 * taken out; header and payload have exactly the members that {@link issueToken} writes; a key binding is refused.
 *
 * There is no clock in it: whether `issuedAt` lies in the future is the caller's to ask.
 */
export function verifyToken(token: string, ring: KeyRing): Verification {
  return verifyTokens([token], ring)[0] as Verification;
}

/** Verifies tokens together, in order; the signatures of one suite are checked in one call. */
export function verifyTokens(tokens: readonly string[], ring: KeyRing): Verification[] {
  const parsed = tokens.map((token) => parse(token, ring));
  const valid = checkSignatures(parsed.filter((one) => one.ok));
  return parsed.map((one) => {
    if (!one.ok) return one;
    return valid.has(one) ? unfoldToken(one) : refused('signature-invalid', 'The signature does not verify.');
  });
}

function checkSignatures(tokens: readonly ParsedToken[]): Set<ParsedToken> {
  const valid = new Set<ParsedToken>();
  for (const [suite, ofSuite] of Map.groupBy(tokens, ({ suite }) => suite)) {
    const answers = suite.verify(ofSuite.map(({ check }) => check));
    ofSuite.forEach((token, index) => {
      if (answers[index] === true) valid.add(token);
    });
  }
  return valid;
}

function unfoldToken({ token, jwt, disclosures, key, claims, content }: ParsedToken): Verification {
  const unfolded = unfoldContent(content, disclosures, 'refused');
  if (!unfolded.ok) return refused('disclosure-invalid', unfolded.detail);
  const index = { jwt, disclosures, root: unfolded.root, hidden: unfolded.hidden };
  return { ok: true, result: { claims, content: unfolded.value, keyId: key.kid, token, index } };
}

/** Whether a token discloses everything that its issuer signed: nothing has been taken out of it. */
export function isWhole(verified: VerifiedToken): boolean {
  return verified.index.hidden === 0;
}

/** Checks in the order of their cost; what needs no arithmetic first. */
function parse(token: string, ring: KeyRing): ParsedToken | Refused<TokenRefusal> {
  const parts = split(token);
  if (!parts.ok) return parts;
  const { jwt, disclosures, header, payload, signature } = parts;

  const members = parsePart(header);
  if (!isJsonObject(members) || !hasExactly(members, ['alg', 'typ', 'kid']) || members.typ !== TOKEN_TYPE) {
    return refused('malformed', "The header is not that of a result's token.");
  }
  const suite = suiteForVerifying(members.alg);
  if (suite === undefined) return refused('malformed', 'The signature algorithm is not one that is accepted.');
  const key = typeof members.kid === 'string' ? ring.get(members.kid) : undefined;
  if (key === undefined) return refused('unknown-key', 'The key is not in the ring.');

  const read = readPayload(parsePart(payload));
  if (read === undefined) return refused('malformed', "The payload is not that of a result's token.");
  const { claims, content, issuedAt } = read;
  const refusal = refuseKey(key, claims.issuer, issuedAt);
  if (refusal !== undefined) {
    const why = refused(refusal, keyDetail(refusal, key.kid, claims.issuedAt));
    return refusal === 'key-revoked' ? { ...why, claims } : why;
  }

  const bytes = suite.readSignature(signature);
  if (bytes === undefined || key.suite !== suite.keys) {
    return refused('signature-invalid', 'The signature is not one of this key.');
  }
  const input = Buffer.from(jwt.slice(0, -signature.length - 1), 'latin1');
  const check = { input, signature: bytes, publicKey: key.publicKey };
  return { ok: true, token, jwt, disclosures, key, suite, check, claims, content };
}

function keyDetail(refusal: KeyRefusal, kid: string, issuedAt: string): string {
  switch (refusal) {
    case 'wrong-owner':
      return `The key ${kid} is not the issuer's.`;
    case 'key-not-valid':
      return `The key ${kid} was not valid at ${issuedAt}.`;
    case 'key-revoked':
      return `The key ${kid} is not trusted with what it signed at ${issuedAt}.`;
    default:
      return refusal satisfies never;
  }
}

interface SplitToken {
  ok: true;
  jwt: string;
  disclosures: string[];
  header: string;
  payload: string;
  signature: string;
}

function split(token: string): SplitToken | Refused<'malformed'> {
  if (token.length > TOKEN_LIMITS.characters) return refused('malformed', 'The token is too long.');
  if (/[^A-Za-z0-9_~.-]/.test(token)) return refused('malformed', 'The token has characters that none may have.');
  const disclosures = token.split('~');
  if (disclosures.length > TOKEN_LIMITS.disclosures + 2) return refused('malformed', 'The token has too many parts.');
  const jwt = disclosures.shift() as string;
  if (disclosures.pop() !== '') return refused('malformed', 'The token does not end after its disclosures.');
  const [header, payload, signature, ...more] = jwt.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    return refused('malformed', 'The signed part is not a header, a payload and a signature.');
  }
  if (token.lastIndexOf('.') > jwt.length) return refused('malformed', 'A disclosure has a dot in it.');
  return { ok: true, jwt, disclosures, header, payload, signature };
}

function parsePart(encoded: string) {
  const text = decodeText(encoded);
  return text === undefined ? undefined : parseJson(text);
}
