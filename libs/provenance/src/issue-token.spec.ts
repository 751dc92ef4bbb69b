import { randomBytes } from 'node:crypto';
import { SALT_BYTES } from './fold-content.ts';
import { issueToken, issueTokens } from './issue-token.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { CLAIMS, CONTENT, ISSUED_AT, issue, LN, pointersOf, verified } from './token.fixture.ts';
import { TOKEN_LIMITS } from './token-format.ts';

/** Members and elements of the content, at every level. */
const NODES = pointersOf(CONTENT).length - 1;

const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as JsonValue;

describe('issueToken', () => {
  const [jwt, ...disclosures] = issue().split('~') as [string, ...string[]];
  const [header, payload] = jwt.split('.').slice(0, 2).map(decode);

  it('says in the clear who issued which version of which result, and when, and nothing of the content', () => {
    expect(header).toEqual({ alg: 'EdDSA', typ: 'clearance-result+sd-jwt', kid: 'ln-1' });
    expect(payload).toEqual({
      iss: 'ln.customs',
      jti: CLAIMS.resultId,
      ver: 1,
      status: 'issued',
      iat: Math.floor(ISSUED_AT / 1000),
      issuedAt: CLAIMS.issuedAt,
      _sd_alg: 'sha-256',
      content: { _sd: expect.any(Array) },
    });
  });

  it('gives each member one digest, sorted so that their places tell nothing', () => {
    const { _sd } = (payload as { content: { _sd: string[] } }).content;
    expect(_sd).toHaveLength(Object.keys(CONTENT).length);
    expect(_sd).toEqual([..._sd].sort());
  });

  it('gives each member and each element, at every level, a disclosure with a salt of its own of 128 bits', () => {
    const salts = disclosures.slice(0, -1).map((text) => (decode(text) as [string])[0]);
    expect(salts).toHaveLength(NODES);
    expect(new Set(salts).size).toBe(NODES);
    for (const salt of salts) expect(Buffer.from(salt, 'base64url')).toHaveLength(16);
  });

  it('hides equal values behind different digests', () => {
    const once = issue({ a: 'x', b: 'x' });
    expect(once.split('.')[1]).not.toBe(issue({ a: 'x', b: 'x' }).split('.')[1]);
  });

  it('leaves out a member that is undefined', () => {
    expect(verified(issue({ reference: 'R', goods: undefined })).content).toEqual({ reference: 'R' });
  });
});

describe('issueToken faults on', () => {
  const deep = (levels: number): JsonValue => (levels === 0 ? 'x' : { below: deep(levels - 1) });
  const circular: JsonObject = {};
  circular.self = circular;

  it.each<[string, unknown, ErrorConstructor]>([
    ['a list', [], TypeError],
    ['a name that SD-JWT reserves', { a: { _sd: [] } }, TypeError],
    ['a name that SD-JWT reserves for elements', { '...': 1 }, TypeError],
    ['a name that sets a prototype', JSON.parse('{"__proto__":{}}'), TypeError],
    ['a number that JSON lacks', { a: NaN }, TypeError],
    ['a number without end', { a: [Infinity] }, TypeError],
    ['a big integer', { a: 1n }, TypeError],
    ['a function', { a: () => 1 }, TypeError],
    ['a date', { a: new Date(0) }, TypeError],
    ['a hole in an array', { a: [undefined] }, TypeError],
    ['half a character', { a: '\ud83d' }, TypeError],
    ['half a character in a name', { '\ud83d': 1 }, TypeError],
    ['too many levels', deep(TOKEN_LIMITS.depth + 2), RangeError],
    ['no end of levels', circular, RangeError],
    ['too many members', { a: new Array(TOKEN_LIMITS.disclosures).fill(1) }, RangeError],
    ['too many characters', { a: 'x'.repeat(TOKEN_LIMITS.characters) }, RangeError],
  ])('%s', (_what, content, fault) => {
    expect(() => issue(content as JsonObject)).toThrow(fault);
  });

  it.each([
    ['no issuer', { issuer: '' as 'ln.customs' }],
    ['version 0', { version: 0 }],
    ['a status of no kind', { status: 'pending' as 'issued' }],
    ['no time', { issuedAt: 'today' }],
  ])('claims with %s', (_what, change) => {
    expect(() => issue(CONTENT, { ...CLAIMS, ...change })).toThrow(TypeError);
  });

  it('random bytes that are too few', () => {
    const stingy = (bytes: number) => randomBytes(bytes - 1);
    expect(() => issueToken(CLAIMS, CONTENT, LN, stingy)).toThrow(RangeError);
  });
});

describe('issueTokens', () => {
  const results = [CONTENT, {}, { reference: 'R' }].map((content, index) => ({
    claims: { ...CLAIMS, version: index + 1 },
    content,
  }));

  it('signs all, in order', () => {
    const tokens = issueTokens(results, LN, randomBytes).map(verified);
    expect(tokens.map(({ claims, content }) => ({ claims, content }))).toEqual(results);
  });

  it('draws its random bytes at once, and uses each once', () => {
    const draws: number[] = [];
    const counting = (bytes: number) => {
      draws.push(bytes);
      return Uint8Array.from({ length: bytes }, (_, index) => (index / SALT_BYTES) | 0);
    };
    const salts = issueTokens(results, LN, counting)
      .flatMap((token) => token.split('~').slice(1, -1))
      .map((text) => Buffer.from((decode(text) as [string])[0], 'base64url')[0]);
    expect(draws).toEqual([(NODES + 1) * SALT_BYTES]);
    expect(salts.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: NODES + 1 }, (_, n) => n));
  });

  it('signs nothing when there is nothing', () => {
    expect(issueTokens([], LN, randomBytes)).toEqual([]);
  });
});
