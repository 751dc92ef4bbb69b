import { isPurpose, PURPOSES } from '@clearance/negative-list';
import { namedPurposes, purposeName } from './purposes.ts';

it('names every purpose of the list’s language as that does, and no other', () => {
  expect(namedPurposes().filter((code) => !isPurpose(code))).toEqual([]);
  expect(Object.fromEntries(Object.keys(PURPOSES).map((code) => [code, purposeName(code)]))).toEqual(PURPOSES);
});

it('shows a purpose that nobody knows as it is', () => {
  expect(purposeName('statistics')).toEqual({ zh: 'statistics', en: 'statistics' });
});
