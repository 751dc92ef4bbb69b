import type { ResultStatus, UnitId } from '@clearance/contracts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** The `typ` of a result's token (RFC 9901 section 9.11: explicit typing, so that no other JWT passes for one). */
export const TOKEN_TYPE = 'clearance-result+sd-jwt';

/**
 * Bounds on a token, the same for who issues and who verifies: characters of the whole token, disclosures in it, and
 * levels of nesting below `content`. They hold a list of 3,000 passengers; a real result has some dozens of disclosures.
 */
export const TOKEN_LIMITS = { characters: 4 * 1024 * 1024, disclosures: 32_768, depth: 32 } as const;

/** Member names that SD-JWT keeps for itself (RFC 9901 section 4.2.1), and the one that would set a prototype. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['_sd', '...', '__proto__']);

/** What a token says in the clear, and no redaction takes out. */
export interface ResultClaims {
  /** The unit that issued the result. */
  issuer: UnitId;
  /** UUIDv7. */
  resultId: string;
  /** From 1, one more with each amendment and with the revocation. */
  version: number;
  status: ResultStatus;
  /** RFC 3339 with offset, to the millisecond. */
  issuedAt: string;
}

/** A payload's parts: the claims, and `content` as the digests leave it. */
export interface TokenPayload {
  claims: ResultClaims;
  /** When it was issued, in milliseconds since the epoch. */
  issuedAt: number;
  content: JsonObject;
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const STATUSES: Record<ResultStatus, true> = { issued: true, amended: true, revoked: true };
const PAYLOAD_MEMBERS = ['iss', 'jti', 'ver', 'status', 'iat', 'issuedAt', '_sd_alg', 'content'];

/** Milliseconds since the epoch of an RFC 3339 time with offset; NaN if it is not one. */
export function instantOf(time: unknown): number {
  return typeof time === 'string' && RFC_3339.test(time) ? Date.parse(time) : NaN;
}

/**
 * The JSON text of a payload. `iat` is in seconds, as RFC 7519 has it; `issuedAt` keeps the milliseconds.
 *
 * @param content the JSON text that {@link foldContent} made of the content
 * @throws TypeError if the claims are not what {@link readPayload} would take back
 */
export function payloadText(claims: ResultClaims, content: string): string {
  const iat = Math.floor(instantOf(claims.issuedAt) / 1000);
  const { issuer: iss, resultId: jti, version: ver, status, issuedAt } = claims;
  const payload: JsonObject = { iss, jti, ver, status, iat, issuedAt, _sd_alg: 'sha-256' };
  if (readPayload({ ...payload, content: {} }) === undefined) {
    throw new TypeError('Claims of a token: issuer, result id, version from 1, a known status, an RFC 3339 time.');
  }
  return `${JSON.stringify(payload).slice(0, -1)},"content":${content}}`;
}

/** The parts of a parsed payload, or `undefined` unless it has exactly the members and types of one. */
export function readPayload(payload: JsonValue | undefined): TokenPayload | undefined {
  if (!isJsonObject(payload) || !hasExactly(payload, PAYLOAD_MEMBERS)) return undefined;
  const { iss, jti, ver, status, iat, issuedAt, content } = payload;
  const instant = instantOf(issuedAt);
  if (typeof iss !== 'string' || iss === '' || typeof jti !== 'string' || jti === '') return undefined;
  if (typeof ver !== 'number' || !Number.isSafeInteger(ver) || ver < 1) return undefined;
  if (typeof status !== 'string' || !Object.hasOwn(STATUSES, status)) return undefined;
  if (Number.isNaN(instant) || iat !== Math.floor(instant / 1000)) return undefined;
  if (payload._sd_alg !== 'sha-256' || !isJsonObject(content)) return undefined;
  return {
    // That the issuer is a unit follows from the key ring: the key's owner must be this very string.
    claims: {
      issuer: iss as UnitId,
      resultId: jti,
      version: ver,
      status: status as ResultStatus,
      issuedAt: issuedAt as string,
    },
    issuedAt: instant,
    content,
  };
}

/** Whether an object has these members and no other. */
export function hasExactly(object: JsonObject, members: readonly string[]): boolean {
  return Object.keys(object).length === members.length && members.every((member) => Object.hasOwn(object, member));
}
