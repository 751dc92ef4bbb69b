import { ProblemError } from '../../http/problem-filter.ts';
import { decodeCursor, encodeCursor } from './question-cursor.ts';
import { readExportQuestion, readFieldQuestion, readPageQuestion, readSummaryQuestion } from './read-questions.ts';

/** What is found fault with: `/from bad-format`; or what was read. */
function reading<T>(read: () => T): T | string[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    expect(error.problem).toMatchObject({ status: 400, code: 'invalid' });
    return error.problem.errors.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

const place = { micros: '1763711200000000', sequence: '13', upTo: '4711' };

describe('the parameters of a question', () => {
  it('are read, with times in the one form of the ledger', () => {
    const parameters = {
      ...{
        consumer: 'hl.border',
        issuer: 'ln.customs',
        kind: 'customs.scan',
        listVersion: '2026.11-1',
        entry: 'NL-001',
        grant: '019AA5A1-7C5B-7000-8000-00000000A001',
      },
      ...{ from: '2026-11-01T00:00:00+08:00', to: '2026-12-01T00:00:00+08:00', limit: '5' },
    };
    expect(readPageQuestion('shown', parameters)).toEqual({
      selection: {
        ...{
          consumer: 'hl.border',
          issuer: 'ln.customs',
          kind: 'customs.scan',
          listVersion: '2026.11-1',
          entry: 'NL-001',
          grant: '019aa5a1-7c5b-7000-8000-00000000a001',
        },
        ...{ from: '2026-10-31T16:00:00.000Z', to: '2026-11-30T16:00:00.000Z' },
      },
      limit: 5,
      start: undefined,
    });
  });

  it.each<[string, () => unknown, string[]]>([
    ['shown to nobody', () => readPageQuestion('shown', {}), ['/consumer missing']],
    [
      'shown under a grant to nobody',
      () => readPageQuestion('shown', { grant: 'x' }),
      ['/grant bad-format', '/consumer missing'],
    ],
    [
      'withheld under a grant',
      () => readPageQuestion('withheld', { entry: 'NL-001', grant: 'x' }),
      ['/grant unknown-member'],
    ],
    ['withheld under nothing', () => readPageQuestion('withheld', {}), ['/entry missing']],
    [
      'everything at once',
      () =>
        readPageQuestion('shown', {
          ...{ consumer: 'Border', entry: 'x', issuer: ['ln.customs', 'ln.border'], kind: '', listVersion: 'a\nb' },
          ...{ from: '2026-11-01', to: 'now', limit: '1001', first: '1', 'a/b~': '', cursor: '!' },
        }),
      [
        ...['/consumer bad-format', '/entry bad-format', '/issuer bad-format', '/kind bad-format'],
        ...['/listVersion bad-format', '/from bad-format', '/to bad-format', '/limit bad-format'],
        ...['/first unknown-member', '/a~1b~0 unknown-member'],
      ],
    ],
    ['a page of none', () => readPageQuestion('rows', { limit: '0' }), ['/limit bad-format']],
    [
      'a range that ends before it begins',
      () => readPageQuestion('rows', { first: '5', last: '4' }),
      ['/last out-of-range'],
    ],
    [
      'a period that ends as it begins',
      () => readSummaryQuestion({ entry: 'NL-001', from: '2026-11-01T00:00:00Z', to: '2026-11-01T08:00:00+08:00' }),
      ['/to not-later'],
    ],
    ['a summary page', () => readSummaryQuestion({ entry: 'NL-001', limit: '5' }), ['/limit unknown-member']],
    ['no field of no result', () => readFieldQuestion({}), ['/resultId missing', '/path missing']],
    [
      'what is no pointer',
      () => readFieldQuestion({ resultId: 'x', path: 'goods', version: '2147483648' }),
      ['/resultId bad-format', '/path bad-format', '/version bad-format'],
    ],
    ['an export of nothing', () => readExportQuestion({}), ['/question missing']],
    ['an export of something else', () => readExportQuestion({ question: 'all' }), ['/question bad-format']],
    [
      'an export in another form',
      () => readExportQuestion({ question: 'rows', format: 'xml', complete: '1', bom: '', consumer: 'hl.border' }),
      ['/format bad-format', '/complete bad-format', '/bom bad-format', '/consumer unknown-member'],
    ],
  ])('are refused with every fault: %s', (_what, read, expected) => {
    expect(reading(read)).toEqual(expected);
  });

  it('take the whole result as a path', () => {
    const resultId = '019AA5A1-7C5B-7000-8000-000000000001';
    expect(readFieldQuestion({ resultId, path: '' })).toEqual({ resultId: resultId.toLowerCase(), path: '' });
  });

  it('take a cursor of the same question only, as it was given', () => {
    const cursor = encodeCursor(place, { entry: 'NL-001' });
    expect(readPageQuestion('withheld', { entry: 'NL-001', cursor }).start).toEqual(place);
    for (const bad of [cursor.slice(1), `${cursor}=`, '', 'x', encodeCursor(place, { entry: 'NL-002' })]) {
      expect(reading(() => readPageQuestion('withheld', { entry: 'NL-001', cursor: bad }))).toEqual([
        '/cursor bad-format',
      ]);
      expect(decodeCursor(bad, { entry: 'NL-001' })).toBeUndefined();
    }
  });
});
