import { readFile } from 'node:fs/promises';
import type { JSONWebKeySet } from 'jose';
import type { MeshHome } from '@clearance/platform';
import {
  DEFAULT_ROLES_CLAIM,
  isElsewhere,
  signInIssuer,
  type TokenIssuer,
  type TokenTrust,
} from '@clearance/platform/tokens';
import type { GatewayConfig } from '../config.ts';
import { signInOf } from './sign-in-terms.ts';

/**
 * Which tokens are believed: those of the mesh's own issuer, whose keys lie in its home, or of one that is elsewhere; and
 * those of the issuer by which people sign in to the console, where that is another.
 *
 * @throws when the own issuer's keys cannot be read
 */
export async function readTrust(config: GatewayConfig, home: MeshHome): Promise<TokenTrust> {
  const [usual, signIn] = [await usualIssuer(config, home), consoleIssuer(config)];
  const issuers = signIn === undefined || signIn.issuer === usual.issuer ? [usual] : [usual, signIn];
  return { audience: config.CLEARANCE_TOKEN_AUDIENCE, issuers };
}

async function usualIssuer(config: GatewayConfig, home: MeshHome): Promise<TokenIssuer> {
  const {
    CLEARANCE_TOKEN_ISSUER: issuer,
    CLEARANCE_TOKEN_JWKS_URL: jwksUrl,
    CLEARANCE_TOKEN_ROLES_CLAIM: roles,
    CLEARANCE_TOKEN_UNIT_CLAIM: unit,
  } = config;
  if (jwksUrl !== undefined || isElsewhere(issuer)) return { issuer, claims: { roles, unit }, jwksUrl };
  const jwks = JSON.parse(await readFile(home.jwksFile, 'utf8')) as JSONWebKeySet;
  // Tokens of the mesh's own issuer may name a single role; of another, `role` may be what its users write of themselves.
  const role = roles === DEFAULT_ROLES_CLAIM ? { role: 'role' } : {};
  return { issuer, claims: { roles, unit, ...role }, jwks };
}

function consoleIssuer(config: GatewayConfig): TokenIssuer | undefined {
  const { issuer } = signInOf(config);
  return issuer === null ? undefined : signInIssuer(issuer, config);
}
