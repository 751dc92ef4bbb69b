import { type AnswerForm, bodyOf, faultsIn, localOf } from './answer.ts';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const ASKED = {
  paths: ['/border/persons/*/documentNumber', '/border/persons/*/birthDate'],
  until: '2026-12-20T08:30:41Z',
};
const [NUMBERS = ''] = ASKED.paths;
const WHOLE = localOf(ASKED.until);
const form = (changes: Partial<AnswerForm>): AnswerForm => ({
  ...{ decision: 'grant', paths: ASKED.paths, until: WHOLE, reason: '' },
  ...changes,
});

it('shows an instant in Beijing time, to the minute', () => expect(WHOLE).toBe('2026-12-20T16:30'));

it.each<[string, Partial<AnswerForm>, object]>([
  ['the whole', {}, { decision: 'grant' }],
  ['the whole, with a word', { reason: ' 同意 ' }, { decision: 'grant', reason: '同意' }],
  [
    'nothing',
    { decision: 'refuse', reason: '与案件无关', paths: [NUMBERS] },
    { decision: 'refuse', reason: '与案件无关' },
  ],
  [
    'fewer paths, as long as asked',
    { decision: 'grant-in-part', paths: [NUMBERS], reason: '仅限证件号码' },
    { decision: 'grant', paths: [NUMBERS], reason: '仅限证件号码' },
  ],
  [
    'all paths, for less long',
    { decision: 'grant-in-part', until: '2026-12-01T00:00', reason: '一周' },
    { decision: 'grant', until: '2026-12-01T00:00:00+08:00', reason: '一周' },
  ],
])('grants %s', (_what, changes, body) => {
  expect(faultsIn(form(changes), ASKED, NOW)).toEqual({});
  expect(bodyOf(form(changes), ASKED)).toEqual(body);
});

it.each<[string, Partial<AnswerForm>, object]>([
  ['a refusal without a reason', { decision: 'refuse', reason: '  ' }, { reason: 'no-reason' }],
  ['a part that is the whole', { decision: 'grant-in-part', reason: 'r' }, { paths: 'nothing-less' }],
  ['a part that is nothing', { decision: 'grant-in-part', paths: [], reason: 'r' }, { paths: 'no-paths' }],
  ['a time that is over', { decision: 'grant-in-part', until: '2026-11-01T00:00', reason: 'r' }, { until: 'past' }],
  ['longer than asked', { decision: 'grant-in-part', until: '2026-12-21T00:00', reason: 'r' }, { until: 'too-late' }],
  ['no time', { decision: 'grant-in-part', until: '', paths: [NUMBERS] }, { until: 'no-time', reason: 'no-reason' }],
])('does not send %s', (_what, changes, faults) => {
  expect(faultsIn(form(changes), ASKED, NOW)).toEqual(faults);
});
