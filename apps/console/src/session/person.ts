import { type Role, ROLES } from './roles.ts';

/** Who is signed in, as their access token says it. It is read for showing, never believed: the gateway verifies it. */
export interface Person {
  /** As people call them; the subject where no name is told. */
  name: string;
  unit: string | undefined;
  /** Undefined when the token names none that are read here. */
  roles: readonly Role[] | undefined;
}

/** Reads a JWT's claims for showing; of a token that is none, nothing. */
export function personOf(accessToken: string, profileName: string | undefined): Person {
  const claims = claimsOf(accessToken);
  const { name, preferred_username: username, sub, unit } = claims;
  return {
    name: [name, profileName, username, sub].find((each) => typeof each === 'string' && each !== '') as string,
    unit: typeof unit === 'string' ? unit : undefined,
    roles: rolesIn(claims),
  };
}

function rolesIn({ roles, role, realm_access: realm }: Record<string, unknown>): readonly Role[] | undefined {
  const named = [roles, role, (realm as { roles?: unknown } | undefined)?.roles].flat();
  const found = ROLES.filter((each) => named.includes(each));
  return found.length > 0 ? found : undefined;
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const [, payload = ''] = token.split('.');
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
