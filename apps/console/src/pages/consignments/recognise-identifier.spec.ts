import { recogniseIdentifier } from './recognise-identifier.ts';

describe('what somebody has written is taken for', () => {
  it.each([
    ['CSQU3054383', 'container', 'CSQU3054383', true],
    ['csqu 305438-3', 'container', 'CSQU3054383', true],
    ['ＣＳＱＵ３０５４３８３', 'container', 'CSQU3054383', true],
    ['CSQU3054384', 'container', 'CSQU3054384', false],
    ['090220261000000123', 'declarationNumber', '090220261000000123', true],
    ['0902 2026 1000000123', 'declarationNumber', '090220261000000123', true],
    ['999920261000000123', 'declarationNumber', '999920261000000123', false],
    ['COSU6123456780', 'transportDocument', 'COSU6123456780', true],
    [' 160-12345675 ', 'transportDocument', '160-12345675', true],
    ['09022026100000012', 'transportDocument', '09022026100000012', true],
    ['019AA5A1-7C5B-7000-8000-000000000001', 'resultId', '019aa5a1-7c5b-7000-8000-000000000001', true],
    ['019aa5a17c5b70008000000000000001', 'resultId', '019aa5a1-7c5b-7000-8000-000000000001', true],
  ])('%p: a %s', (text, kind, value, sound) => {
    expect(recogniseIdentifier(text)).toEqual({ kind, value, sound });
  });

  it.each(['', '   ', 'x'.repeat(36), 'a\u0000b', '\ud800'])('%p: nothing', (text) => {
    expect(recogniseIdentifier(text)).toBeUndefined();
  });
});
