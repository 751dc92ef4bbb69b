import { exportJWK, type JWTPayload } from 'jose';
import { type CallerKey, newCallerKey } from '@clearance/testing';
import { isProven, type ProvenCall } from './verify-proof.ts';

const URL_OF = 'https://gateway.example/api/v1/access-requests/1/decision';
const CALL = { method: 'POST', path: '/api/v1/access-requests/1/decision', token: 'a.b.c' };
const DIGEST = 'sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU';

let key: CallerKey;
let other: CallerKey;
beforeAll(async () => {
  [key, other] = await Promise.all([newCallerKey(), newCallerKey()]);
});

const now = (): number => Math.floor(Date.now() / 1_000);
const call = (changes: Partial<ProvenCall> = {}): ProvenCall => ({ ...CALL, boundTo: key.thumbprint, ...changes });
const proof = (claims: JWTPayload = {}, by = key): Promise<string> =>
  by.prove({ method: 'POST', url: URL_OF, token: CALL.token }, claims);

describe('a proof', () => {
  it.each<[string, JWTPayload, boolean]>([
    ['of this call', {}, true],
    [
      'with a query, and by another name of the host',
      { htu: 'http://10.0.0.1/api/v1/access-requests/1/decision?a#b' },
      true,
    ],
    ['made some minutes ago', { iat: now() - 250 }, true],
    ['made a quarter of an hour ago', { iat: now() - 900 }, false],
    ['made in the future', { iat: now() + 300 }, false],
    ['without its time', { iat: undefined as never }, false],
    ['without a number', { jti: undefined as never }, false],
    ['of another method', { htm: 'GET' }, false],
    ['of another path', { htu: URL_OF.replace('/1/', '/2/') }, false],
    ['of a path that only begins so', { htu: `${URL_OF}/more` }, false],
    ['of no address', { htu: 'decision' }, false],
    ['of several addresses', { htu: [URL_OF] }, false],
    ['of another token', { ath: 'x'.repeat(43) }, false],
    ['of no token', { ath: undefined }, false],
  ])('%s', async (_what, claims, holds) => {
    expect(await isProven(await proof(claims), call())).toBe(holds);
  });

  it('is by the key to which the token is bound', async () => {
    expect(await isProven(await proof({}, other), call())).toBe(false);
    // Another's signature over the right key’s name.
    const jwk = await exportJWK(key.pair.publicKey);
    const forged = await other.prove({ method: 'POST', url: URL_OF, token: CALL.token }, {}, { jwk });
    expect(await isProven(forged, call())).toBe(false);
  });

  it('carries no private key, and is no other kind of token', async () => {
    const sign = (header: object) => key.prove({ method: 'POST', url: URL_OF, token: CALL.token }, {}, header);
    expect(await isProven(await sign({ jwk: await exportJWK(key.pair.privateKey) }), call())).toBe(false);
    expect(await isProven(await sign({ typ: 'JWT' }), call())).toBe(false);
    expect(await isProven(await sign({ jwk: undefined }), call())).toBe(false);
    for (const text of ['', 'a.b.c', 'x'.repeat(10_000)]) expect(await isProven(text, call())).toBe(false);
    const [header, payload] = (await proof()).split('.');
    expect(await isProven(`${header}.${payload}.`, call())).toBe(false);
  });

  it('of words is of these words', async () => {
    const asked = call({ bodyDigest: DIGEST });
    expect(await isProven(await proof({ body_digest: DIGEST }), asked)).toBe(true);
    expect(await isProven(await proof({ body_digest: DIGEST.replace('47', '48') }), asked)).toBe(false);
    expect(await isProven(await proof(), asked)).toBe(false);
  });
});
