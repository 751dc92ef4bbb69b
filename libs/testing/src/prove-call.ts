import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** A key to which tokens are bound, as a browser makes one: its holder proves each call (RFC 9449). */
export interface CallerKey {
  pair: Awaited<ReturnType<typeof generateKeyPair>>;
  /** RFC 7638. */
  thumbprint: string;
  /** A proof of a call; `claims` and `header` say what it should not. */
  prove(
    call: { method: string; url: string; token: string },
    claims?: JWTPayload,
    header?: { typ?: string; alg?: string; jwk?: JWK },
  ): Promise<string>;
}

/** Makes one. */
export async function newCallerKey(): Promise<CallerKey> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  return {
    pair,
    thumbprint: await calculateJwkThumbprint(jwk),
    prove: ({ method, url, token }, claims = {}, header = {}) =>
      new SignJWT({
        htm: method,
        htu: url,
        jti: randomUUID(),
        iat: Math.floor(Date.now() / 1_000),
        ath: createHash('sha256').update(token).digest('base64url'),
        ...claims,
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header })
        .sign(pair.privateKey),
  };
}
