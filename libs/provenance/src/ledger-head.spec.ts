import type { SignedHead } from '@clearance/contracts';
import { signDetached } from './detached-signature.ts';
import { compareHeads, signHead, verifyHead, type LedgerHead } from './ledger-head.ts';
import type { KeyRing } from './keys.ts';
import { DAY, ISSUED_AT, JL, JL_PUBLIC, LN, LN_PUBLIC } from './token.fixture.ts';

const GATEWAY: KeyRing = new Map([{ ...LN_PUBLIC, owner: 'gateway' }, JL_PUBLIC].map((key) => [key.kid, key]));
const time = (ms: number): string => new Date(ISSUED_AT + ms).toISOString();
const hash = (digit: string): string => digit.repeat(64);
const HEAD: LedgerHead = { sequence: 41, hash: hash('a'), at: time(0) };
const SIGNED = signHead(HEAD, LN);

describe('a signed head of the ledger', () => {
  it('holds for the place, the hash and the time that the gateway signed', () => {
    expect(SIGNED).toMatchObject(HEAD);
    expect(verifyHead(SIGNED, GATEWAY)).toEqual({ ok: true, keyId: 'ln-1' });
  });

  it.each<[string, SignedHead, string]>([
    ['another place', { ...SIGNED, sequence: 42 }, 'signature-invalid'],
    ['another hash', { ...SIGNED, hash: hash('b') }, 'signature-invalid'],
    ['another time', { ...SIGNED, at: time(1) }, 'signature-invalid'],
    ['the same time in another form', { ...SIGNED, at: SIGNED.at.replace('Z', '+00:00') }, 'malformed'],
    ['no time', { ...SIGNED, at: 'now' }, 'malformed'],
    ["a unit's key", signHead(HEAD, JL), 'wrong-owner'],
    ['a key that nobody knows', signHead(HEAD, { ...LN, kid: 'x' }), 'unknown-key'],
    ['a time after the key', signHead({ ...HEAD, at: time(DAY) }, LN), 'key-not-valid'],
    [
      'a signature over the same text as a file',
      {
        ...HEAD,
        signature: signDetached(Buffer.from(JSON.stringify({ at: HEAD.at, hash: HEAD.hash, sequence: 41 })), LN),
      },
      'malformed',
    ],
  ])('is refused with %s', (_what, head, code) => {
    expect(verifyHead(head, GATEWAY)).toMatchObject({ ok: false, code });
  });

  it('is refused for every character of its signature that is another', () => {
    for (let place = 0; place < SIGNED.signature.length; place += 1) {
      const other = SIGNED.signature[place] === 'A' ? 'B' : 'A';
      const signature = SIGNED.signature.slice(0, place) + other + SIGNED.signature.slice(place + 1);
      expect(verifyHead({ ...SIGNED, signature }, GATEWAY).ok).toBe(false);
    }
  });
});

describe('two heads', () => {
  it.each<[string, LedgerHead, ReturnType<typeof compareHeads>]>([
    ['the same', HEAD, 'consistent'],
    ['the same, signed again', { ...HEAD, at: time(9) }, 'consistent'],
    ['a longer one later', { sequence: 42, hash: hash('b'), at: time(1) }, 'consistent'],
    ['a shorter one earlier', { sequence: 40, hash: hash('b'), at: time(-1) }, 'consistent'],
    ['another hash in the same place', { ...HEAD, hash: hash('b') }, 'fork'],
    ['another hash in the same place, later', { ...HEAD, hash: hash('b'), at: time(9) }, 'fork'],
    ['a shorter one later', { sequence: 40, hash: hash('b'), at: time(1) }, 'rollback'],
    ['a shorter one at the same time', { sequence: 40, hash: hash('b'), at: time(0) }, 'rollback'],
    ['a longer one earlier', { sequence: 42, hash: hash('b'), at: time(-1) }, 'rollback'],
  ])('%s', (_what, other, relation) => {
    expect(compareHeads(HEAD, other)).toBe(relation);
    expect(compareHeads(other, HEAD)).toBe(relation);
  });
});
