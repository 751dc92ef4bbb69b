import { createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { jest } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, type JWK, type JWTPayload, SignJWT } from 'jose';
import * as client from 'openid-client';
import { unitsOf } from '@clearance/contracts';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '@clearance/provision';
import { testServers } from '@clearance/testing';
import { ask } from './gateway-http.ts';
import { beginSignIn, choosePerson, consoleAt, newBrowser, signInAs, statusUnderHost } from './sign-in-as.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

jest.setTimeout(120_000);

const TRACES = 'http://localhost:16686/trace/{traceId}';

let mesh: TestLocalMesh;
let issuer: string;
let home: string;
let configuration: client.Configuration;
beforeAll(async () => {
  mesh = await startTestMesh(testServers().databaseUrl, {
    units: 3,
    signIn: true,
    environment: { MESH_TRACE_URL: TRACES },
  });
  issuer = mesh.signInUrl!;
  home = `${mesh.httpUrl}/`;
  configuration = await consoleAt(issuer);
}, 240_000);
afterAll(() => mesh?.cleanup(), 120_000);

/** A token that an issuer's key signs, saying what a test wants. */
async function signed(keyFile: string, claims: JWTPayload): Promise<string> {
  const key = JSON.parse(await readFile(keyFile, 'utf8')) as JWK;
  const usual = { iss: issuer, aud: TOKEN_AUDIENCE, sub: 'auditor', roles: ['auditor'] };
  return new SignJWT({ ...usual, exp: Math.floor(Date.now() / 1_000) + 300, ...claims })
    .setProtectedHeader({ alg: key.alg!, kid: key.kid! })
    .sign(createPrivateKey({ key: key as never, format: 'jwk' }));
}

const callsAs = async (token: string): Promise<number> => (await ask(mesh, '/api/v1/audit/calls', { token })).status;

describe('signing in to the console', () => {
  it('is told to whoever asks, without a token', async () => {
    const { status, headers, body } = await ask<object>(mesh, '/api/v1/sign-in');
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      issuer,
      clientId: 'clearance-console',
      scope: 'openid profile',
      audience: TOKEN_AUDIENCE,
      traceUrl: TRACES,
    });
  });

  it('makes a person of the choice, whom the API knows by issuer and subject', async () => {
    const { access_token: token, id_token: idToken } = await signInAs(mesh, 'auditor');
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
    const { exp = 0, iat = 0, ...claims } = decodeJwt(token);
    expect(claims).toMatchObject({
      iss: issuer,
      aud: TOKEN_AUDIENCE,
      sub: 'auditor',
      roles: ['auditor'],
      name: '审计员',
    });
    expect(exp - iat).toBe(600);
    expect(decodeJwt(idToken!)).toMatchObject({ aud: 'clearance-console', roles: ['auditor'], name: '审计员' });
    const calls = await eventually(async () => {
      const { body } = await ask<{ calls: { subject: string }[] }>(mesh, '/api/v1/audit/calls', { token });
      return body.calls.find(({ subject }) => subject === `${issuer}#auditor`);
    }, 'the call of who signed in');
    expect(calls).toBeDefined();
  });

  it.each([
    ['coordinator', ['coordinator'], undefined],
    ['policy', ['policy'], undefined],
    ['policy-approver', ['policy-approver'], undefined],
    ['firm', ['firm'], undefined],
    ['ln.border', ['unit'], 'ln.border'],
  ])('as %s gives the roles %j', async (person, roles, unit) => {
    const { access_token: token } = await signInAs(mesh, person);
    const { sub, roles: named, unit: of } = decodeJwt<{ roles: string[]; unit?: string }>(token);
    expect({ sub, named, of }).toEqual({ sub: person, named: roles, of: unit });
    // None of them is an auditor; each is known, or it would be 401.
    expect(await callsAs(token)).toBe(403);
  });

  it('lasts: tokens are renewed, and a later sign-in asks nothing, until one signs out', async () => {
    const browser = newBrowser();
    const { refresh_token: refreshToken, id_token: idToken } = await signInAs(mesh, 'auditor', browser);
    const renewed = await client.refreshTokenGrant(configuration, refreshToken!);
    expect(await callsAs(renewed.access_token)).toBe(200);
    const silent = async (): Promise<URLSearchParams> => {
      const { url } = await beginSignIn(configuration, home, { prompt: 'none' });
      return new URL((await browser.get(url)).location!).searchParams;
    };
    expect((await silent()).get('code')).toMatch(/./);

    const end = client.buildEndSessionUrl(configuration, {
      id_token_hint: idToken!,
      post_logout_redirect_uri: home,
      state: 'left',
    });
    const page = await browser.get(end.href);
    expect(page.text).toContain('退出登录？');
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.text) ?? [];
    const [, action = ''] = /action="([^"]+)"/.exec(page.text) ?? [];
    const left = await browser.post(action, { xsrf, logout: 'yes' });
    expect(left.location).toBe(`${home}?state=left`);
    expect((await silent()).get('error')).toBe('login_required');
    await expect(client.refreshTokenGrant(configuration, renewed.refresh_token!)).rejects.toThrow();
  });

  it('goes on after a crash of the sign-in, whose key stays what it was', async () => {
    const before = await signInAs(mesh, 'auditor');
    const service = mesh.services.get('sign-in')!;
    await service.crash();
    await eventually(
      async () => ((await service.ready(1_000).catch(() => false)) === undefined ? true : undefined),
      'it',
    );
    expect(await callsAs(before.access_token)).toBe(200);
    const { kid } = decodeProtectedHeader((await signInAs(mesh, 'auditor')).access_token);
    expect(kid).toBe(decodeProtectedHeader(before.access_token).kid);
    expect((await stat(mesh.home.signInKeyFile)).mode & 0o777).toBe(0o600);
  });
});

describe('the page', () => {
  it('names everybody whom one may be, in both languages, and says what it is', async () => {
    const browser = newBrowser();
    const { url } = await beginSignIn(configuration, home);
    const page = await browser.get((await browser.get(url)).location!);
    expect(page.status).toBe(200);
    const people = [...page.text.matchAll(/name="person" value="([^"]+)"/g)].map(([, person]) => person);
    const offices = ['coordinator', 'policy', 'policy-approver', 'auditor', 'firm'];
    expect(people).toEqual([...offices, ...unitsOf(mesh.mesh)]);
    expect(page.text).toContain('<html lang="zh-CN">');
    expect(page.text).toContain('没有密码');
    expect(page.text).toContain('everybody who reaches it may choose');
    expect(page.text).not.toMatch(/<script|<link|<img|https?:|\son\w+=/i);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.headers.get('x-frame-options')).toBe('DENY');
  });

  it('takes nobody else', async () => {
    const browser = newBrowser();
    const { url } = await beginSignIn(configuration, home);
    const shown = (await browser.get(url)).location!;
    for (const person of ['', 'nobody', 'constructor', 'coordinator,policy'])
      expect(await browser.post(shown, { person })).toMatchObject({ status: 400, location: undefined });
    expect(await browser.post(shown, { person: 'x'.repeat(5_000) })).toMatchObject({
      status: 400,
      location: undefined,
    });
  });

  it('is of no use to whoever has not begun to sign in', async () => {
    const { url } = await beginSignIn(configuration, home);
    const shown = (await newBrowser().get(url)).location!;
    const other = newBrowser();
    expect((await other.get(shown)).status).toBe(400);
    expect(await other.post(shown, { person: 'policy' })).toMatchObject({ status: 400, location: undefined });
  });
});

describe('a request to sign in', () => {
  it.each<[string, (own: string) => string]>([
    ['another site', () => 'https://evil.example/'],
    ['another port', (own) => own.replace(/:\d+/, ':1')],
    ['another path', (own) => `${own}api/v1/lists`],
    ['a site whose name begins the same', (own) => own.replace(/\/$/, '.evil.example/')],
    ['a place within a query', (own) => `${own}?next=https://evil.example`],
  ])('that would return to %s is refused, and leads nowhere', async (_what, change) => {
    const { url } = await beginSignIn(configuration, change(home));
    const seen = await newBrowser().get(url);
    expect(seen).toMatchObject({ status: 400, location: undefined });
    expect(seen.text).toContain('登录请求被拒绝');
  });

  it('may return to localhost as to 127.0.0.1', async () => {
    const { url } = await beginSignIn(configuration, home.replace('127.0.0.1', 'localhost'));
    expect(await choosePerson(newBrowser(), url, 'auditor')).toMatch(/^http:\/\/localhost:\d+\/\?code=/);
  });

  it.each<[string, Record<string, string>, string]>([
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['with PKCE in the clear', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for tokens at once', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['for another service', { resource: 'urn:clearance:ledger' }, 'invalid_target'],
  ])('%s is refused', async (_what, more, error) => {
    const { url } = await beginSignIn(configuration, home, more);
    const { location, status } = await newBrowser().get(url.replace(/code_challenge(?:_method)?=(?:&|$)/g, ''));
    expect([status, new URL(location!.replace('#', '?')).searchParams.get('error')]).toEqual([303, error]);
  });

  it('of another client is refused', async () => {
    const { url } = await beginSignIn(configuration, home, { client_id: 'another' });
    expect(await newBrowser().get(url)).toMatchObject({ status: 400, location: undefined });
  });

  it('is answered with a code that is good once, and for who began', async () => {
    const { url, checks } = await beginSignIn(configuration, home);
    const returned = new URL(await choosePerson(newBrowser(), url, 'auditor'));
    const grant = (verifier: string) =>
      client.authorizationCodeGrant(configuration, returned, { ...checks, pkceCodeVerifier: verifier });
    await expect(grant(client.randomPKCECodeVerifier())).rejects.toMatchObject({ error: 'invalid_grant' });
    const second = await beginSignIn(configuration, home);
    const good = new URL(await choosePerson(newBrowser(), second.url, 'auditor'));
    await client.authorizationCodeGrant(configuration, good, second.checks);
    await expect(client.authorizationCodeGrant(configuration, good, second.checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});

describe('whom the sign-in answers', () => {
  const tokensTo = (origin: string): Promise<Response> =>
    fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'clearance-console', refresh_token: 'x' }),
    });

  it('pages of the gateway’s origin, and no others', async () => {
    const own = new URL(mesh.httpUrl).origin;
    for (const origin of [own, own.replace('127.0.0.1', 'localhost')])
      expect((await tokensTo(origin)).headers.get('access-control-allow-origin')).toBe(origin);
    for (const origin of ['https://evil.example', 'http://127.0.0.1:1', 'null'])
      expect((await tokensTo(origin)).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('nobody under another name: a page whose host’s name is led to this machine stays outside', async () => {
    const { host } = new URL(issuer);
    expect(await statusUnderHost(`${issuer}/.well-known/openid-configuration`, host)).toBe(200);
    for (const other of ['evil.example', host.replace('127.0.0.1', 'rebound.example'), '127.0.0.1'])
      expect(await statusUnderHost(`${issuer}/.well-known/openid-configuration`, other)).toBe(421);
  });

  it('nobody on another machine', async () => {
    const outside = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    for (const { address, family, internal } of outside) {
      if (internal || family !== 'IPv4') continue;
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect(Number(new URL(issuer).port), address);
        socket.once('connect', () => (socket.destroy(), resolve(true)));
        socket.once('error', () => resolve(false));
      });
      expect({ address, reached }).toEqual({ address, reached: false });
    }
  });
});

describe('a token that the gateway does not believe', () => {
  it('is one for the console: an identity token', async () => {
    expect(await callsAs((await signInAs(mesh, 'auditor')).id_token!)).toBe(401);
  });

  it.each<[string, JWTPayload, number]>([
    ['all as it should be', {}, 200],
    ['another audience', { aud: 'clearance-ledger' }, 401],
    ['its end behind it', { exp: Math.floor(Date.now() / 1_000) - 120 }, 401],
    ['another issuer’s name', { iss: 'https://id.example' }, 401],
    ['the name of the mesh’s own issuer', { iss: TOKEN_ISSUER }, 401],
    ['the single role that only the mesh’s own issuer may name', { roles: undefined, role: 'auditor' }, 403],
  ])('is, by the key of the sign-in, one with %s: %j is answered %i', async (_what, claims, status) => {
    expect(await callsAs(await signed(mesh.home.signInKeyFile, claims))).toBe(status);
  });

  it.each<[string, JWTPayload, number]>([
    ['its own', { iss: TOKEN_ISSUER }, 200],
    ['the sign-in’s', {}, 401],
  ])('is, by the key of the mesh’s own issuer, one in another name than %s', async (_what, claims, status) => {
    expect(await callsAs(await signed(mesh.home.tokenKeyFile, claims))).toBe(status);
  });
});
