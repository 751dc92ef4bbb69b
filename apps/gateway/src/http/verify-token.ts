import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { type Logger, NotReadyError } from '@clearance/platform';
import { followIssuerKeys, type KeyWaits } from './issuer-keys.ts';
import { type ClaimNames, CLOCK_SKEW_S, type Identity, identityOf } from './token-claims.ts';

/** Which tokens are believed. */
export interface TokenTrust {
  issuer: string;
  audience: string;
  claims: ClaimNames;
  /** The issuer's keys, when they lie on this machine; otherwise they are fetched from the issuer. */
  jwks?: JSONWebKeySet | undefined;
  /** Where the issuer publishes its keys; found by discovery when absent. */
  jwksUrl?: string | undefined;
}

/** Verifies bearer tokens of one issuer. */
export interface TokenVerifier {
  /**
   * @returns who calls; undefined if the token is not to be believed
   * @throws NotReadyError when that cannot be known now, because its key is unknown and the issuer away
   */
  verify(token: string): Promise<Identity | undefined>;
  stop(): void;
}

/** Signatures of key pairs only: `none` says nothing, and a shared secret would let everyone sign who verifies. */
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'];
/** Longer than any token that an issuer gives, and cheap to refuse. */
const MAX_TOKEN = 16_384;

/**
 * A verifier of an issuer's access tokens (RFC 8725, RFC 9068): algorithm, signature, issuer, audience, times, type.
 *
 * @param waits for tests, see {@link followIssuerKeys}
 */
export function tokenVerifier(trust: TokenTrust, log: Logger, waits?: KeyWaits): TokenVerifier {
  const { issuer, audience, claims, jwks, jwksUrl } = trust;
  const keys =
    jwks === undefined
      ? followIssuerKeys({ issuer, jwksUrl }, log, waits)
      : { find: createLocalJWKSet(jwks) as JWTVerifyGetKey, stop: () => undefined };
  return {
    verify: async (token) => {
      if (token.length > MAX_TOKEN) return undefined;
      try {
        const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          requiredClaims: ['exp', 'sub'],
          clockTolerance: CLOCK_SKEW_S,
        });
        const identity = identityOf(payload, protectedHeader, claims, Date.now());
        if (typeof identity !== 'string') return identity;
        log.debug({ code: identity }, 'token refused');
        return undefined;
      } catch (error) {
        if (error instanceof NotReadyError) throw error;
        // Codes of jose's own (ERR_JWT_EXPIRED …), never its message, which may quote a claim.
        log.debug({ code: error instanceof errors.JOSEError ? error.code : 'malformed' }, 'token refused');
        return undefined;
      }
    },
    stop: () => keys.stop(),
  };
}
