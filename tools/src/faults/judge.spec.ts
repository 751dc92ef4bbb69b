import type { UnitId } from '@clearance/contracts';
import { type AcceptedVersion, addAccounts, type HeldVersion, isWell, judgeUnit, NO_ACCOUNT, owed } from './judge.ts';

const HARBIN = 'hl.customs' as UnitId;
const LATE_MS = 60_000;
const accepted = (changes: Partial<AcceptedVersion> = {}): AcceptedVersion => ({
  unit: 'ln.customs',
  reference: 'A-1',
  resultId: 'R1',
  version: 1,
  at: 1_000_000,
  ...changes,
});
const held = (changes: Partial<HeldVersion> = {}): HeldVersion => ({
  resultId: 'R1',
  version: 1,
  storedAt: 1_000_500,
  view: 'as-decided',
  ...changes,
});
const codes = (owes: AcceptedVersion[], has: HeldVersion[]): string[] =>
  judgeUnit(HARBIN, owes, has, LATE_MS).discrepancies.map(
    ({ code, resultId, version }) => `${code} ${resultId}:${version}`,
  );

describe('the account of a unit', () => {
  it.each<[string, AcceptedVersion[], HeldVersion[], Partial<typeof NO_ACCOUNT>, string[]]>([
    ['a copy held once', [accepted()], [held()], { entitled: 1, delivered: 1 }, []],
    [
      'a copy that came a minute and more after',
      [accepted()],
      [held({ storedAt: 1_060_001 })],
      { entitled: 1, delivered: 1, late: 1 },
      [],
    ],
    ['no copy', [accepted()], [], { entitled: 1, missing: 1 }, ['missing R1:1']],
    [
      'another version only',
      [accepted(), accepted({ version: 2 })],
      [held({ version: 2 })],
      { entitled: 2, delivered: 1, missing: 1 },
      ['missing R1:1'],
    ],
    ['the same twice', [accepted()], [held(), held()], { entitled: 1, doubled: 1 }, ['doubled R1:1']],
    ['its own result is nothing that it is owed', [accepted({ unit: HARBIN })], [], {}, []],
    [
      'a view that shows what is withheld',
      [accepted()],
      [held({ view: 'shows-more' })],
      { entitled: 1, delivered: 1, leaked: 1 },
      ['leaked R1:1'],
    ],
    [
      'a view that shows less than it may',
      [accepted()],
      [held({ view: 'shows-less' })],
      { entitled: 1, delivered: 1, altered: 1 },
      ['altered R1:1'],
    ],
    ['a copy of what nobody issued', [], [held({ view: 'unknown' })], { altered: 1 }, ['altered R1:1']],
    ['a copy whose acceptance the backend never heard of', [], [held()], {}, []],
  ])('%s', (_name, owes, has, counts, discrepancies) => {
    const { account } = judgeUnit(HARBIN, owes, has, LATE_MS);
    expect(account).toEqual({ ...NO_ACCOUNT, ...counts });
    expect(codes(owes, has)).toEqual(discrepancies);
    expect(isWell(account)).toBe(discrepancies.length === 0);
  });

  it('a reference that became two results is doubled, its versions are not', () => {
    const amended = [accepted(), accepted({ version: 2 })];
    expect(owed(amended).account).toEqual({ ...NO_ACCOUNT, accepted: 2, results: 1 });
    expect(owed([...amended, accepted({ resultId: 'R2' })])).toEqual({
      account: { ...NO_ACCOUNT, accepted: 3, results: 2, doubled: 1 },
      discrepancies: [{ code: 'doubled', unit: 'ln.customs', resultId: 'R2', version: 1 }],
    });
    expect(owed([accepted(), accepted({ unit: HARBIN, resultId: 'R2' })]).account.doubled).toBe(0);
  });

  it('accounts add up', () => {
    const one = judgeUnit(HARBIN, [accepted()], [], LATE_MS).account;
    expect(addAccounts(one, one)).toEqual({ ...NO_ACCOUNT, entitled: 2, missing: 2 });
  });
});
