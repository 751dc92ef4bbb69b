import { bearerToken } from '../session/bearer.ts';

/** Whoever is signed in, as the gateway writes them down: `issuer#subject`. Undefined for a token that is no JWT. */
export function ownActor(): string | undefined {
  return actorOf(bearerToken() ?? '');
}

/** By whom what is done with a token is done. It is read for showing: the gateway judges by what it has verified. */
export function actorOf(token: string): string | undefined {
  try {
    const [, payload = ''] = token.split('.');
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const { iss, sub } = JSON.parse(new TextDecoder().decode(bytes)) as { iss?: unknown; sub?: unknown };
    return typeof iss === 'string' && typeof sub === 'string' ? `${iss}#${sub}` : undefined;
  } catch {
    return undefined;
  }
}

/** The part of an actor's name by which people know them: what stands behind the issuer. */
export function shortActor(actor: string): string {
  return actor.slice(actor.lastIndexOf('#') + 1);
}
