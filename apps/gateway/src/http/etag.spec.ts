import fc from 'fast-check';
import { etagOf, parseEntityTags, requireMatch } from './etag.ts';
import { ProblemError } from './problem-filter.ts';

const strong = (opaque: string) => ({ weak: false, opaque });
const weak = (opaque: string) => ({ weak: true, opaque });

describe('entity tags in a header (RFC 9110)', () => {
  it.each([
    ['any', '*', '*'],
    ['any, with spaces', ' * ', '*'],
    ['one', '"7"', [strong('7')]],
    ['one that is weak', 'W/"7"', [weak('7')]],
    ['an empty one', '""', [strong('')]],
    ['several', '"a", W/"b","c"', [strong('a'), weak('b'), strong('c')]],
    ['several with empty members', ', "a",, "b" ,', [strong('a'), strong('b')]],
    ['a comma inside', '"a,b", "c"', [strong('a,b'), strong('c')]],
    ['a backslash, which escapes nothing', '"a\\"', [strong('a\\')]],
    ['a star inside', '"*"', [strong('*')]],
    ['Latin-1', '"é"', [strong('é')]],
    ['no quotes', 'abc', undefined],
    ['a small w', 'w/"7"', undefined],
    ['a space before the quote', 'W/ "7"', undefined],
    ['an open quote', '"7', undefined],
    ['a space inside', '"a b"', undefined],
    ['a control character', '"a\u0007"', undefined],
    ['no comma between', '"a" "b"', undefined],
    ['no comma between, and no space', '"a""b"', undefined],
    ['any among others', '*, "a"', undefined],
    ['one among any', '"a", *', undefined],
    ['nothing', '', undefined],
    ['commas', ', ,', undefined],
    ['more than anybody needs', Array(101).fill('"a"').join(','), undefined],
  ])('%s: %s', (_what, header, expected) => {
    expect(parseEntityTags(header)).toEqual(expected);
  });

  it('are read back as they were written', () => {
    const opaque = fc.string({ unit: fc.constantFrom(...'!#abc,;*\\/W0é') });
    fc.assert(
      fc.property(fc.array(fc.record({ weak: fc.boolean(), opaque }), { minLength: 1, maxLength: 100 }), (tags) => {
        const header = tags.map((tag) => `${tag.weak ? 'W/' : ''}"${tag.opaque}"`).join(', ');
        expect(parseEntityTags(header)).toEqual(tags);
      }),
    );
  });

  it('never fail to be judged, whatever the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'"W/,* \tab') }), (header) => {
        const tags = parseEntityTags(header);
        expect(tags === undefined || tags === '*' || tags.length > 0).toBe(true);
      }),
    );
  });
});

describe('a write that must name the state it changes', () => {
  const outcome = (header: string | undefined, current: string | undefined): number => {
    try {
      requireMatch(header, current);
      return 200;
    } catch (error) {
      if (error instanceof ProblemError) return error.status;
      throw error;
    }
  };
  const now = etagOf(7);
  it.each([
    ['the state as it is', '"7"', now, 200],
    ['several, one of them the state', '"5", "7"', now, 200],
    ['any', '*', now, 200],
    ['no header', undefined, now, 428],
    ['an empty header', ' ', now, 428],
    ['another state', '"6"', now, 412],
    ['several, none of them the state', '"5", "6"', now, 412],
    ['the state, weakly', 'W/"7"', now, 412],
    ['the state in part', '"77"', now, 412],
    ['the state, of a record whose tag is weak', '"7"', 'W/"7"', 412],
    ['a state, where there is no record', '"7"', undefined, 412],
    ['any, where there is no record', '*', undefined, 412],
    ['no header, where there is no record', undefined, undefined, 428],
    ['something else', '7', now, 400],
  ])('%s', (_what, header, current, status) => {
    expect(outcome(header, current)).toBe(status);
  });
});
