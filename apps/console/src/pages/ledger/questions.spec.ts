import { conditionsOf, isAsked, localOf, momentOf, type Question } from './questions.ts';

describe('what an address asks the ledger', () => {
  it.each<[Question, string, Record<string, string>, boolean]>([
    ['who-saw', 'resultId=r&path=', { resultId: 'r', path: '' }, true],
    ['who-saw', 'path=/goods', { path: '/goods' }, false],
    ['shown', 'consumer=hl.border&kind=&x=1', { consumer: 'hl.border' }, true],
    ['withheld', 'consumer=hl.border', { consumer: 'hl.border' }, false],
    ['rows', '', {}, true],
  ])('%s of %p', (question, query, conditions, asked) => {
    const found = conditionsOf(question, new URLSearchParams(query));
    expect([found, isAsked(question, found)]).toEqual([conditions, asked]);
  });

  it('has times that are Beijing’s in the field, and say so to the gateway', () => {
    expect(momentOf('2026-11-21T08:00')).toBe('2026-11-21T08:00:00+08:00');
    expect(localOf('2026-11-21T08:00:00+08:00')).toBe('2026-11-21T08:00');
    expect(localOf('2026-11-21T00:00:00Z')).toBe('2026-11-21T08:00');
    expect([momentOf(''), localOf(''), localOf('soon')]).toEqual(['', '', '']);
  });
});
