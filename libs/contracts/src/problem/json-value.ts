import { escapePointerToken, violation, type Violation } from './violation.ts';

/** No content of this contract nests deeper; what does is refused before a schema looks at it. */
export const MAX_DEPTH = 16;

/** Values that one body may hold at most; a bound on work, far above the largest valid batch item. */
const maxNodes = 200_000;

/** NUL is refused because PostgreSQL cannot store it, lone surrogates because they have no UTF-8 form (RFC 8259, 8.2). */
function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/**
 * What keeps a value from being a JSON value of reasonable depth with clean texts. Linear in the size of the value,
 * never throws, and stops at a bound, so that a hostile or cyclic object costs a bounded time.
 * Pointers are built only for what is wrong.
 */
export function jsonViolations(input: unknown): Violation[] {
  const found: Violation[] = [];
  const path: string[] = [];
  let nodes = 0;
  const report = (code: 'bad-character' | 'not-json' | 'too-deep' | 'too-many', expected?: number): void => {
    const pointer = path.map((token) => `/${escapePointerToken(token.toWellFormed())}`).join('');
    if (found.length < 100) found.push(violation(pointer, code, expected === undefined ? {} : { expected }));
  };
  const visit = (value: unknown): void => {
    nodes += 1;
    if (nodes > maxNodes) return;
    switch (typeof value) {
      case 'string':
        if (!isCleanText(value)) report('bad-character');
        return;
      case 'boolean':
        return;
      case 'number':
        if (!Number.isFinite(value)) report('not-json');
        return;
      case 'object':
        if (value === null) return;
        if (path.length >= MAX_DEPTH) {
          report('too-deep', MAX_DEPTH);
          return;
        }
        if (Array.isArray(value)) {
          for (let index = 0; index < value.length; index += 1) {
            path.push(String(index));
            visit(value[index]);
            path.pop();
          }
          return;
        }
        for (const key of Object.keys(value)) {
          path.push(key);
          if (!isCleanText(key)) report('bad-character');
          visit((value as Record<string, unknown>)[key]);
          path.pop();
        }
        return;
      default:
        report('not-json');
    }
  };
  visit(input);
  if (nodes > maxNodes) {
    path.length = 0;
    report('too-many', maxNodes);
  }
  return found;
}
