import { inSteps } from './draft-steps.ts';

const step = (revision: number, act: string, actor = 'a', reason = 'r') => ({ revision, act, actor, reason, at: '' });

it.each([
  ['nothing', [], []],
  ['changes for one reason', [step(1, 'drafted'), step(2, 'edited'), step(3, 'edited')], ['1', '2–3']],
  ['changes for two reasons', [step(1, 'edited'), step(2, 'edited', 'a', 's')], ['1', '2']],
  ['changes by two', [step(1, 'edited'), step(2, 'edited', 'b'), step(3, 'edited', 'b')], ['1', '2–3']],
  ['what is done between', [step(1, 'edited'), step(2, 'submitted'), step(3, 'submitted')], ['1', '2', '3']],
])('shows %s in steps', (_what, events, shown) => {
  expect(
    inSteps(events).map(({ first, last, count }) =>
      count === 1 ? `${first.revision}` : `${first.revision}–${last.revision}`,
    ),
  ).toEqual(shown);
});
