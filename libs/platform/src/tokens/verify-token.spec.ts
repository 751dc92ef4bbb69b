import { Writable } from 'node:stream';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { pino } from 'pino';
import { type IssuerKey, startTokenIssuer, type TestTokenIssuer } from '@clearance/testing';
import { NotReadyError } from '../faults.ts';
import { type TokenVerifier, tokenVerifier } from './verify-token.ts';

const AUDIENCE = 'clearance-gateway';
const now = (): number => Math.floor(Date.now() / 1_000);

let issuer: TestTokenIssuer;
let key: IssuerKey;
let lines: string[];
const verifiers: TokenVerifier[] = [];

beforeEach(async () => {
  lines = [];
  issuer = await startTokenIssuer();
  key = await issuer.addKey('ES256');
});
afterEach(async () => {
  for (const verifier of verifiers.splice(0)) verifier.stop();
  await issuer.stop();
});

type Waits = NonNullable<Parameters<typeof tokenVerifier>[2]>;

function verifierOf(waits: Waits = {}, jwksUrl?: string): TokenVerifier {
  const log = pino(
    { level: 'debug' },
    new Writable({ write: (line: Buffer, _encoding, done) => (lines.push(line.toString()), done()) }),
  );
  const claims = { roles: 'realm_access.roles', unit: 'unit' };
  const verifier = tokenVerifier(
    { audience: AUDIENCE, issuers: [{ issuer: issuer.url, claims, jwksUrl }] },
    log,
    waits,
  );
  verifiers.push(verifier);
  return verifier;
}

interface Made {
  by?: IssuerKey;
  header?: Partial<JWTHeaderParameters>;
  claims?: JWTPayload;
}

function token({ by = key, header = {}, claims = {} }: Made = {}): Promise<string> {
  const payload = {
    iss: issuer.url,
    aud: AUDIENCE,
    sub: 'f3b1',
    iat: now(),
    exp: now() + 300,
    realm_access: { roles: ['auditor', 'offline_access'] },
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: by.alg, kid: by.kid, ...header }).sign(by.privateKey);
}

const base64url = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('a token of an issuer elsewhere', () => {
  it.each(['EdDSA', 'ES256', 'RS256', 'PS256'])('signed with %s is believed', async (alg) => {
    const by = await issuer.addKey(alg);
    expect(await verifierOf().verify(await token({ by }))).toEqual({
      subject: `${issuer.url}#f3b1`,
      roles: ['auditor'],
    });
  });

  const HOUR = 3_600;
  it.each<[string, Made, boolean]>([
    ['of type at+jwt', { header: { typ: 'at+jwt' } }, true],
    ['of type JWT', { header: { typ: 'JWT' } }, true],
    ['for several audiences', { claims: { aud: ['account', AUDIENCE] } }, true],
    ['valid for ten years', { claims: { exp: now() + 10 * 365 * 24 * HOUR } }, true],
    ['that ended within what clocks may differ by', { claims: { exp: now() - 30 } }, true],
    ['that begins within what clocks may differ by', { claims: { nbf: now() + 30, iat: now() + 30 } }, true],
    ['without the time of its issue', { claims: { iat: undefined as never } }, true],
    ['that ended', { claims: { exp: now() - 90 } }, false],
    ['that does not end', { claims: { exp: undefined as never } }, false],
    ['that begins later', { claims: { nbf: now() + 120 } }, false],
    ['issued in the future', { claims: { iat: now() + 120 } }, false],
    ['for another service', { claims: { aud: 'console' } }, false],
    ['for nobody', { claims: { aud: undefined as never } }, false],
    ['of another issuer', { claims: { iss: 'https://elsewhere.example' } }, false],
    ['without a subject', { claims: { sub: undefined as never } }, false],
    ['with an empty subject', { claims: { sub: '' } }, false],
    ['with a subject of several lines', { claims: { sub: 'a\nb' } }, false],
    ['with a subject of 256 characters', { claims: { sub: 'x'.repeat(256) } }, false],
    ['of type logout+jwt', { header: { typ: 'logout+jwt' } }, false],
    ['of type dpop+jwt', { header: { typ: 'dpop+jwt' } }, false],
    ['of type id_token+jwt', { header: { typ: 'id_token+jwt' } }, false],
    ['that says it is an identity token', { claims: { typ: 'ID' } }, false],
    ['that says it is a refresh token', { claims: { typ: 'Refresh' } }, false],
    ['that says it is an access token', { claims: { typ: 'Bearer' } }, true],
    ['with a critical header that nobody knows', { header: { crit: ['b64'], b64: false } as never }, false],
  ])('%s', async (_what, made, believed) => {
    // RFC 7797's header cannot be signed by jose's SignJWT with b64 false: it refuses, and so is written by hand.
    const text = await token(made).catch(async () => {
      const [, payload, signature] = (await token({})).split('.');
      return [base64url({ alg: 'ES256', kid: key.kid, ...made.header }), payload, signature].join('.');
    });
    expect((await verifierOf().verify(text)) !== undefined).toBe(believed);
  });

  it.each<[string, object, object]>([
    ['no role that there is', { realm_access: { roles: ['admin'] } }, { roles: [] }],
    ['no roles', { realm_access: {} }, { roles: [] }],
    [
      'several roles',
      { realm_access: { roles: ['policy-approver', 'policy'] } },
      { roles: ['policy', 'policy-approver'] },
    ],
    [
      'another claim than the configured one',
      { realm_access: undefined, role: 'policy', roles: ['policy'] },
      { roles: [] },
    ],
    ['a name', { name: '王芳' }, { roles: ['auditor'], name: '王芳' }],
    ['a unit', { realm_access: { roles: ['unit'] }, unit: 'ln.customs' }, { roles: ['unit'], unit: 'ln.customs' }],
    ['a unit but not its role', { unit: 'ln.customs' }, { roles: ['auditor'] }],
  ])('with %s', async (_what, claims, expected) => {
    expect(await verifierOf().verify(await token({ claims: claims as JWTPayload }))).toEqual({
      subject: `${issuer.url}#f3b1`,
      ...expected,
    });
  });

  it.each<[string, object]>([
    ['no unit', {}],
    ['a unit that can be none', { unit: 'LN CUSTOMS' }],
    ['two units', { unit: ['ln.customs', 'hl.border'] }],
  ])('with the role unit and %s is not believed', async (_what, claims) => {
    expect(
      await verifierOf().verify(await token({ claims: { realm_access: { roles: ['unit'] }, ...claims } })),
    ).toBeUndefined();
  });

  it('of an issuer whose name has a slash more is not believed', async () => {
    expect(await verifierOf().verify(await token({ claims: { iss: `${issuer.url}/` } }))).toBeUndefined();
  });

  it('of two persons never has the same subject', async () => {
    const verifier = verifierOf();
    const subjects = await Promise.all(
      ['a', 'b', 'a#b', '#a', '#'].map(
        async (sub) => (await verifier.verify(await token({ claims: { sub } })))?.subject,
      ),
    );
    expect(new Set(subjects).size).toBe(5);
    expect(subjects).not.toContain(undefined);
  });
});

describe('of two issuers', () => {
  let other: TestTokenIssuer;
  let otherKey: IssuerKey;
  beforeEach(async () => {
    other = await startTokenIssuer();
    otherKey = await other.addKey('ES256');
  });
  afterEach(() => other.stop());

  const both = (): TokenVerifier => {
    const issuers = [
      { issuer: issuer.url, claims: { roles: 'realm_access.roles', unit: 'unit' } },
      { issuer: other.url, claims: { roles: 'roles', unit: 'unit' } },
    ];
    const verifier = tokenVerifier({ audience: AUDIENCE, issuers }, pino({ level: 'silent' }));
    verifiers.push(verifier);
    return verifier;
  };

  it('each is believed about its own people, by its own claims', async () => {
    const claims = { roles: ['firm'] };
    const verifier = both();
    expect(await verifier.verify(await token({ claims }))).toEqual({
      subject: `${issuer.url}#f3b1`,
      roles: ['auditor'],
    });
    expect(await verifier.verify(await token({ by: otherKey, claims: { ...claims, iss: other.url } }))).toEqual({
      subject: `${other.url}#f3b1`,
      roles: ['firm'],
    });
  });

  it('none speaks for the other, though their keys have one name', async () => {
    expect(otherKey.kid).toBe(key.kid);
    const verifier = both();
    expect(await verifier.verify(await token({ by: otherKey }))).toBeUndefined();
    expect(await verifier.verify(await token({ claims: { iss: other.url } }))).toBeUndefined();
    expect(await verifier.verify(await token({ claims: { iss: [issuer.url, other.url] as never } }))).toBeUndefined();
    expect(await verifier.verify(await token({ claims: { iss: undefined as never } }))).toBeUndefined();
  });

  it('one is away: the other’s people are let in', async () => {
    other.how = 'away';
    const verifier = both();
    expect(await verifier.verify(await token())).toBeDefined();
    await expect(verifier.verify(await token({ by: otherKey, claims: { iss: other.url } }))).rejects.toThrow(
      NotReadyError,
    );
  });

  it('both have one name: that is a fault at once', () => {
    const twice = { issuer: issuer.url, claims: { roles: 'roles', unit: 'unit' } };
    expect(() => tokenVerifier({ audience: AUDIENCE, issuers: [twice, twice] }, pino())).toThrow('one name');
  });
});

describe('a forged token', () => {
  it.each<[string, () => Promise<string> | string]>([
    [
      'signed by nobody (alg none)',
      async () => {
        const [, payload] = (await token()).split('.');
        return `${base64url({ alg: 'none', kid: key.kid })}.${payload}.`;
      },
    ],
    ['signed by nobody, its header saying ES256', async () => (await token()).replace(/[^.]+$/, '')],
    [
      'signed with the public key as a shared secret (HS256)',
      async () => {
        const payload = { iss: issuer.url, aud: AUDIENCE, sub: 'f3b1', exp: now() + 300, role: 'auditor' };
        return new SignJWT(payload)
          .setProtectedHeader({ alg: 'HS256', kid: key.kid })
          .sign(new TextEncoder().encode(JSON.stringify(key.open)));
      },
    ],
    [
      'with another payload',
      async () => {
        const [header, , signature] = (await token()).split('.');
        const payload = { iss: issuer.url, aud: AUDIENCE, sub: 'x', exp: now() + 300, role: 'policy' };
        return `${header}.${base64url(payload)}.${signature}`;
      },
    ],
    [
      'signed with a key that it brings along',
      async () => {
        const own = { ...(await issuer.addKey('ES256')), kid: 'mine' };
        issuer.keys.pop();
        return token({ by: own, header: { jwk: own.open } as never });
      },
    ],
    [
      'that says where its key is',
      async () => {
        const own = { ...(await issuer.addKey('ES256')), kid: 'mine' };
        issuer.keys.pop();
        return token({ by: own, header: { jku: `${issuer.url}/mine`, x5u: `${issuer.url}/mine` } as never });
      },
    ],
    ['whose key id is a path', async () => token({ header: { kid: '../../../etc/passwd' } })],
    ['whose key id is a statement', async () => token({ header: { kid: "' or 1=1 --" } })],
    [
      'of another algorithm than its key',
      async () => {
        const by = await issuer.addKey('EdDSA');
        return token({ by: { ...by, kid: key.kid } });
      },
    ],
    ['of an algorithm that is not allowed (ES384)', async () => token({ by: await issuer.addKey('ES384') })],
    ['longer than any', async () => token({ claims: { name: 'x'.repeat(20_000) } })],
  ])('%s is not believed', async (_what, make) => {
    expect(await verifierOf().verify(await make())).toBeUndefined();
    expect(issuer.asked.get('/realm/mine')).toBeUndefined();
  });
});

describe('the issuer’s keys', () => {
  it('are asked for once, however many tokens come', async () => {
    const verifier = verifierOf();
    await Promise.all(Array.from({ length: 20 }, async () => verifier.verify(await token())));
    expect([...issuer.asked]).toEqual([
      ['/realm/.well-known/openid-configuration', 1],
      ['/realm/certs', 1],
    ]);
  });

  it('are taken from where they are said to be, without discovery', async () => {
    expect(await verifierOf({}, `${issuer.url}/certs`).verify(await token())).toBeDefined();
    expect([...issuer.asked.keys()]).toEqual(['/realm/certs']);
  });

  it('may change under a running gateway: the new key is believed at once, the withdrawn one soon not any more', async () => {
    const verifier = verifierOf({ askAgain: 0, refresh: 50 });
    const before = await token();
    expect(await verifier.verify(before)).toBeDefined();
    const next = await issuer.addKey('ES256');
    expect(await verifier.verify(await token({ by: next }))).toBeDefined();
    issuer.keys.shift();
    while ((await verifier.verify(before)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await verifier.verify(await token({ by: next }))).toBeDefined();
  });

  it('are not asked for again and again by made-up key ids', async () => {
    const verifier = verifierOf();
    for (let time = 0; time < 30; time += 1)
      expect(await verifier.verify(await token({ header: { kid: `k-${time}` } }))).toBeUndefined();
    expect(issuer.asked.get('/realm/certs')).toBe(1);
  });

  const unusable = ['away', 'hangs', 'fails', 'nonsense', 'other-issuer', 'redirects'] as const;
  it.each(unusable)('when never had, and the issuer %s: that is said, not that the token is bad', async (how) => {
    issuer.how = how;
    const verifier = verifierOf({ timeout: 200 });
    await expect(verifier.verify(await token())).rejects.toThrow(NotReadyError);
    // It is left alone for a while.
    const asked = [...issuer.asked.values()].reduce((sum, times) => sum + times, 0);
    for (let time = 0; time < 10; time += 1) await verifier.verify(await token()).catch(() => undefined);
    expect([...issuer.asked.values()].reduce((sum, times) => sum + times, 0)).toBe(asked);
  });

  it.each(['away', 'hangs', 'fails', 'nonsense', 'redirects'] as const)(
    'when the issuer %s: known ones are good, of an unknown one it cannot be said',
    async (how) => {
      const verifier = verifierOf({ askAgain: 0, refresh: 20, away: 50, timeout: 200 });
      expect(await verifier.verify(await token())).toBeDefined();
      const next = await issuer.addKey('ES256');
      issuer.how = how;
      while (!lines.some((line) => line.includes('cannot be asked')))
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await verifier.verify(await token())).toBeDefined();
      await expect(verifier.verify(await token({ by: next }))).rejects.toThrow(NotReadyError);
      // A known key does not make a bad token good.
      expect(await verifier.verify(await token({ claims: { exp: now() - 90 } }))).toBeUndefined();
      issuer.how = 'answers';
      for (;;) {
        const identity = await verifier.verify(await token({ by: next })).catch(() => undefined);
        if (identity !== undefined) break;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  );

  it('that could not be confirmed for too long are not used any more', async () => {
    const verifier = verifierOf({ stale: 150, away: 10, refresh: 3_600_000 });
    expect(await verifier.verify(await token())).toBeDefined();
    issuer.how = 'away';
    for (;;) {
      const refused = await verifier.verify(await token()).then(
        () => false,
        (error: unknown) => error instanceof NotReadyError,
      );
      if (refused) break;
    }
    issuer.how = 'answers';
    for (;;) {
      const identity = await verifier.verify(await token()).catch(() => undefined);
      if (identity !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it('no log line holds a token, a subject or a name', async () => {
    const verifier = verifierOf();
    await verifier.verify(await token({ claims: { sub: 'person-7', name: '王芳', exp: now() - 90 } }));
    await verifier.verify(await token({ claims: { sub: 'person-7', typ: 'ID' } }));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toMatch(/person-7|王芳|eyJ/);
  });
});
