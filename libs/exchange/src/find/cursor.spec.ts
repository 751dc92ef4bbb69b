import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor.ts';

describe('a cursor', () => {
  it('names the place that it was made of', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (sequence) => {
        expect(decodeCursor(encodeCursor(String(sequence)))).toBe(String(sequence));
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['no base64url', '!!'],
    ['a text', encodeCursor('abc')],
    ['a negative place', encodeCursor('-1')],
    ['a place beyond bigint', encodeCursor('9'.repeat(19))],
    ['SQL', encodeCursor('0; drop table result')],
    ['a place with blanks', encodeCursor(' 1')],
    ['a cursor with something appended', `${encodeCursor('12')}=`],
    ['base64 with other characters', `${encodeCursor('12')}\n`],
    ["a recognition's cursor", Buffer.from('0195f2f0-0000-7000-8000-000000000000').toString('base64url')],
  ])('refuses %s', (_what, cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined();
  });

  it('refuses every text that it has not made itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const place = decodeCursor(text);
        if (place !== undefined) expect(encodeCursor(place)).toBe(text);
      }),
    );
  });
});
