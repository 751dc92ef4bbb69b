import { type Static, Type } from 'typebox';
import { EnvironmentError } from '../read-environment.ts';
import { isConfidential } from './issuer-keys.ts';
import { DEFAULT_ROLES_CLAIM, DEFAULT_UNIT_CLAIM } from './token-claims.ts';
import type { TokenIssuer } from './verify-token.ts';

/** By whom people sign in to the console, for all who judge their tokens themselves: the gateway and the units. */
export const SIGN_IN_VARIABLES = {
  /** What `aud` of access tokens must contain. */
  CLEARANCE_TOKEN_AUDIENCE: Type.String({ default: 'clearance-gateway', minLength: 1 }),
  /** Claims for roles and unit: a name, a dotted path (`realm_access.roles`) or a JSON Pointer. */
  CLEARANCE_TOKEN_ROLES_CLAIM: Type.String({ default: DEFAULT_ROLES_CLAIM, minLength: 1 }),
  CLEARANCE_TOKEN_UNIT_CLAIM: Type.String({ default: DEFAULT_UNIT_CLAIM, minLength: 1 }),
  /** By whom people sign in to the console: https, or on this machine. Its keys are found by discovery. */
  CLEARANCE_CONSOLE_ISSUER: Type.Optional(Type.String({ pattern: '^https?://[^\\s#?]+$' })),
  /** Claims of its tokens; as CLEARANCE_TOKEN_ROLES_CLAIM and CLEARANCE_TOKEN_UNIT_CLAIM unless told. */
  CLEARANCE_CONSOLE_ROLES_CLAIM: Type.Optional(Type.String({ minLength: 1 })),
  CLEARANCE_CONSOLE_UNIT_CLAIM: Type.Optional(Type.String({ minLength: 1 })),
};
/** What {@link SIGN_IN_VARIABLES} are read as. */
export type SignInVariables = Static<ReturnType<typeof Type.Object<typeof SIGN_IN_VARIABLES>>>;

/** The issuer by which people sign in, as its tokens are verified. @param issuer its name */
export function signInIssuer(issuer: string, variables: SignInVariables): TokenIssuer {
  const claims = {
    roles: variables.CLEARANCE_CONSOLE_ROLES_CLAIM ?? variables.CLEARANCE_TOKEN_ROLES_CLAIM,
    unit: variables.CLEARANCE_CONSOLE_UNIT_CLAIM ?? variables.CLEARANCE_TOKEN_UNIT_CLAIM,
  };
  return { issuer, claims };
}

/** @throws EnvironmentError unless the place that a variable names is reached by TLS, or on this machine */
export function requireConfidential(name: string, place: string | undefined): void {
  if (place === undefined || isConfidential(place)) return;
  throw new EnvironmentError(`${name} 须为 https 地址 must be an https URL (http only on this machine)`);
}
