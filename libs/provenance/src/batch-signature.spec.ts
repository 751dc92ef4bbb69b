import { generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { batchedEddsa } from './batch-signature.ts';
import { issueToken, issueTokens } from './issue-token.ts';
import { leafHash, rootFrom } from './merkle-tree.ts';
import { redactToken } from './redact-token.ts';
import { CLAIMS, CONTENT, LN, LN_PUBLIC, RING } from './token.fixture.ts';
import { verifyToken, verifyTokens } from './verify-token.ts';

const random = (bytes: number): Uint8Array => randomBytes(bytes);
const batch = (size: number) =>
  Array.from({ length: size }, (_, index) => ({
    claims: { ...CLAIMS, resultId: `019aa5a1-7c5b-7000-8000-${String(index).padStart(12, '0')}` },
    content: { ...CONTENT, reference: `R-${index}` },
  }));
const headerOf = (token: string): { alg: string } =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { alg: string };
/** The bytes of a token's signature value. */
const valueOf = (token: string): Buffer => Buffer.from(token.split('~')[0]!.split('.')[2]!, 'base64url');
const withValue = (token: string, value: Uint8Array): string => {
  const [jwt, ...rest] = token.split('~');
  const [header, payload] = jwt!.split('.');
  return [[header, payload, Buffer.from(value).toString('base64url')].join('.'), ...rest].join('~');
};
const refusal = (token: string): string => {
  const answer = verifyToken(token, RING);
  return answer.ok ? 'accepted' : answer.code;
};

describe('tokens that are signed together', () => {
  it.each([2, 3, 5, 63, 64, 65, 130])('verify each alone, of %i', (size) => {
    const tokens = issueTokens(batch(size), LN, random);
    expect(new Set(tokens.map((token) => headerOf(token).alg))).toEqual(new Set(['EdDSA-MTH-SHA256']));
    expect(tokens.map(refusal)).toEqual(tokens.map(() => 'accepted'));
    expect(verifyTokens(tokens, RING).every(({ ok }) => ok)).toBe(true);
  });

  it('are one plain EdDSA token when there is one', () => {
    const [token] = issueTokens(batch(1), LN, random);
    expect(headerOf(token!)).toMatchObject({ alg: 'EdDSA' });
    expect(headerOf(issueToken(CLAIMS, CONTENT, LN, random)).alg).toBe('EdDSA');
  });

  it('verify when something has been taken out of one', () => {
    const [, token] = issueTokens(batch(7), LN, random);
    const verified = verifyToken(token!, RING);
    if (!verified.ok) throw new Error(verified.detail);
    const { token: redacted } = redactToken(verified.result, ['/goods', '/containers/0']);
    const again = verifyToken(redacted, RING);
    expect(again).toMatchObject({ ok: true });
    expect(again.ok && again.result.content).not.toHaveProperty('goods');
  });

  it('fail alone: a bad one among good ones is the only one refused', () => {
    const tokens = issueTokens(batch(8), LN, random);
    const bent = withValue(tokens[3]!, valueOf(tokens[4]!));
    const answers = verifyTokens([...tokens.slice(0, 3), bent, ...tokens.slice(4)], RING);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, false, true, true, true, true]);
  });

  it('are refused when any byte of the signature value is another', () => {
    const token = issueTokens(batch(5), LN, random)[2]!;
    const value = valueOf(token);
    for (const [at] of value.entries()) {
      const bent = Buffer.from(value);
      bent[at]! ^= 1;
      expect({ at, answer: refusal(withValue(token, bent)) }).toEqual({ at, answer: 'signature-invalid' });
    }
  });

  it.each([
    ['without its proof', (value: Buffer) => Buffer.concat([value.subarray(0, 2), value.subarray(-64)])],
    ['with a hash too many', (value: Buffer) => Buffer.concat([value.subarray(0, 34), value.subarray(2)])],
    ['as a plain signature', (value: Buffer) => value.subarray(-64)],
    ['cut', (value: Buffer) => value.subarray(0, -1)],
    ['empty', () => Buffer.alloc(0)],
    ['of a tree larger than any', (value: Buffer) => Buffer.concat([Buffer.of(2, 65), value.subarray(2)])],
  ])('are refused %s', (_how, bend) => {
    const token = issueTokens(batch(5), LN, random)[2]!;
    expect(refusal(withValue(token, bend(valueOf(token))))).toBe('signature-invalid');
  });

  it("are refused under another unit's key", () => {
    const other = { ...LN, privateKey: generateKeyPairSync('ed25519').privateKey };
    for (const token of issueTokens(batch(3), other, random)) expect(refusal(token)).toBe('signature-invalid');
  });

  it('have one text: a value written in base64url any other way is refused', () => {
    const token = issueTokens(batch(2), LN, random)[0]!;
    const [jwt, ...rest] = token.split('~');
    const last = jwt!.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // 98 bytes leave two unused bits in the last character.
    const other = alphabet[alphabet.indexOf(last) + 1]!;
    expect(refusal([jwt!.slice(0, -1) + other, ...rest].join('~'))).toBe('signature-invalid');
  });

  it('are what the description says, for whoever verifies them without us', () => {
    const token = issueTokens(batch(6), LN, random)[4]!;
    const value = valueOf(token);
    const [index, size] = value as unknown as [number, number];
    expect([index, size]).toEqual([4, 6]);
    const path = [];
    for (let at = 2; at < value.length - 64; at += 32) path.push(value.subarray(at, at + 32));
    const signed = Buffer.from(token.split('~')[0]!.split('.').slice(0, 2).join('.'));
    const root = rootFrom(leafHash(signed), index, size, path)!;
    const statement = Buffer.concat([Buffer.from('clearance/batch-root/v1\n'), Buffer.of(size), root]);
    expect(verify(null, statement, LN_PUBLIC.publicKey, value.subarray(-64))).toBe(true);
  });

  it('share one signature, so that whoever has them all checks one', () => {
    const tokens = issueTokens(batch(64), LN, random);
    expect(new Set(tokens.map((token) => valueOf(token).subarray(-64).toString('hex'))).size).toBe(1);
    expect(batchedEddsa.keys).toBe('EdDSA');
  });
});
