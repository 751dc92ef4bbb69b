import { v7 as uuidv7 } from 'uuid';
import type { UnitId } from '@clearance/contracts';
import { ledgerDatabase, type LedgerDatabase } from '../ledger/ledger-database.fixture.ts';
import { dueReviews, keepReviewed } from './due-reviews.ts';

const LN: UnitId = 'ln.customs';
const HL: UnitId = 'hl.customs';
const RESULT = '019aa5a1-7c5b-7000-8000-000000000001';
const VERSION = `${RESULT}:1`;

let at: LedgerDatabase;
beforeAll(async () => {
  at = await ledgerDatabase();
}, 120_000);
afterAll(() => at?.drop(), 60_000);
beforeEach(() => at.database.query('truncate review cascade'));

/** Puts the version down for a review of its own. */
async function reviewFor(mode: 'recall' | 'catch-up', consumers: UnitId[] | null): Promise<string> {
  const reviewId = uuidv7();
  await at.database.query(
    `insert into review (review_id, mode, list_version, at, scope, consumers, collected_at)
     values ($1, $2, $3, clock_timestamp(), '{}', $4, now())`,
    [reviewId, mode, mode === 'recall' ? `L-${reviewId}` : null, consumers],
  );
  await at.database.query('insert into review_version (review_id, result_id, version, issuer) values ($1, $2, 1, $3)', [
    reviewId,
    RESULT,
    LN,
  ]);
  return reviewId;
}

async function openReviews(): Promise<string[]> {
  const rows: { review_id: string }[] = await at.database.query(
    'select review_id from review_version where decided_at is null order by review_id',
  );
  return rows.map((row) => row.review_id);
}

describe('reviews that a decision is made for', () => {
  test('are those due when it began: what is asked for meanwhile is decided by itself', async () => {
    const ended = [await reviewFor('recall', null), await reviewFor('catch-up', [HL])];
    await at.database.transaction(async (transaction) => {
      const due = await dueReviews(transaction, [VERSION], Date.now() + 60_000);
      const { reviewIds, extendsFor } = due.get(VERSION)!;
      expect([...reviewIds].sort()).toEqual(ended.sort());
      expect([extendsFor(HL), extendsFor(LN)]).toEqual([true, false]);

      await reviewFor('catch-up', null);
      await keepReviewed(transaction, [{ resultId: RESULT, version: 1, reviewIds, changedFor: [HL] }], new Date());
    });
    const open = await openReviews();
    expect(open).toHaveLength(1);
    expect(ended).not.toContain(open[0]);
  });

  test('of no version are none', async () => {
    await reviewFor('recall', null);
    expect(await at.database.transaction((transaction) => dueReviews(transaction, [], Date.now()))).toEqual(new Map());
  });
});
