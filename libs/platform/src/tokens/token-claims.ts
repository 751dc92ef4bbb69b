import type { JWTPayload } from 'jose';
import { isUnitId, type UnitId } from '@clearance/contracts';

/** Who may call: the roles of the HTTP interface. */
export const ROLES = ['policy', 'policy-approver', 'coordinator', 'auditor', 'firm', 'unit'] as const;
export type Role = (typeof ROLES)[number];

/** Who calls, as their token says. */
export interface Identity {
  /**
   * Issuer and `sub`, joined by `#`: one string for one person, whoever the issuers are. An issuer's name holds no `#`
   * (OpenID Connect: no fragment), so that two persons never have the same.
   */
  subject: string;
  /** For people's eyes; personal data, never logged. */
  name?: string;
  /** At least one. */
  roles: readonly Role[];
  /** The unit for which someone with the role `unit` speaks. */
  unit?: UnitId;
  /** Thumbprint of the key whose holder alone may use the token (RFC 9449, 6.1); absent: whoever has it may. */
  boundTo?: string;
}

/** Where a token says what is not standardised. Each is a member's name, a dotted path or a JSON Pointer (RFC 6901). */
export interface ClaimNames {
  /** A list of roles, or one; `realm_access.roles` with Keycloak. */
  roles: string;
  unit: string;
  /** A single role, where the list is not there at all. Only of an issuer whose users cannot write it of themselves. */
  role?: string;
}

/** Why the claims of a well signed token are refused. */
export type ClaimsRefusal =
  | 'no-subject'
  | 'bad-issuer'
  | 'issued-in-the-future'
  | 'not-an-access-token'
  | 'bound-otherwise'
  | 'unit-without-name';

/** Where roles are found unless told. */
export const DEFAULT_ROLES_CLAIM = 'roles';
/** Where the unit is found unless told. */
export const DEFAULT_UNIT_CLAIM = 'unit';

/** What clocks may differ by, seconds. */
export const CLOCK_SKEW_S = 60;

/**
 * Header types under which access tokens come: RFC 9068, plain JWTs, or none. Everything else (logout, security event,
 * DPoP, identity tokens) was made for another purpose and is refused.
 */
const ACCESS_TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/jwt', 'application/at+jwt']);
/** Keycloak says in the payload what a token is: `ID`, `Refresh`, `Offline`, `Logout` are not for calling with. */
const ACCESS_PAYLOAD_TYPES = new Set([undefined, 'Bearer']);
/** OpenID Connect Core 2: at most 255 ASCII characters; control characters and spaces are nobody's name. */
const SUBJECT = /^[\x21-\x7e]{1,255}$/;
const MAX_NAME = 200;

/**
 * Who a verified token speaks for. Signature, issuer, audience, `exp` and `nbf` have been verified before.
 *
 * @param now ms since the epoch
 * @returns the identity, without roles if the token names none that there are; or why it is refused
 */
export function identityOf(
  payload: JWTPayload,
  header: { typ?: string | undefined },
  names: ClaimNames,
  now: number,
): Identity | ClaimsRefusal {
  const { iss, sub, iat } = payload;
  if (!ACCESS_TYPES.has(header.typ?.toLowerCase())) return 'not-an-access-token';
  if (!ACCESS_PAYLOAD_TYPES.has(payload['typ'] as string | undefined)) return 'not-an-access-token';
  if (iss === undefined || iss === '' || iss.includes('#')) return 'bad-issuer';
  if (sub === undefined || !SUBJECT.test(sub)) return 'no-subject';
  if (iat !== undefined && iat > now / 1_000 + CLOCK_SKEW_S) return 'issued-in-the-future';
  const boundTo = bindingOf(payload);
  if (boundTo === null) return 'bound-otherwise';
  const roles = rolesIn(payload, names);
  const unit = claimAt(payload, names.unit);
  if (roles.includes('unit') && !(typeof unit === 'string' && isUnitId(unit))) return 'unit-without-name';
  const name = payload['name'] ?? payload['preferred_username'];
  return {
    subject: `${iss}#${sub}`,
    ...(typeof name === 'string' && name !== '' ? { name: name.slice(0, MAX_NAME) } : {}),
    roles,
    ...(roles.includes('unit') ? { unit: unit as UnitId } : {}),
    ...(boundTo === undefined ? {} : { boundTo }),
  };
}

/** The key to which a token is bound; undefined if it is to none, null if to something that cannot be verified here. */
function bindingOf({ cnf }: JWTPayload): string | undefined | null {
  if (cnf === undefined) return undefined;
  const { jkt, ...others } = (typeof cnf === 'object' && cnf !== null ? cnf : {}) as Record<string, unknown>;
  const isThumbprint = typeof jkt === 'string' && /^[A-Za-z0-9_-]{43}$/.test(jkt);
  return isThumbprint && Object.keys(others).length === 0 ? jkt : null;
}

/** The roles that there are among those that a token names. */
function rolesIn(payload: JWTPayload, names: ClaimNames): Role[] {
  const claimed = claimAt(payload, names.roles) ?? (names.role === undefined ? undefined : payload[names.role]);
  const named = Array.isArray(claimed) ? (claimed as unknown[]) : [claimed];
  return ROLES.filter((role) => named.includes(role));
}

/** A claim by its name, dotted path or JSON Pointer; own members only. */
function claimAt(payload: JWTPayload, name: string): unknown {
  const path = name.startsWith('/')
    ? name
        .slice(1)
        .split('/')
        .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    : name.split('.');
  let value: unknown = payload;
  for (const member of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, member)) return undefined;
    value = (value as Record<string, unknown>)[member];
  }
  return value;
}
