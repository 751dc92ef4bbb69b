import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  exportTrust,
  generateKeyId,
  isRevoked,
  keyRing,
  refuseKey,
  signingKey,
  stillStands,
  type VerificationKey,
} from './keys.ts';
import { JL_PUBLIC, LN_PUBLIC } from './token.fixture.ts';

/** The key of RFC 8037 appendix A. */
const RFC_8037 = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
} as const;

const [entry] = exportTrust([LN_PUBLIC]).keys as [object];

describe('keyRing', () => {
  it('reads what exportTrust writes', () => {
    const document = exportTrust([
      { ...LN_PUBLIC, revokedAt: 7 },
      { ...JL_PUBLIC, notAfter: undefined },
    ]);
    const ring = keyRing(JSON.parse(JSON.stringify(document)));
    expect([...ring.keys()]).toEqual(['ln-1', 'jl-1']);
    expect(ring.get('ln-1')?.publicKey.equals(LN_PUBLIC.publicKey)).toBe(true);
    expect(ring.get('ln-1')).toMatchObject({ owner: 'ln.customs', notAfter: LN_PUBLIC.notAfter, revokedAt: 7 });
    expect(ring.get('jl-1')).not.toHaveProperty('notAfter');
    expect(ring.get('jl-1')).not.toHaveProperty('revokedAt');
    expect(exportTrust(ring.values())).toEqual(document);
  });

  it('is empty for a mesh without keys', () => {
    expect(keyRing({ keys: [] }).size).toBe(0);
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', null, /array of keys/],
    ['no keys', { keys: {} }, /array of keys/],
    ['a key that is a text', { keys: ['x'] }, /Key 0 .* not an object/],
    ['a key without id', { keys: [entry, { ...entry, kid: '' }] }, /Key 1 .* no kid/],
    ['one id twice', { keys: [entry, entry] }, /ln-1 twice/],
    ['a key of no one', { keys: [{ ...entry, owner: undefined }] }, /no owner/],
    ['another curve', { keys: [{ ...entry, crv: 'X25519' }] }, /not an Ed25519 key/],
    ['a shared secret', { keys: [{ ...entry, kty: 'oct' }] }, /not an Ed25519 key/],
    ['a key cut short', { keys: [{ ...entry, x: 'AAAA' }] }, /32 bytes/],
    ['a private key', { keys: [{ ...entry, d: RFC_8037.d }] }, /is private/],
    ['a time that is a text', { keys: [{ ...entry, notBefore: '2026-11-01' }] }, /notBefore in milliseconds/],
    ['an end before the beginning', { keys: [{ ...entry, notBefore: 2, notAfter: 2 }] }, /after its notBefore/],
    ['a revocation without a time', { keys: [{ ...entry, revokedAt: true }] }, /revokedAt .* milliseconds/],
  ])('refuses a document with %s', (_what, document, message) => {
    expect(() => keyRing(document)).toThrow(message);
  });
});

describe('refuseKey', () => {
  const [BEGIN, REVOKED, END] = [1_000, 2_000, 3_000];
  const plain = { ...LN_PUBLIC, notBefore: BEGIN, notAfter: undefined } as unknown as VerificationKey;
  const ended = { ...plain, notAfter: END };
  const revoked = { ...plain, revokedAt: REVOKED };
  const both = { ...ended, revokedAt: REVOKED };
  const endedFirst = { ...plain, notAfter: REVOKED, revokedAt: END };
  const fromTheStart = { ...plain, revokedAt: BEGIN - 1 };

  it.each<[string, VerificationKey, number, ReturnType<typeof refuseKey>]>([
    ['before it begins', plain, BEGIN - 1, 'key-not-valid'],
    ['as it begins', plain, BEGIN, undefined],
    ['long after, without an end', plain, 9e12, undefined],
    ['at no time at all', plain, NaN, 'key-not-valid'],
    ['just before it ends', ended, END - 1, undefined],
    ['as it ends', ended, END, 'key-not-valid'],
    ['before it begins, revoked or not', revoked, BEGIN - 1, 'key-not-valid'],
    ['before the revocation', revoked, REVOKED - 1, undefined],
    ['at the revocation', revoked, REVOKED, 'key-revoked'],
    ['after the revocation', revoked, 9e12, 'key-revoked'],
    ['between revocation and end', both, REVOKED, 'key-revoked'],
    ['after revocation and end', both, END, 'key-revoked'],
    ['ended, and revoked only later', endedFirst, REVOKED, 'key-not-valid'],
    ['ended, and revoked meanwhile', endedFirst, END, 'key-revoked'],
    ['revoked from the start', fromTheStart, BEGIN, 'key-revoked'],
  ])('%s', (_when, key, at, expected) => {
    expect(refuseKey(key, 'ln.customs', at)).toBe(expected);
    const ring = new Map([[key.kid, key]]);
    expect(stillStands(ring, { keyId: key.kid, owner: 'ln.customs', at })).toBe(expected === undefined);
    expect(isRevoked(ring, key.kid)).toBe(key.revokedAt !== undefined);
  });

  it('names the wrong owner first, whatever the time', () => {
    expect(refuseKey(revoked, 'jl.customs', REVOKED)).toBe('wrong-owner');
    expect(stillStands(new Map([['ln-1', plain]]), { keyId: 'ln-1', owner: 'jl.customs', at: BEGIN })).toBe(false);
  });

  it('lets nothing stand that a key signed which the ring does not know', () => {
    expect(stillStands(new Map(), { keyId: 'ln-1', owner: 'ln.customs', at: BEGIN })).toBe(false);
    expect(isRevoked(new Map(), 'ln-1')).toBe(false);
  });
});

describe('signingKey', () => {
  it('reads a private JWK', () => {
    const { kid, suite, privateKey } = signingKey({ ...RFC_8037, kid: 'ln.customs/20261121-9f3a' });
    expect({ kid, suite }).toEqual({ kid: 'ln.customs/20261121-9f3a', suite: 'EdDSA' });
    expect(privateKey.equals(createPrivateKey({ key: RFC_8037, format: 'jwk' }))).toBe(true);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /not an object/],
    ['no id', RFC_8037, /no kid/],
    ['a public key', { ...RFC_8037, kid: 'k', d: undefined }, /not private/],
    ['a public part of another key', { ...RFC_8037, kid: 'k', x: 'A'.repeat(43) }, /another key/],
  ])('refuses %s', (_what, jwk, message) => {
    expect(() => signingKey(jwk)).toThrow(message);
  });
});

describe('generateKeyId', () => {
  it('names owner, first day in UTC, and the beginning of the thumbprint of RFC 8037 appendix A.3', () => {
    const publicKey = createPublicKey({ key: RFC_8037, format: 'jwk' });
    const thumbprint = Buffer.from('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', 'base64url').toString('hex');
    const id = generateKeyId('ln.customs', Date.parse('2026-11-21T07:59:00+08:00'), publicKey);
    expect(id).toBe(`ln.customs/20261120-${thumbprint.slice(0, 4)}`);
  });
});
