import { pointerOf } from './violation.ts';
import { PROBLEM_CODES, problem, statusOfProblem } from './problem.ts';
import { VIOLATION_CODES, violationMessages } from './violation-messages.ts';
import { violation } from './violation.ts';

describe('problem documents (RFC 9457)', () => {
  it.each([
    ['invalid', 400],
    ['malformed-json', 400],
    ['forbidden', 403],
    ['unknown', 404],
    ['conflict', 409],
    ['in-progress', 409],
    ['precondition-failed', 412],
    ['too-large', 413],
    ['method-not-allowed', 405],
    ['unsupported-media-type', 415],
    ['key-reused', 422],
    ['precondition-required', 428],
    ['slow-down', 429],
    ['internal', 500],
    ['not-ready', 503],
  ] as const)('%s has status %i', (code, status) => {
    expect(problem(code)).toMatchObject({ type: `urn:clearance:problem:${code}`, status, code, errors: [] });
    expect(statusOfProblem(code)).toBe(status);
  });

  it.each(PROBLEM_CODES)('%s explains itself in Chinese and English', (code) => {
    expect(problem(code).detail).toMatch(/\p{Script=Han}.* \/ [A-Z]/u);
  });

  it('says when it is worth while to try again', () => {
    const hints = PROBLEM_CODES.flatMap((code) => (problem(code).retryAfter === undefined ? [] : [code]));
    expect(hints).toEqual(['in-progress', 'slow-down', 'not-ready']);
    for (const code of hints) expect(problem(code).retryAfter).toBeGreaterThan(0);
  });

  it('takes its own detail and every violation', () => {
    const errors = [violation('/a', 'missing'), violation('/b', 'too-long', { expected: 5 })];
    expect(problem('conflict', { detail: { zh: '编号已用', en: 'Reference in use.' }, errors })).toMatchObject({
      detail: '编号已用 / Reference in use.',
      errors,
    });
  });
});

describe('violations', () => {
  it.each(VIOLATION_CODES)('%s says something in both languages, with and without parameters', (code) => {
    for (const parameters of [{}, { expected: 7 }, { expected: { zh: '甲', en: 'first' } }]) {
      const { zh, en } = violationMessages[code](parameters);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[a-z].{5,}/);
      expect(en).not.toMatch(/undefined|\[object/);
    }
  });

  it('an agency’s rule speaks for itself', () => {
    const rule = { zh: '放行须有单证审核', en: 'a release needs a documentary check' };
    expect(violation('/checks', 'agency-rule', { rule }).message).toEqual(rule);
  });

  it('pointers are escaped as RFC 6901 says', () => {
    expect(pointerOf(['goods', 0, 'a/b', 'm~n', ''])).toBe('/goods/0/a~1b/m~0n/');
    expect(pointerOf([])).toBe('');
  });
});
