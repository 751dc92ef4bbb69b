import { exampleContent, RESULT_KINDS } from '@clearance/contracts';
import { factsShownToAll } from './facts-shown-to-all.ts';

const content = exampleContent('customs.examination') as unknown as Record<string, unknown>;
const nothing = factsShownToAll(content, ['']);

describe('what a coordinator goes by', () => {
  it('is bounded, whatever a unit has signed', () => {
    const containers = Array.from({ length: 5_000 }, (_, index) => ({ number: `B${index}` }));
    expect(factsShownToAll({ containers }, []).containers).toHaveLength(1_000);
  });

  it('is what the content says, where nothing is withheld from anybody', () => {
    expect(factsShownToAll(content, [])).toEqual({
      kind: 'customs.examination',
      location: 'CNDLC',
      direction: 'import',
      transportMode: '2',
      conclusion: 'released',
      declarationNumber: '090220261000000123',
      transportDocument: 'COSU6123456780',
      containers: ['CSQU3054383'],
      checks: [
        {
          type: 'x-ray',
          outcome: 'conformant',
          performedAt: '2026-11-21T03:10:00Z',
          containers: ['CSQU3054383'],
          items: [1],
        },
      ],
    });
  });

  it.each<[string, string[], object]>([
    ['the whole result', [''], { kind: null, location: null, declarationNumber: null, containers: [], checks: [] }],
    ['a field', ['/declarationNumber'], { declarationNumber: null, transportDocument: 'COSU6123456780' }],
    ['a list', ['/containers'], { containers: [] }],
    ['an element', ['/containers/0'], { containers: [] }],
    ['a part of an element', ['/containers/0/number'], { containers: [] }],
    ['another part of it', ['/containers/0/seals'], { containers: ['CSQU3054383'] }],
    ['the checks', ['/checks'], { checks: [] }],
    ['when a check was made', ['/checks/0/performedAt'], { checks: [{ type: 'x-ray', performedAt: null }] }],
    ['what a check covers', ['/checks/0/covers'], { checks: [{ type: 'x-ray', containers: [], items: [] }] }],
    ['what a check was', ['/checks/0/type'], { checks: [] }],
    ['a value nobody goes by', ['/goods/0/value', '/consignee'], { location: 'CNDLC', containers: ['CSQU3054383'] }],
    ['a field whose name begins alike', ['/declaration', '/container'], { declarationNumber: '090220261000000123' }],
  ])('is without what is withheld from somebody: %s', (_what, hidden, expected) => {
    expect(factsShownToAll(content, hidden)).toMatchObject(expected);
  });

  it.each(RESULT_KINDS)('of %s is something, and nothing of it once all is withheld', (kind) => {
    const example = exampleContent(kind) as unknown as Record<string, unknown>;
    expect(factsShownToAll(example, [])).toMatchObject({ kind, location: example['location'] });
    expect(factsShownToAll(example, [''])).toEqual(nothing);
  });

  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['other shapes', { kind: 7, containers: 'X', checks: [null, 3, { type: 'tasting' }], location: ['CNDLC'] }],
    [
      'texts that are no identifiers',
      { location: 'X'.repeat(65), transportDocument: 'a\u0000', declarationNumber: '' },
    ],
    ['half a character', { location: '\ud800', containers: [{ number: 'a\n' }] }],
    ['elements of other shapes', { containers: [null, 'X', { number: 5 }], checks: [{ type: [] }] }],
  ])('of a content with %s is nothing', (_what, strange) => {
    expect(factsShownToAll(strange, [])).toEqual(nothing);
  });
});
