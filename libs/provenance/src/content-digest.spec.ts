import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson, contentDigest } from './content-digest.ts';
import { anyContent, CONTENT, issue, verified } from './token.fixture.ts';

describe('canonicalJson', () => {
  it('writes the example of RFC 8785 section 3.2.2 as section 3.2.3 has it', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonicalJson(JSON.parse(input))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts members as the example of RFC 8785 section 3.2.3 does', () => {
    const input =
      JSON.parse(String.raw`{ "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet",
      "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O" }`);
    expect(Object.values(JSON.parse(canonicalJson(input).replaceAll('"1"', '"one"')))).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet',
    ]);
  });

  it.each([NaN, Infinity, '\ud83d'])('faults on %p, which JSON readers would not agree on', (value) => {
    expect(() => canonicalJson({ value })).toThrow();
  });
});

describe('contentDigest', () => {
  it('is of the canonical text', () => {
    const digest = createHash('sha256').update('{"a":[1],"b":"冻"}').digest('base64url');
    expect(contentDigest({ b: '冻', a: [1] })).toBe(`sha-256:${digest}`);
  });

  it('is equal for equal contents, however they came here', () => {
    expect(contentDigest(verified(issue()).content)).toBe(contentDigest(CONTENT));
    fc.assert(
      fc.property(anyContent, (content) => {
        const reversed = Object.fromEntries(Object.entries(content).reverse());
        expect(contentDigest(reversed)).toBe(contentDigest(content));
      }),
    );
  });

  it('differs when anything is added or changed', () => {
    fc.assert(
      fc.property(anyContent, fc.integer(), (content, number) => {
        const digests = [content, { ...content, added: number }, { ...content, added: number + 1 }].map(contentDigest);
        fc.pre(!('added' in content));
        expect(new Set(digests).size).toBe(3);
      }),
    );
  });
});
