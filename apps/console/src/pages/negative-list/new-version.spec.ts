import { asBeijingTime, beginningOfTomorrow, beijingLocal, nextVersion } from './new-version.ts';

it('tells Beijing time whatever the clock of this machine says', () => {
  expect(asBeijingTime('2026-12-01T00:00')).toBe('2026-12-01T00:00:00+08:00');
  expect(asBeijingTime('2026-12-01T00:00:30')).toBe('2026-12-01T00:00:30+08:00');
  expect(beijingLocal(Date.parse('2026-11-30T16:00:00Z'))).toBe('2026-12-01T00:00');
});

it.each([
  ['2026-11-23T00:00:00+08:00', '2026-11-24T00:00'],
  ['2026-11-23T23:59:59+08:00', '2026-11-24T00:00'],
  ['2026-12-31T18:00:00Z', '2027-01-02T00:00'],
])('after %s tomorrow begins at %s', (now, begins) => {
  expect(beginningOfTomorrow(Date.parse(now))).toBe(begins);
});

it.each([
  [[], '2026.12-1'],
  [['2026.11-1'], '2026.12-1'],
  [['2026.12-1', '2026.12-2'], '2026.12-3'],
])('with %j used the next is %s', (taken, version) => {
  expect(nextVersion('2026-12-01T00:00', taken)).toBe(version);
});
