import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { UnitId } from '@clearance/contracts';
import {
  issueToken,
  type KeyRing,
  type ResultClaims,
  type SigningKey,
  type VerificationKey,
} from '@clearance/provenance';
import { readOffers } from './read-offers.ts';

interface Signer {
  key: SigningKey;
  verification: VerificationKey;
}
function newSigner(owner: UnitId): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const kid = `${owner}/${randomBytes(2).toString('hex')}`;
  return {
    key: { kid, suite: 'EdDSA', privateKey },
    verification: { kid, owner, suite: 'EdDSA', publicKey, notBefore: 0, notAfter: Date.UTC(2027, 0) },
  };
}

const LN = newSigner('ln.customs');
const HL = newSigner('hl.customs');
const STRANGER = newSigner('ln.customs');
const RING: KeyRing = new Map([LN, HL].map(({ verification }) => [verification.kid, verification]));
const ID = '019aa5a1-7c5b-7000-8000-000000000001';
const CLAIMS: ResultClaims = {
  issuer: 'ln.customs',
  resultId: ID,
  version: 1,
  status: 'issued',
  issuedAt: '2026-11-21T03:12:00.123Z',
};
const sign = ({ key }: Signer, claims: Partial<ResultClaims> = {}): string =>
  issueToken({ ...CLAIMS, ...claims }, { reference: 'R-1', kind: 'customs.scan' }, key, randomBytes);

const GOOD = sign(LN);
const [SIGNED = '', ...DISCLOSURES] = GOOD.split('~');
const flip = (text: string, place: number): string =>
  `${text.slice(0, place)}${text[place] === 'A' ? 'B' : 'A'}${text.slice(place + 1)}`;
const offered = (tokens: readonly string[], unit: UnitId = 'ln.customs') => ({
  unit,
  data: new TextEncoder().encode(JSON.stringify({ results: tokens.map((token) => ({ token })) })),
});

describe('readOffers', () => {
  it('takes results that their unit signed, each with its trace', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const data = Buffer.from(JSON.stringify({ results: [{ token: GOOD, traceparent }] }));
    const [read] = readOffers([{ unit: 'ln.customs', data }], RING);
    expect(read).toMatchObject({
      verdict: { verdict: 'done' },
      offers: [
        { traceparent, verified: { claims: CLAIMS, content: { reference: 'R-1', kind: 'customs.scan' }, token: GOOD } },
      ],
    });
  });

  it.each([
    [
      '签名改动一个字符 one character of the signature altered',
      [flip(SIGNED, SIGNED.length - 20), ...DISCLOSURES].join('~'),
      'signature-invalid',
    ],
    [
      '披露项改动一个字符 one character of a disclosure altered',
      [SIGNED, flip(DISCLOSURES[0]!, 12), ...DISCLOSURES.slice(1)].join('~'),
      'disclosure-invalid',
    ],
    ['密钥不明 signed by an unknown key, which may become known', sign(STRANGER), 'unknown-key', 'later'],
    ["盗用他单位之名 in another unit's name", sign(HL), 'wrong-owner'],
    ["经他单位账户 another unit's, by this account", sign(HL, { issuer: 'hl.customs' }), 'wrong-account'],
    [
      '密钥停用之后 signed after the key had ended',
      sign(LN, { issuedAt: '2027-01-01T00:00:00.000Z' }),
      'key-not-valid',
    ],
    ['不是凭证 no token at all', 'abc', 'malformed'],
  ])('refuses %s; the good result beside it goes on', (_what, token, code, verdict = 'poison') => {
    const [read] = readOffers([offered([token, GOOD])], RING);
    expect(read!.offers.map(({ verified }) => verified.token)).toEqual([GOOD]);
    expect(read!.verdict).toEqual({ verdict, cause: 'unverifiable', detail: `1 of 2 results refused: ${code}` });
  });

  it('names results that a revoked key signed, unless what they call their id is something else', () => {
    const revoked: KeyRing = new Map([...RING, [LN.key.kid, { ...LN.verification, revokedAt: 0 }]]);
    const [read] = readOffers([offered([GOOD, sign(LN, { resultId: 'x, 李某某' }), 'abc'])], revoked);
    const detail = `3 of 3 results refused: key-revoked, malformed (${ID} v1)`;
    expect(read!.verdict).toEqual({ verdict: 'poison', cause: 'unverifiable', detail });
  });

  it('names each cause once, and counts all', () => {
    const [read] = readOffers([offered([sign(STRANGER), sign(STRANGER), 'abc', GOOD])], RING);
    expect(read!.verdict).toMatchObject({ detail: '3 of 4 results refused: unknown-key, malformed' });
  });

  it.each([
    ['no JSON', '{'],
    ['a list in place of an object', '[]'],
    ['no results', '{"results":[]}'],
    ['an unknown member', JSON.stringify({ results: [{ token: GOOD }], extra: true })],
    ['a trace that is none', JSON.stringify({ results: [{ token: GOOD, traceparent: 'x' }] })],
  ])('calls a message with %s malformed', (_what, text) => {
    expect(readOffers([{ unit: 'ln.customs', data: Buffer.from(text) }], RING)).toEqual([
      {
        offers: [],
        refused: [],
        named: [],
        verdict: { verdict: 'poison', cause: 'malformed', detail: 'not a message of offers' },
      },
    ]);
  });

  it('judges messages of several units for themselves, in order', () => {
    const other = sign(HL, { issuer: 'hl.customs' });
    const read = readOffers(
      [offered([other], 'hl.customs'), offered([other]), { unit: 'jl.border', data: Buffer.from('') }, offered([GOOD])],
      RING,
    );
    expect(read.map(({ verdict, offers }) => [verdict.verdict, offers.map(({ verified }) => verified.token)])).toEqual([
      ['done', [other]],
      ['poison', []],
      ['poison', []],
      ['done', [GOOD]],
    ]);
  });
});
