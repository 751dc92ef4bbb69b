import { request } from 'node:http';
import * as client from 'openid-client';
import { CONSOLE_CLIENT } from '../sign-in/create-provider.ts';

/** An answer as a browser sees it before it does anything about it. */
export interface Seen {
  status: number;
  headers: Headers;
  /** Absolute. */
  location: string | undefined;
  text: string;
}

/** A browser as far as signing in needs one: it keeps cookies by their path, and is told to follow each redirect. */
export interface Browser {
  get(url: string, headers?: Record<string, string>): Promise<Seen>;
  post(url: string, fields: Record<string, string>): Promise<Seen>;
}

/** A browser without cookies. */
export function newBrowser(): Browser {
  const cookies = new Map<string, { value: string; path: string }>();
  const visit = async (url: string, init: RequestInit & { headers: Record<string, string> }): Promise<Seen> => {
    const { pathname } = new URL(url);
    const cookie = [...cookies].flatMap(([name, { value, path }]) =>
      reaches(path, pathname) ? `${name}=${value}` : [],
    );
    const response = await fetch(url, {
      ...init,
      headers: { ...init.headers, ...(cookie.length === 0 ? {} : { cookie: cookie.join('; ') }) },
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, { value, path: /; *path=([^;]+)/i.exec(line)?.[1] ?? '/' });
    }
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      location: location === null ? undefined : new URL(location, url).href,
      text: await response.text(),
    };
  };
  return {
    get: (url, headers = {}) => visit(url, { headers: { accept: 'text/html', ...headers } }),
    post: (url, fields) =>
      visit(url, { method: 'POST', body: new URLSearchParams(fields), headers: { accept: 'text/html' } }),
  };
}

function reaches(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** The console as a client of an issuer, by its discovery document. */
export function consoleAt(issuer: string): Promise<client.Configuration> {
  return client.discovery(new URL(issuer), CONSOLE_CLIENT, undefined, client.None(), {
    // It is on this machine.
    execute: [client.allowInsecureRequests],
  });
}

/** A request to sign in that has been begun, and what its answer has to agree with. */
export interface BegunSignIn {
  url: string;
  checks: { pkceCodeVerifier: string; expectedState: string; expectedNonce: string; idTokenExpected: true };
}

/** Begins a sign-in: authorization code with PKCE, state and nonce. @param more parameters that are added or changed */
export async function beginSignIn(
  configuration: client.Configuration,
  redirectUri: string,
  more: Record<string, string> = {},
): Promise<BegunSignIn> {
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  });
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  } as const;
  return { url: url.href, checks };
}

/** Goes the whole way as far as the console's address. @returns the address, with its code */
export async function choosePerson(browser: Browser, url: string, person: string): Promise<string> {
  const page = await browser.get(url);
  const shown = page.location ?? '';
  await browser.get(shown);
  const chosen = await browser.post(shown, { person });
  const returned = await browser.get(chosen.location ?? '');
  if (returned.location === undefined) throw new Error(`${returned.status}: ${returned.text}`);
  return returned.location;
}

/** The tokens of somebody who has signed in. */
export type SignedIn = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;

/**
 * Signs somebody in to the console of a mesh that has a development sign-in.
 *
 * @param key to which their tokens are to be bound (RFC 9449); to none unless given
 * @throws when any step of the way is refused
 */
export async function signInAs(
  { signInUrl, httpUrl }: { signInUrl?: string; httpUrl: string },
  person: string,
  browser: Browser = newBrowser(),
  key?: Parameters<typeof client.getDPoPHandle>[1],
): Promise<SignedIn> {
  const configuration = await consoleAt(signInUrl ?? '');
  const { url, checks } = await beginSignIn(configuration, `${httpUrl}/`);
  const returned = new URL(await choosePerson(browser, url, person));
  const binding = key === undefined ? {} : { DPoP: client.getDPoPHandle(configuration, key) };
  return client.authorizationCodeGrant(configuration, returned, checks, undefined, binding);
}

/** The status of a request whose Host header names another. */
export function statusUnderHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
