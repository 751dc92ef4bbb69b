import { inOrder, marksOf, offsetOf } from './finding-places.ts';

const at = (severity: 'error' | 'warning', line: number, column = 1) => ({ severity, line, column });

it('marks a line by the gravest that is said of it', () => {
  const marks = marksOf([at('warning', 2), at('error', 2), at('warning', 2), at('warning', 5)]);
  expect([...marks]).toEqual([
    [2, 'error'],
    [5, 'warning'],
  ]);
});

it.each([
  ['ab\ncd\n', 1, 1, 0],
  ['ab\ncd\n', 2, 2, 4],
  ['𠮷野\nx', 1, 3, 2],
  ['ab', 1, 9, 2],
  ['ab', 7, 1, 2],
])('finds in %j line %i, column %i at %i', (text, line, column, offset) => {
  expect(offsetOf(text, line, column)).toBe(offset);
});

it('lists errors first, each in the order of the text', () => {
  expect(inOrder([at('warning', 1), at('error', 9), at('error', 3, 4), at('error', 3, 2)])).toEqual([
    at('error', 3, 2),
    at('error', 3, 4),
    at('error', 9),
    at('warning', 1),
  ]);
});
