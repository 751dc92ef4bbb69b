import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { SignInTerms } from './sign-in-terms.ts';

/** Where the issuer sends people back to. */
export const SIGNED_IN_PATH = '/signed-in';

/**
 * Authorization code with PKCE (RFC 7636, RFC 9700). What the issuer gives lives as long as the tab. The token is renewed
 * only by a refresh token, where the issuer gives one: {@link keepRenewing}.
 */
export function createUserManager({
  issuer,
  clientId,
  scope,
  audience,
}: SignInTerms & { issuer: string }): UserManager {
  const { origin } = window.location;
  // RFC 8707, 2: a resource is an absolute URI. An audience that is a plain name is the issuer's to give.
  const target: Record<string, string> = URL.canParse(audience) ? { resource: audience } : {};
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: origin + SIGNED_IN_PATH,
    post_logout_redirect_uri: `${origin}/`,
    scope,
    extraQueryParams: target,
    extraTokenParams: target,
    userStore: new WebStorageStateStore({ store: window.sessionStorage }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
    automaticSilentRenew: false,
    monitorSession: false,
    loadUserInfo: false,
  });
}

/**
 * Renews the token shortly before it ends, as long as the issuer lets it be, and tells the new one. Returns how to stop. Where
 * there is no refresh token, or it is refused, the session ends with its token, and says so.
 */
export function keepRenewing(manager: UserManager, onRenewed: (user: User) => void): () => void {
  return manager.events.addAccessTokenExpiring(() => {
    void manager
      .getUser()
      .then((user) => (user?.refresh_token === undefined ? null : manager.signinSilent()))
      .then(
        (renewed) => renewed !== null && onRenewed(renewed),
        () => undefined,
      );
  });
}

/** What came of looking for somebody who is signed in. */
export interface Arrival {
  user: User | undefined;
  /** Whether the issuer was asked and said no. */
  refused: boolean;
}

/** Completes a sign-in that the issuer sends back, or finds the one of this tab. */
export async function arrive(manager: UserManager): Promise<Arrival> {
  if (window.location.pathname !== SIGNED_IN_PATH) {
    const user = await manager.getUser();
    return { user: user === null || user.expired ? undefined : user, refused: false };
  }
  try {
    const user = await manager.signinRedirectCallback();
    window.history.replaceState(null, '', ownPath(user.state));
    return { user, refused: false };
  } catch {
    window.history.replaceState(null, '', '/');
    return { user: undefined, refused: true };
  }
}

/** Of what was kept while the issuer was asked: the page that was left; never another site's. */
function ownPath(state: unknown): string {
  const path = (state as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' && /^\/(?![/\\])/.test(path) && !path.startsWith(SIGNED_IN_PATH) ? path : '/';
}

/** Sends the reader to the issuer, and back to the page that they are on. */
export function leaveToSignIn(manager: UserManager, language: string): Promise<void> {
  const { pathname, search, hash } = window.location;
  return manager.signinRedirect({ state: { path: pathname + search + hash }, ui_locales: language });
}
