import { v7 as uuidv7 } from 'uuid';
import type { UnitId } from '@clearance/contracts';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { storeResults } from '../store/store-results.ts';
import type { StoredResult } from '../store/stored-result.ts';
import { findResults } from './find-results.ts';

const UNIT: UnitId = 'ln.customs';
const MINUTE_MS = 60_000;
const BEGAN = Date.parse('2026-11-21T03:00:00.000Z');

describe('filters', () => {
  let real: RealUnit;
  const stored: { resultId: string; storedAt: number }[] = [];
  beforeAll(async () => {
    real = await openRealUnit(UNIT);
    for (let index = 0; index < 60; index += 1) {
      const resultId = uuidv7();
      // A row bears the time at which its transaction began: some began long before the ones that were faster.
      const storedAt = BEGAN + (index - (index % 4) * 2) * MINUTE_MS;
      stored.push({ resultId, storedAt });
      await real.database.transaction((transaction) => storeResults(transaction, [result(resultId, index)]));
      await real.database.query('update result set stored_at = $2 where result_id = $1', [
        resultId,
        new Date(storedAt),
      ]);
    }
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);

  /** Every third is the unit's own, and bears the reference of the copy before it. */
  function result(resultId: string, index: number): StoredResult {
    const own = index % 3 === 0;
    const reference = index % 3 === 1 ? `R-${index}-alone` : `R-${Math.ceil(index / 3)}`;
    return {
      resultId,
      version: 1,
      status: 'issued',
      issuer: own ? UNIT : 'hl.customs',
      own,
      issuedAt: '2026-11-21T03:12:00.123Z',
      content: JSON.stringify({ reference, kind: 'customs.scan' }),
      withheld: '[]',
      token: 'token',
      keyId: 'hl.customs/test',
      digest: null,
      firstDigest: null,
      listVersion: null,
      viewNumber: 0,
    };
  }
  const find = async (request: object): Promise<string[]> => {
    const reply = await findResults(real.unit, { limit: 200, ...request });
    if (!reply.ok) throw new Error(reply.problem.detail);
    return reply.value.results.map(({ resultId }) => resultId);
  };

  it('since: everything that was stored then or later, in the order of arrival, whenever its transaction began', async () => {
    for (let minute = -8; minute <= 61; minute += 1) {
      const since = BEGAN + minute * MINUTE_MS;
      expect(await find({ since: new Date(since).toISOString() })).toEqual(
        stored.filter(({ storedAt }) => storedAt >= since).map(({ resultId }) => resultId),
      );
    }
  });

  it('reference: own results and copies alike', async () => {
    // 3 is the unit's own, 2 the copy that bears the same reference.
    expect(await find({ reference: 'R-1' })).toEqual([stored[2]!.resultId, stored[3]!.resultId]);
    expect(await find({ reference: 'R-1-alone' })).toEqual([stored[1]!.resultId]);
    expect(await find({ reference: 'R-none' })).toEqual([]);
  });
});
