import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { MAX_TOKEN } from '@clearance/contracts';
import { NotReadyError } from '../faults.ts';
import type { Logger } from '../logger.ts';
import { followIssuerKeys, type IssuerKeys, type KeyWaits } from './issuer-keys.ts';
import { type ClaimNames, CLOCK_SKEW_S, type Identity, identityOf } from './token-claims.ts';

/** One whose tokens are believed. */
export interface TokenIssuer {
  /** Its name, as it stands in `iss`. */
  issuer: string;
  /** Where its tokens say who somebody is. */
  claims: ClaimNames;
  /** Its keys, when they lie on this machine; otherwise they are fetched from it. */
  jwks?: JSONWebKeySet | undefined;
  /** Where it publishes its keys; found by discovery when absent. */
  jwksUrl?: string | undefined;
}

/** Which tokens are believed. */
export interface TokenTrust {
  audience: string;
  /** Each by its own keys only. */
  issuers: readonly TokenIssuer[];
  /** No token that was issued longer ago, s, or does not say when; as long as it lives if absent. */
  maxAgeS?: number;
}

/** Verifies bearer tokens. */
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

/**
 * A verifier of access tokens (RFC 8725, RFC 9068): algorithm, signature, issuer, audience, times, type. A token is held
 * to the keys of the issuer that it names: none can speak for another.
 *
 * @param waits for tests, see {@link followIssuerKeys}
 * @throws Error when two issuers have one name
 */
export function tokenVerifier(
  { audience, issuers, maxAgeS }: TokenTrust,
  log: Logger,
  waits?: KeyWaits,
): TokenVerifier {
  const known = new Map(issuers.map((each) => [each.issuer, { ...each, keys: keysOf(each, log, waits) }]));
  if (known.size !== issuers.length) throw new Error('two issuers of tokens have one name');
  const refuse = (code: string): undefined => void log.debug({ code }, 'token refused');
  return {
    verify: async (token) => {
      if (token.length > MAX_TOKEN) return undefined;
      try {
        // Not verified yet: it says by whose keys the token is to be verified, and that this issuer is claimed at all.
        const named = known.get(decodeJwt(token).iss ?? '');
        if (named === undefined) return refuse('another-issuer');
        const { issuer, claims, keys } = named;
        const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          requiredClaims: ['exp', 'sub'],
          clockTolerance: CLOCK_SKEW_S,
          ...(maxAgeS === undefined ? {} : { maxTokenAge: maxAgeS }),
        });
        const identity = identityOf(payload, protectedHeader, claims, Date.now());
        return typeof identity === 'string' ? refuse(identity) : identity;
      } catch (error) {
        if (error instanceof NotReadyError) throw error;
        // Codes of jose's own (ERR_JWT_EXPIRED …), never its message, which may quote a claim.
        return refuse(error instanceof errors.JOSEError ? error.code : 'malformed');
      }
    },
    stop: () => {
      for (const { keys } of known.values()) keys.stop();
    },
  };
}

function keysOf({ issuer, jwks, jwksUrl }: TokenIssuer, log: Logger, waits: KeyWaits | undefined): IssuerKeys {
  if (jwks === undefined) return followIssuerKeys({ issuer, jwksUrl }, log, waits);
  return { find: createLocalJWKSet(jwks) as JWTVerifyGetKey, stop: () => undefined };
}
