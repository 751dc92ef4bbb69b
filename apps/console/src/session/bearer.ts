// The one place where calls find the token they are made with, and say that it is good no longer.

let bearer: string | undefined;
const listeners = new Set<() => void>();

/** Calls are made with this token from now on; with none when undefined. */
export function bear(token: string | undefined): void {
  bearer = token;
}

/** The token of whoever is signed in. */
export function bearerToken(): string | undefined {
  return bearer;
}

/** Says that the gateway does not believe the token any more. */
export function bearerRefused(): void {
  for (const listener of listeners) listener();
}

/** Tells whenever it does not; returns how to stop listening. */
export function onBearerRefused(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
