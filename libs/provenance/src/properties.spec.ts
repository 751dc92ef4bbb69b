import fc from 'fast-check';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { redactToken } from './redact-token.ts';
import { anyContent, CLAIMS, CONTENT, issue, LN, pointersOf, RING, verified } from './token.fixture.ts';
import { verifyToken } from './verify-token.ts';

/** A content and some of its nodes. */
const contentAndPointers = anyContent.chain((content) =>
  fc.tuple(fc.constant(content), fc.subarray(pointersOf(content).slice(1))),
);

describe('tokens of any content', () => {
  it('verify to the content that was signed', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const token = issue(content);
        expect(verifyToken(token, RING)).toMatchObject({ ok: true, result: { claims: CLAIMS, keyId: LN.kid, token } });
        expect(verified(token).content).toEqual(content);
      }),
    );
  });

  it('keep the order of members, which their digests do not tell', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        expect(JSON.stringify(verified(issue(content)).content)).toBe(JSON.stringify(content));
      }),
    );
  });

  it('show after redaction exactly the content without the nodes named', () => {
    fc.assert(
      fc.property(contentAndPointers, ([content, pointers]) => {
        const redacted = redactToken(verified(issue(content)), pointers);
        expect(redacted.content).toEqual(without(content, new Set(pointers)));
        expect(verified(redacted.token).content).toEqual(redacted.content);
        expect(verified(redacted.token).claims).toEqual(CLAIMS);
      }),
    );
  });

  it('can be redacted again, with the pointers of what they still show', () => {
    fc.assert(
      fc.property(contentAndPointers, fc.infiniteStream(fc.boolean()), ([content, pointers], coin) => {
        const once = verified(redactToken(verified(issue(content)), pointers).token);
        const more = pointersOf(once.content)
          .slice(1)
          .filter(() => coin.next().value);
        const twice = redactToken(once, more);
        expect(twice.content).toEqual(without(once.content, new Set(more)));
        expect(verified(twice.token).content).toEqual(twice.content);
      }),
    );
  });

  it('are left as they were by the redaction of their views', () => {
    fc.assert(
      fc.property(contentAndPointers, ([content, pointers]) => {
        const whole = verified(issue(content));
        redactToken(whole, pointers);
        expect(whole.content).toEqual(content);
        const unchanged = redactToken(whole, []);
        expect([unchanged.token, unchanged.content]).toEqual([whole.token, content]);
      }),
    );
  });

  it('hold nothing of what was withheld, in the clear or in any alignment of base64url', () => {
    const secret = fc.string({ unit: fc.constantFrom(...'KLMNPQRSTVWXYZ23456789'), minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(contentAndPointers, secret, ([content, pointers], hidden) => {
        const holding = { ...content, holder: { [`name-${hidden}`]: [`value-${hidden}`] } };
        const { token } = redactToken(verified(issue(holding)), [...pointers, '/holder']);
        const decoded = token.split(/[.~]/).map((part) => Buffer.from(part, 'base64url').toString());
        for (const form of [hidden, ...alignments(hidden)]) expect(token).not.toContain(form);
        expect(decoded.join(' ')).not.toContain(hidden);
        // The search itself must be able to find it.
        const shown = issue(holding);
        expect(alignments(hidden).some((form) => shown.includes(form))).toBe(true);
      }),
    );
  });
});

describe('a changed token', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~=+/ \n冻';

  it('is refused whichever character is replaced', () => {
    const token = issue();
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(token[at] !== character);
        expect(verifyToken(token.slice(0, at) + character + token.slice(at + 1), RING).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused at every position, for the neighbour in the alphabet, which differs in one bit of base64url', () => {
    const token = issue({ goods: CONTENT.goods });
    const base64url = alphabet.slice(0, 64);
    for (let at = 0; at < token.length; at += 1) {
      const place = base64url.indexOf(token[at] as string);
      const neighbour = place < 0 ? 'A' : (base64url[place ^ 1] as string);
      const changed = token.slice(0, at) + neighbour + token.slice(at + 1);
      if (verifyToken(changed, RING).ok) throw new Error(`accepted with a change at ${at} of ${token.length}`);
    }
  });

  it('is refused when a character is cut out or put in', () => {
    const token = issue();
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        expect(verifyToken(token.slice(0, at) + token.slice(at + 1), RING).ok).toBe(false);
        expect(verifyToken(token.slice(0, at) + character + token.slice(at), RING).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when it is any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(verifyToken(text, RING).ok).toBe(false);
      }),
    );
  });
});

/** What redaction must leave, said in the simplest way. */
function without(value: JsonObject, pointers: ReadonlySet<string>): JsonObject {
  return rest(value, '', pointers) as JsonObject;
}

function rest(value: JsonValue, at: string, pointers: ReadonlySet<string>): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value)
    .map(([step, member]) => [step, member, `${at}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`] as const)
    .filter(([, , pointer]) => !pointers.has(pointer))
    .map(([step, member, pointer]) => [step, rest(member as JsonValue, pointer, pointers)] as const);
  return isJsonObject(value) ? Object.fromEntries(kept) : kept.map(([, member]) => member);
}

/** The parts of the base64url of a text that are the same whatever stands before and after it. */
function alignments(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from('x'.repeat(before) + text).toString('base64url');
    return encoded.slice(before === 0 ? 0 : before + 1, Math.floor(((before + text.length) * 8) / 6));
  });
}
