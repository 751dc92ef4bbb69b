import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { SignJWT } from 'jose';
import type { Identity } from '@clearance/platform/tokens';
import { type CallerKey, newCallerKey, startTokenIssuer } from '@clearance/testing';
import type { LedgerDatabase } from '../ledger/ledger-database.fixture.ts';
import { Caller } from './call.ts';
import { BodyLimit } from './read-body.ts';
import { edgeDatabase, type RealEdge, startEdge, tokenOf } from './real-edge.fixture.ts';
import { Allow, Public } from './roles.ts';

@Controller('api/v1/me')
class MeController {
  @Get()
  @Allow('auditor', 'unit')
  me(@Caller() caller: Identity): Identity {
    return caller;
  }

  @Get('public')
  @Public()
  open(): object {
    return {};
  }

  @Put(':id')
  @Allow('policy')
  change(): object {
    return {};
  }

  @Get('undecided')
  undecided(): object {
    return {};
  }

  @Post()
  @Allow('policy')
  @HttpCode(200)
  write(@Body() body: object | undefined): object {
    return { bytes: body === undefined ? 0 : JSON.stringify(body).length };
  }

  @Put()
  @Allow('policy')
  @BodyLimit(3 * 1024 ** 2)
  writeMuch(@Body() body: object): object {
    return { bytes: JSON.stringify(body).length };
  }
}

let shared: LedgerDatabase;
let edge: RealEdge;
const start = (options: Parameters<typeof startEdge>[2] = {}) => startEdge(shared.database, [MeController], options);
beforeAll(async () => {
  shared = await edgeDatabase();
});
afterAll(() => shared.drop());
afterEach(() => edge.stop());

describe('who calls', () => {
  beforeEach(async () => {
    edge = await start();
  });

  it('is told to the handler as the token has it', async () => {
    const token = await tokenOf('unit', 'f3b1', { unit: 'ln.customs', name: '王芳', roles: ['unit', 'auditor', 'x'] });
    expect(await (await edge.call('/api/v1/me', { token })).json()).toEqual({
      subject: 'spec-issuer#f3b1',
      name: '王芳',
      roles: ['auditor', 'unit'],
      unit: 'ln.customs',
    });
  });

  it.each([
    ['nobody', undefined, '/api/v1/me', 401],
    ['an auditor', 'auditor', '/api/v1/me', 200],
    ['a firm', 'firm', '/api/v1/me', 403],
    ['a role that there is not', 'admin', '/api/v1/me', 403],
    ['an auditor, where nobody is named', 'auditor', '/api/v1/me/undecided', 403],
    ['nobody, where all may', undefined, '/api/v1/me/public', 200],
    ['nobody, where there is nothing', undefined, '/api/v1/nothing', 404],
  ])('%s: %s %s is answered %i', async (_what, role, path, status) => {
    expect((await edge.call(path, role === undefined ? {} : { role })).status).toBe(status);
  });

  it.each([
    ['Bearer', 401],
    ['Basic abc', 401],
    ['bearer TOKEN', 200],
    ['Bearer  TOKEN', 200],
    ['Bearer TOKEN, Bearer TOKEN', 401],
    ['TOKEN', 401],
  ])('Authorization: %s is answered %i', async (authorization, status) => {
    const headers = { authorization: authorization.replaceAll('TOKEN', await tokenOf('auditor')) };
    expect((await edge.call('/api/v1/me', { headers })).status).toBe(status);
  });
});

describe('a token that is bound to a key', () => {
  let key: CallerKey;
  let token: string;
  const bound = async (authorization: string, proof?: string): Promise<number> => {
    const headers = { authorization, ...(proof === undefined ? {} : { dpop: proof }) };
    return (await edge.call('/api/v1/me?x=1', { headers })).status;
  };
  const prove = (call: { method?: string; url?: string; token?: string } = {}, by = key): Promise<string> =>
    by.prove({ method: 'GET', url: `${edge.url}/api/v1/me`, token, ...call });
  beforeAll(async () => {
    key = await newCallerKey();
    token = await tokenOf('auditor', 'somebody', { cnf: { jkt: key.thumbprint } });
  });
  beforeEach(async () => {
    edge = await start();
  });

  it('lets in who proves to have it, and nobody else', async () => {
    expect(await bound(`DPoP ${token}`, await prove())).toBe(200);
    expect(await bound(`dpop ${token}`, await prove())).toBe(200);
    for (const [authorization, proof] of [
      [`Bearer ${token}`, await prove()],
      [`Bearer ${token}`, undefined],
      [`DPoP ${token}`, undefined],
      [`DPoP ${token}`, 'a.b.c'],
      [`DPoP ${token}`, `${await prove()}, ${await prove()}`],
      [`DPoP ${token}`, await prove({ method: 'POST' })],
      [`DPoP ${token}`, await prove({ url: `${edge.url}/api/v1/lists` })],
      [`DPoP ${token}`, await prove({ token: await tokenOf('auditor') })],
      [`DPoP ${token}`, await prove({}, await newCallerKey())],
    ] as const)
      expect([authorization.slice(0, 6), await bound(authorization, proof)]).toEqual([authorization.slice(0, 6), 401]);
  });

  it('is told how to come: by itself, or with a proof', async () => {
    const answer = await edge.call('/api/v1/me', { token });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer, DPoP algs="ES256 EdDSA RS256 PS256"');
  });

  it('is not every token: one that is bound to none cannot be proven, and need not be', async () => {
    const free = await tokenOf('auditor');
    expect(await bound(`Bearer ${free}`)).toBe(200);
    expect(await bound(`DPoP ${free}`, await prove({ token: free }))).toBe(401);
  });
});

describe('while the issuer of tokens is away', () => {
  it('a call with a token is answered 503 and when to come again, one without 401', async () => {
    const issuer = await startTokenIssuer();
    const key = await issuer.addKey('ES256');
    await issuer.stop();
    edge = await start({ issuers: [{ issuer: issuer.url, claims: { roles: 'roles', unit: 'unit' } }] });
    const token = await new SignJWT({ iss: issuer.url, aud: 'clearance-gateway', sub: 'f3b1', roles: ['auditor'] })
      .setProtectedHeader({ alg: key.alg, kid: key.kid })
      .setExpirationTime('10 minutes')
      .sign(key.privateKey);
    const answer = await edge.call('/api/v1/me', { token });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({ code: 'not-ready' });
    expect((await edge.call('/api/v1/me')).status).toBe(401);
    // Whom the mesh's own issuer vouches for is let in meanwhile.
    expect((await edge.call('/api/v1/me', { role: 'auditor' })).status).toBe(200);
  });
});

describe('how often one may call', () => {
  it('is counted by subject, told in each answer, and answered 429 beyond', async () => {
    edge = await start({ limits: { callsPerMinute: 3 } });
    const [one, other] = await Promise.all([tokenOf('auditor', 'one'), tokenOf('auditor', 'other')]);
    const answers: Response[] = [];
    for (let time = 0; time < 5; time += 1) answers.push(await edge.call('/api/v1/me', { token: one }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(Array(5).fill('"calls";q=3;w=60'));
    expect(answers.map(({ headers }) => headers.get('ratelimit')!.replace(/t=\d+/, 't'))).toEqual(
      [2, 1, 0, 0, 0].map((left) => `"calls";r=${left};t`),
    );
    const refused = answers[4]!;
    const problem = (await refused.json()) as { retryAfter: number };
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(problem).toMatchObject({ status: 429, code: 'slow-down' });
    expect(refused.headers.get('retry-after')).toBe(String(problem.retryAfter));
    expect(problem.retryAfter).toBeGreaterThanOrEqual(1);
    expect((await edge.call('/api/v1/me', { token: other })).status).toBe(200);
  });

  it('without a good token is counted by address; good ones of the same address go on', async () => {
    edge = await start({ limits: { failuresPerMinute: 2 } });
    const statuses = [];
    for (let time = 0; time < 4; time += 1) statuses.push((await edge.call('/api/v1/me', { token: 'a.b.c' })).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
    const refused = await edge.call('/api/v1/me');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect((await edge.call('/api/v1/me', { role: 'auditor' })).status).toBe(200);
  });

  it('believes a proxy about addresses only as far as it is told to', async () => {
    const from = (address: string) => edge.call('/api/v1/me', { headers: { 'x-forwarded-for': address } });
    edge = await start({ limits: { failuresPerMinute: 1 } });
    expect([(await from('192.0.2.1')).status, (await from('192.0.2.2')).status]).toEqual([401, 429]);
    await edge.stop();
    edge = await start({ limits: { failuresPerMinute: 1 }, proxies: 1 });
    expect([(await from('192.0.2.1')).status, (await from('192.0.2.2')).status]).toEqual([401, 401]);
    expect((await from('198.51.100.1, 192.0.2.2')).status).toBe(429);
  });

  it('is not counted for health and metrics', async () => {
    edge = await start({ limits: { failuresPerMinute: 1, callsPerMinute: 1 } });
    for (const path of ['/livez', '/readyz', '/metrics'])
      for (let time = 0; time < 5; time += 1) {
        const answer = await edge.call(path);
        expect({ path, status: answer.status, limit: answer.headers.get('ratelimit') }).toEqual({
          path,
          status: 200,
          limit: null,
        });
      }
  });
});

describe('headers of every answer', () => {
  beforeEach(async () => {
    edge = await start();
  });

  it.each([
    ['an answer', '/api/v1/me', 'auditor', 200],
    ['a refusal', '/api/v1/me', undefined, 401],
    ['a path that there is not', '/api/v1/nothing', undefined, 404],
    ['health', '/livez', undefined, 200],
  ])('%s', async (_what, path, role, status) => {
    const answer = await edge.call(path, { headers: { origin: 'https://evil.example' }, ...(role ? { role } : {}) });
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'strict-transport-security': expect.stringContaining('max-age='),
    });
    for (const name of ['access-control-allow-origin', 'x-powered-by', 'etag', 'server'])
      expect({ name, value: answer.headers.get(name) }).toEqual({ name, value: null });
    const isApi = path.startsWith('/api');
    expect(answer.headers.get('cache-control')).toBe(isApi ? 'no-store' : null);
    expect(answer.headers.get('request-id')).toEqual(isApi ? expect.stringMatching(/^[0-9a-f-]{36}$/) : null);
  });

  it.each([
    ['DELETE', '/api/v1/me', 'GET, HEAD, POST, PUT'],
    ['POST', '/api/v1/me/public', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/me', 'GET, HEAD, POST, PUT'],
    ['TRACE', '/api/v1/me/undecided', 'GET, HEAD'],
    ['QUERY', '/api/v1/me', 'GET, HEAD, POST, PUT'],
    ['PATCH', '/livez', 'GET, HEAD'],
    ['GET', '/api/v1/me/4711', 'PUT'],
    // A path that is written out is no id of another route.
    ['PUT', '/api/v1/me/undecided', 'GET, HEAD'],
  ])('%s %s is answered 405, whoever asks, and with what is there', async (method, path, allow) => {
    const answer = await request(method, `${edge.url}${path}`);
    expect([answer.status, answer.headers['allow']]).toEqual([405, allow]);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 405, code: 'method-not-allowed' });
  });

  it.each(['/api/v1/nothing', '/%ff', '/api/v1/%'])('DELETE %s is no 405', async (path) => {
    const { status } = await request('DELETE', `${edge.url}${path}`);
    expect([400, 404]).toContain(status);
  });

  it('no other origin is let in by a preflight', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await edge.call('/api/v1/me', { method: 'OPTIONS', headers });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a body', () => {
  beforeEach(async () => {
    edge = await start();
  });
  const text = (mebibytes: number) => JSON.stringify({ text: 'x'.repeat(mebibytes * 1024 ** 2 - 100) });

  it.each([
    ['none', 'POST', undefined, 'policy', 200],
    ['just below a mebibyte', 'POST', text(1), 'policy', 200],
    ['above a mebibyte', 'POST', text(1.1), 'policy', 413],
    ['as large as the route takes', 'PUT', text(3), 'policy', 200],
    ['larger than the route takes', 'PUT', text(3.1), 'policy', 413],
    ['that is no JSON', 'POST', '{', 'policy', 400],
    ['that is larger than any, of nobody', 'PUT', text(4), undefined, 401],
    ['that is larger than any, of someone who may not', 'PUT', text(4), 'auditor', 403],
    ['that is no JSON, of nobody', 'POST', '{', undefined, 401],
  ])('%s (%s)', async (_what, method, body, role, status) => {
    const answer = await edge.call('/api/v1/me', {
      method,
      ...(body === undefined ? {} : { body }),
      ...(role === undefined ? {} : { role }),
    });
    expect(answer.status).toBe(status);
    if (status >= 400) expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each([
    ['text/plain', undefined, 415],
    ['application/x-www-form-urlencoded', undefined, 415],
    ['application/jsonp', undefined, 415],
    ['', undefined, 415],
    ['application/json; charset=latin-9', undefined, 415],
    ['application/json', 'compress', 415],
    ['Application/JSON ; charset=UTF-8', 'identity', 200],
  ])('said to be %p, coded %p', async (type, coding, status) => {
    const headers = { 'content-type': type, ...(coding === undefined ? {} : { 'content-encoding': coding }) };
    const answer = await edge.call('/api/v1/me', { method: 'POST', role: 'policy', body: '{"a":1}', headers });
    expect(answer.status).toBe(status);
    if (status === 415) expect(await answer.json()).toMatchObject({ status, code: 'unsupported-media-type' });
  });
});

/** A request with any method, which `fetch` would not make. */
function request(
  method: string,
  url: string,
): Promise<{ status?: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(pieces).toString() }),
      );
    });
    sent.once('error', reject).end();
  });
}
