import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { MAX_PROOF } from '@clearance/contracts';
import { CLOCK_SKEW_S } from './token-claims.ts';

/** What a proof of possession is about (RFC 9449): one call, with one token. */
export interface ProvenCall {
  method: string;
  /** Without query. */
  path: string;
  token: string;
  /** Thumbprint (RFC 7638) of the key to which the token is bound. */
  boundTo: string;
  /** The claim `body_digest` must be this: what the caller means to have done, and nothing else. Not looked at if absent. */
  bodyDigest?: string;
}

/** By what proofs may be signed; told in `WWW-Authenticate`. */
export const PROOF_ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256'];

/** How old a proof may be, s: as long as a clock of a browser may be behind, and an answer under way. */
const MAX_AGE_S = 300;

/**
 * Whether a DPoP proof is one of this call: signed by the key to which the token is bound, for this method, path and token, a
 * moment ago. Scheme and host are not compared, which a proxy may change: the token's audience says for whom it is.
 */
export async function isProven(proof: string, call: ProvenCall): Promise<boolean> {
  if (proof.length > MAX_PROOF) return false;
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: PROOF_ALGORITHMS,
      requiredClaims: ['iat', 'jti'],
      maxTokenAge: MAX_AGE_S,
      clockTolerance: CLOCK_SKEW_S,
    });
    const { htm, htu, ath, body_digest: bodyDigest } = payload;
    return (
      (await calculateJwkThumbprint(protectedHeader.jwk!)) === call.boundTo &&
      htm === call.method &&
      typeof htu === 'string' &&
      URL.parse(htu)?.pathname === call.path &&
      ath === createHash('sha256').update(call.token).digest('base64url') &&
      (call.bodyDigest === undefined || bodyDigest === call.bodyDigest)
    );
  } catch {
    return false;
  }
}
