import fc from 'fast-check';
import { readIdempotencyKey } from './idempotency-key.ts';

describe('Idempotency-Key', () => {
  it.each([
    ['a structured-field string', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['the key as it is', '8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['spaces around it', '  abc ', 'abc'],
    ['an escaped quote', '"a\\"b"', 'a"b'],
    ['an escaped backslash', '"a\\\\b"', 'a\\b'],
    ['a quote that is not first', 'a"b', 'a"b'],
    ['255 characters', 'x'.repeat(255), 'x'.repeat(255)],
    ['256 characters', 'x'.repeat(256), undefined],
    ['256 characters, quoted', `"${'x'.repeat(256)}"`, undefined],
    ['nothing', '', undefined],
    ['nothing, quoted', '""', undefined],
    ['a space inside', 'a b', undefined],
    ['a space inside, quoted', '"a b"', undefined],
    ['an open quote', '"abc', undefined],
    ['an escape of something else', '"a\\nb"', undefined],
    ['a parameter', '"abc"; a=1', undefined],
    ['two headers, as Node joins them', 'abc, abc', undefined],
    ['two headers, quoted', '"abc", "abc"', undefined],
    ['no ASCII', 'schlüssel', undefined],
    ['a control character', 'a\u0000b', undefined],
  ])('%s', (_what, header, key) => {
    expect(readIdempotencyKey(header)).toBe(key);
  });

  it('says the same of a key, quoted or not', () => {
    const visible = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 255,
    });
    fc.assert(
      fc.property(visible, (key) => {
        const quoted = `"${key.replaceAll(/(["\\])/g, '\\$1')}"`;
        expect(readIdempotencyKey(quoted)).toBe(key);
        if (!key.startsWith('"')) expect(readIdempotencyKey(key)).toBe(key);
      }),
    );
  });
});
