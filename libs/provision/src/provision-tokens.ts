import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { createLocalJWKSet, jwtVerify, SignJWT, type JWK } from 'jose';
import type { UnitId } from '@clearance/contracts';
import { TOKEN_ROLES, type MeshHome, type TokenRole } from '@clearance/platform/command';
import { readIfThere, writePrivate } from './private-files.ts';

/** `iss` and `aud` of the development tokens: what the gateway must expect of them. */
export const TOKEN_ISSUER = 'clearance-mesh';
export const TOKEN_AUDIENCE = 'clearance-gateway';

const DAY = 24 * 60 * 60 * 1000;
const LIFE = 365 * DAY;
/** A token with less than this left is replaced. */
const LEFT = 30 * DAY;

/**
 * Issues the HTTP bearer tokens of a mesh that has no identity provider: EdDSA JWTs (RFC 8725 profile: fixed algorithm, issuer,
 * audience, expiry) with a `roles` claim and a subject each, and the JWKS by which the gateway verifies them. There is one
 * for each role, and one for each unit (role `unit`, claim `unit`). Tokens still good stay.
 * @param units units and other consumers
 * @param now ms since the epoch
 * @returns the files that were written
 */
export async function provisionTokens(home: MeshHome, units: readonly UnitId[], now: number): Promise<string[]> {
  const written: string[] = [];
  const write = async (path: string, text: string): Promise<void> => {
    if (await writePrivate(path, text)) written.push(path);
  };
  const stored = await readIfThere(home.tokenKeyFile);
  const key = stored === undefined ? newIssuerKey() : (JSON.parse(stored) as JWK);
  if (stored === undefined) await write(home.tokenKeyFile, `${JSON.stringify(key, null, 2)}\n`);
  const { d: secret, ...open } = key;
  if (secret === undefined) throw new Error(`${home.tokenKeyFile} holds no private key`);
  const jwks = { keys: [open] };
  await write(home.jwksFile, `${JSON.stringify(jwks, null, 2)}\n`);
  const holders: TokenHolder[] = [
    ...TOKEN_ROLES.map((role) => ({ path: home.tokenFile(role), subject: `local-${role}`, claims: { roles: [role] } })),
    ...units.map((unit) => ({
      path: home.tokenFile(unit),
      subject: `local-unit-${unit}`,
      claims: { roles: ['unit'], unit },
    })),
  ];
  for (const holder of holders) {
    const token = (await readIfThere(holder.path))?.trim();
    if (token === undefined || !(await stillGood(token, holder, jwks, now)))
      await write(holder.path, `${await issue(holder, key, now)}\n`);
  }
  return written;
}

/** Who a token is for: its subject is nobody else's, so that two of them are two persons. */
interface TokenHolder {
  path: string;
  subject: string;
  claims: { roles: string[]; unit?: UnitId };
}

/**
 * Issues one more token, as an identity provider would: for a person with several roles, say.
 *
 * @param now ms since the epoch
 * @throws when the home has no token key
 */
export async function issueToken(
  home: MeshHome,
  { subject, roles }: { subject: string; roles: readonly TokenRole[] },
  now: number,
): Promise<string> {
  const stored = await readIfThere(home.tokenKeyFile);
  if (stored === undefined) throw new Error(`${home.tokenKeyFile} is not there`);
  return issue({ subject, claims: { roles: [...roles] } }, JSON.parse(stored) as JWK, now);
}

function newIssuerKey(): JWK {
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { ...key, alg: 'EdDSA', use: 'sig', kid: `http/${randomBytes(4).toString('hex')}` } as JWK;
}

async function issue({ subject, claims }: Omit<TokenHolder, 'path'>, key: JWK, now: number): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: key.kid ?? '' })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject(subject)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor((now + LIFE) / 1000))
    .sign(createPrivateKey({ key: key as never, format: 'jwk' }));
}

async function stillGood(
  token: string,
  { subject, claims }: TokenHolder,
  jwks: { keys: JWK[] },
  now: number,
): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
      algorithms: ['EdDSA'],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      subject,
      currentDate: new Date(now + LEFT),
    });
    return isDeepStrictEqual({ roles: payload['roles'], unit: payload['unit'] }, { unit: undefined, ...claims });
  } catch {
    return false;
  }
}
