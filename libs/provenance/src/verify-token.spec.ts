import { encodeText } from './base64url.ts';
import { digestOf } from './fold-content.ts';
import type { JsonValue } from './json.ts';
import type { VerificationKey } from './keys.ts';
import { refusalMessage, type TokenRefusal } from './refusals.ts';
import { CLAIMS, CONTENT, DAY, disclosure, forge, ISSUED_AT, issue, JL, LN, RING, verified } from './token.fixture.ts';
import { TOKEN_LIMITS } from './token-format.ts';
import { verifyToken, verifyTokens } from './verify-token.ts';

interface Disclosure {
  text: string;
  digest: string;
}

const HEADER = { alg: 'EdDSA', typ: 'clearance-result+sd-jwt', kid: 'ln-1' };
const reference = disclosure('salt', 'reference', 'DLHG-2026-000123');
const otherReference = disclosure('other salt', 'reference', 'DLHG-2026-000124');
const seal = disclosure('salt', 'H1234567');

/** A content whose `_sd` refers to these disclosures. */
function disclosing(...disclosures: Disclosure[]): string {
  const _sd = disclosures.map(({ digest }) => digest);
  return forge({ content: { _sd }, disclosures: disclosures.map(({ text }) => text) });
}

/** A content whose one member has this value, which refers to these disclosures. */
function holding(value: JsonValue, ...disclosures: Disclosure[]): string {
  const holder = disclosure('salt', 'seals', value);
  const texts = [holder, ...disclosures].map(({ text }) => text);
  return forge({ content: { _sd: [holder.digest] }, disclosures: texts });
}

/** A disclosure of these very bytes. */
function raw(bytes: string | Buffer): Disclosure {
  const text = Buffer.from(bytes as Buffer).toString('base64url');
  return { text, digest: digestOf(text) };
}

/** A member nested this many levels deep. */
function nested(levels: number): string {
  const disclosures: Disclosure[] = [disclosure('salt', 'below', 1)];
  for (let level = 1; level < levels; level += 1) {
    disclosures.push(disclosure('salt', 'below', { _sd: [(disclosures.at(-1) as Disclosure).digest] }));
  }
  const top = (disclosures.at(-1) as Disclosure).digest;
  return forge({ content: { _sd: [top] }, disclosures: disclosures.map(({ text }) => text) });
}

const good = issue();
const [jwt, ...rest] = good.split('~') as [string, ...string[]];
const [header, payload, signature] = jwt.split('.') as [string, string, string];
/** The next character: of a 64-byte signature's last one (A, Q, g or w) only the unused low bits change. */
const lastOf = (text: string) => String.fromCharCode(text.charCodeAt(text.length - 1) + 1);

const REFUSALS: [why: string, token: string, code: TokenRefusal][] = [
  ['nothing', '', 'malformed'],
  ['no disclosures and no end', forge({}).slice(0, -1), 'malformed'],
  ['a key binding at the end', good + jwt, 'malformed'],
  ['two parts instead of three', [`${header}.${payload}`, ...rest].join('~'), 'malformed'],
  ['four parts instead of three', [`${jwt}.${signature}`, ...rest].join('~'), 'malformed'],
  ['white space', `${good}\n`, 'malformed'],
  ['padding', good.replace('~', '=~'), 'malformed'],
  ['a dot in a disclosure', good.replace('~', '~.'), 'malformed'],
  ['too many characters', good + 'A'.repeat(TOKEN_LIMITS.characters), 'malformed'],
  ['too many disclosures', forge({}) + '~'.repeat(TOKEN_LIMITS.disclosures + 1), 'malformed'],
  ['a header that is not JSON', [`AAAA.${payload}.${signature}`, ...rest].join('~'), 'malformed'],
  ['a header that is a list', forge({ header: [HEADER] }), 'malformed'],
  ['no algorithm', forge({ header: { ...HEADER, alg: 'none' } }), 'malformed'],
  ['no algorithm and no signature', `${encodeText('{"alg":"none"}')}.${payload}.~`, 'malformed'],
  ['a shared secret', forge({ header: { ...HEADER, alg: 'HS256' } }), 'malformed'],
  ['another curve', forge({ header: { ...HEADER, alg: 'ES256' } }), 'malformed'],
  ['another kind of token', forge({ header: { ...HEADER, typ: 'JWT' } }), 'malformed'],
  ['a key brought along', forge({ header: { ...HEADER, jwk: {} } }), 'malformed'],
  ['a critical extension', forge({ header: { ...HEADER, crit: ['exp'] } }), 'malformed'],
  ['no key id', forge({ header: { alg: HEADER.alg, typ: HEADER.typ } }), 'malformed'],
  ['a payload that is not JSON', [`${header}.AAAA.${signature}`, ...rest].join('~'), 'malformed'],
  ['a claim too many', forge({ payload: { sub: 'x' } }), 'malformed'],
  ['a digest beside the content', forge({ payload: { _sd: [reference.digest] } }), 'malformed'],
  ['another hash', forge({ payload: { _sd_alg: 'sha-512' } }), 'malformed'],
  ['no issuer', forge({ payload: { iss: null } }), 'malformed'],
  ['no result id', forge({ payload: { jti: '' } }), 'malformed'],
  ['version 0', forge({ payload: { ver: 0 } }), 'malformed'],
  ['half a version', forge({ payload: { ver: 1.5 } }), 'malformed'],
  ['a status of no kind', forge({ payload: { status: 'pending' } }), 'malformed'],
  ['a status from the prototype', forge({ payload: { status: 'toString' } }), 'malformed'],
  ['a time without offset', forge({ payload: { issuedAt: '2026-11-21T03:12:00.123' } }), 'malformed'],
  ['two times that differ', forge({ payload: { iat: 1 } }), 'malformed'],
  ['a content that is a list', forge({ content: [] }), 'malformed'],

  ['a key that nobody knows', forge({ header: { ...HEADER, kid: 'ln-2' } }), 'unknown-key'],
  ['a key id that is a number', forge({ header: { ...HEADER, kid: 1 } }), 'unknown-key'],
  ['a key id from the prototype', forge({ header: { ...HEADER, kid: 'constructor' } }), 'unknown-key'],
  ["another unit's key", forge({ key: JL }), 'wrong-owner'],
  ["another unit's name", forge({ payload: { iss: 'jl.customs' } }), 'wrong-owner'],

  ["another unit's signature", forge({ header: HEADER, key: JL }), 'signature-invalid'],
  ['no signature', [`${header}.${payload}.`, ...rest].join('~'), 'signature-invalid'],
  ['a signature cut short', [jwt.slice(0, -1), ...rest].join('~'), 'signature-invalid'],
  [
    'the same signature bytes, written otherwise',
    [jwt.slice(0, -1) + lastOf(jwt), ...rest].join('~'),
    'signature-invalid',
  ],
  [
    'another version under the same signature',
    [`${header}.${forge({ payload: { ver: 2 } }).split('.')[1]}.${signature}`, ...rest].join('~'),
    'signature-invalid',
  ],

  ['a disclosure that nothing refers to', `${good}${reference.text}~`, 'disclosure-invalid'],
  ['a disclosure given twice', `${good}${rest[0]}~`, 'disclosure-invalid'],
  ['an empty disclosure', `${good}~`, 'disclosure-invalid'],
  [
    'a child without its parent',
    forge({ content: { _sd: [otherReference.digest] }, disclosures: [reference.text] }),
    'disclosure-invalid',
  ],
  ['a digest that stands twice', disclosing(reference, reference), 'disclosure-invalid'],
  ['a digest that stands twice, of nothing shown', forge({ content: { _sd: ['x', 'x'] } }), 'disclosure-invalid'],
  ['a digest that stands at two levels', holding({ _sd: [seal.digest, seal.digest] }), 'disclosure-invalid'],
  ['two members of one name', disclosing(reference, otherReference), 'disclosure-invalid'],
  ['a member named _sd', disclosing(disclosure('salt', '_sd', [])), 'disclosure-invalid'],
  ['a member named ...', disclosing(disclosure('salt', '...', 'x')), 'disclosure-invalid'],
  ['a member named __proto__', disclosing(disclosure('salt', '__proto__', {})), 'disclosure-invalid'],
  ['a member with no name', disclosing(seal), 'disclosure-invalid'],
  ['a member named by a number', disclosing(disclosure('salt', 7, 'x')), 'disclosure-invalid'],
  ['a member with a fourth part', disclosing(disclosure('salt', 'a', 'b', 'c')), 'disclosure-invalid'],
  ['a salt alone', disclosing(disclosure('salt')), 'disclosure-invalid'],
  ['a salt that is a number', disclosing(disclosure(1, 'a', 'b')), 'disclosure-invalid'],
  ['an element with a name', holding([{ '...': reference.digest }], reference), 'disclosure-invalid'],
  ['a placeholder with a second member', holding([{ '...': seal.digest, more: 1 }], seal), 'disclosure-invalid'],
  ['a placeholder of a number', holding([{ '...': 1 }]), 'disclosure-invalid'],
  ['a placeholder outside of a list', holding({ '...': seal.digest }, seal), 'disclosure-invalid'],
  ['digests that are no list', forge({ content: { _sd: 'x' } }), 'disclosure-invalid'],
  ['a digest that is a number', forge({ content: { _sd: [1] } }), 'disclosure-invalid'],
  ['a disclosure that is an object', disclosing(raw('{"0":"salt"}')), 'disclosure-invalid'],
  ['a disclosure that is not JSON', disclosing(raw('["salt","a",')), 'disclosure-invalid'],
  [
    'a disclosure that is not UTF-8',
    disclosing(raw(Buffer.from('["salt","a","\xff"]', 'latin1'))),
    'disclosure-invalid',
  ],
  ['a number beyond a double', disclosing(raw('["salt","a",1e999]')), 'disclosure-invalid'],
  ['half a character', disclosing(raw('["salt","a","\\ud83d"]')), 'disclosure-invalid'],
  ['half a character in a name', disclosing(raw('["salt","\\ud83d",1]')), 'disclosure-invalid'],
  ['a member in the clear', forge({ content: { reference: 'x' } }), 'disclosure-invalid'],
  ['a nested member in the clear', holding({ number: 'x' }), 'disclosure-invalid'],
  ['an element in the clear', holding(['H1234567']), 'disclosure-invalid'],
  ['too many levels', nested(TOKEN_LIMITS.depth + 2), 'disclosure-invalid'],
];

describe('verifyToken refuses', () => {
  it.each(REFUSALS)('%s', (_why, token, code) => {
    expect(verifyToken(token, RING)).toEqual({ ok: false, code, detail: expect.stringMatching(/\.$/) });
  });

  it('with a reason that says nothing of the content', () => {
    for (const [, token] of REFUSALS) {
      const verification = verifyToken(token, RING);
      expect(verification.ok ? '' : verification.detail).not.toMatch(/DLHG|H1234567|reference/);
    }
  });

  it('for codes that have a message in both languages', () => {
    for (const code of new Set(REFUSALS.map(([, , refusal]) => refusal))) {
      expect(refusalMessage(code)).toEqual({ zh: expect.stringMatching(/。$/), en: expect.stringMatching(/\.$/) });
    }
  });
});

describe('verifyToken accepts', () => {
  it('what the table starts from: a token as issued, and one made by hand', () => {
    expect(verified(good).content).toEqual(CONTENT);
    expect(verified(disclosing(reference)).content).toEqual({ reference: 'DLHG-2026-000123' });
    expect(verified(holding([{ '...': seal.digest }], seal)).content).toEqual({ seals: ['H1234567'] });
    expect(verifyToken(nested(TOKEN_LIMITS.depth + 1), RING).ok).toBe(true);
  });

  it('digests of nothing shown: the members are left out', () => {
    expect(verified(forge({ content: { _sd: [reference.digest] } })).content).toEqual({});
    expect(verified(holding([{ '...': 'x' }, { '...': seal.digest }, { '...': 'y' }], seal)).content).toEqual({
      seals: ['H1234567'],
    });
  });

  it('any offset of the time of issue', () => {
    const claims = { ...CLAIMS, issuedAt: '2026-11-21T11:12:00.123+08:00' };
    expect(verified(issue(CONTENT, claims)).claims).toEqual(claims);
  });
});

describe('the validity of a key', () => {
  const at = (instant: number) => issue(CONTENT, { ...CLAIMS, issuedAt: new Date(instant).toISOString() });

  it.each([
    ['one millisecond before it begins', ISSUED_AT - DAY - 1, 'key-not-valid'],
    ['as it begins', ISSUED_AT - DAY, 'accepted'],
    ['one millisecond before it ends', ISSUED_AT + DAY - 1, 'accepted'],
    ['as it ends', ISSUED_AT + DAY, 'key-not-valid'],
  ])('%s: %s', (_when, instant, expected) => {
    const verification = verifyToken(at(instant), RING);
    expect(verification.ok ? 'accepted' : verification.code).toBe(expected);
  });

  it('that was revoked ends there, by that name, and what it signed before stays', () => {
    const revokedAt = ISSUED_AT + 1_000;
    const ring = new Map([...RING, [LN.kid, { ...(RING.get(LN.kid) as VerificationKey), revokedAt }]]);
    const code = (instant: number) => {
      const verification = verifyToken(at(instant), ring);
      return verification.ok ? 'accepted' : verification.code;
    };
    expect([revokedAt - 1, revokedAt, ISSUED_AT + DAY].map(code)).toEqual(['accepted', 'key-revoked', 'key-revoked']);
    expect(verifyToken(issue(CONTENT, { ...CLAIMS, issuer: 'jl.customs' }, JL), ring).ok).toBe(true);
  });

  it('that has no end goes on', () => {
    const { notAfter, ...open } = RING.get(LN.kid) as VerificationKey;
    expect(notAfter).toBeDefined();
    expect(verifyToken(at(ISSUED_AT + 3650 * DAY), new Map([[open.kid, open]])).ok).toBe(true);
  });

  it('may have ended long ago: what was signed before a rotation still verifies after it', () => {
    const old = issue();
    const successor: VerificationKey = { ...(RING.get(JL.kid) as VerificationKey), kid: 'ln-2', owner: 'ln.customs' };
    expect(verifyToken(old, new Map([...RING, [successor.kid, successor]])).ok).toBe(true);
  });
});

describe('verifyTokens', () => {
  it('answers in order, and one bad token spoils no other', () => {
    const tokens = [good, forge({ key: JL, header: HEADER }), '', `${good}${reference.text}~`, good];
    const answers = verifyTokens(tokens, RING).map((answer) => (answer.ok ? 'ok' : answer.code));
    expect(answers).toEqual(['ok', 'signature-invalid', 'malformed', 'disclosure-invalid', 'ok']);
  });

  it('answers nothing when asked nothing', () => {
    expect(verifyTokens([], RING)).toEqual([]);
  });
});
