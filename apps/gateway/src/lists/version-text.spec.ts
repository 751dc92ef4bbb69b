import { isVersionText } from './version-text.ts';

describe('the version of a list', () => {
  it.each([
    ['as it is written', '2026.11-1', true],
    ['with a space', '2026.11-1 noon', true],
    ['in Chinese', '二〇二六年十一月', true],
    ['of 64 characters', 'x'.repeat(64), true],
    ['of 65', 'x'.repeat(65), false],
    ['of none', '', false],
    ['with a NUL, which PostgreSQL has not', '2026\0', false],
    ['with a line break', '2026\n11', false],
    ['with half a character', '\ud800', false],
  ])('%s', (_what, text, is) => {
    expect(isVersionText(text)).toBe(is);
  });
});
