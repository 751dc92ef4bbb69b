import { v7 as uuidv7 } from 'uuid';
import type { UnitId } from '@clearance/contracts';
import type { Verdict } from '@clearance/messaging';
import { openRealGateway, type RealGateway } from './real-gateway.fixture.ts';

const LN: UnitId = 'ln.customs';
const JL: UnitId = 'jl.customs';
const HL: UnitId = 'hl.customs';

describe('offers that contradict what was disclosed', () => {
  let real: RealGateway;
  let resultId: string;
  let genuine: string;
  beforeAll(async () => {
    real = await openRealGateway([LN, JL, HL]);
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);
  beforeEach(() => {
    resultId = uuidv7();
    genuine = real.sign(LN, { resultId });
  });

  const refusal = (code: string, version: string, of = 1): Verdict[] => [
    {
      verdict: 'poison',
      cause: 'unverifiable',
      detail: `1 of ${of} results refused: ${code} (${resultId} ${version})`,
    },
  ];
  /** Version, issuer and what was signed, of all that was disclosed. */
  const disclosed = (): Promise<object[]> =>
    real.database.query('select version, issuer, signed_digest from settlement where result_id = $1 order by version', [
      resultId,
    ]);
  const inLedger = async (): Promise<number> => {
    const [row] = await real.database.query<[{ count: string }]>('select count(*) from ledger where result_id = $1', [
      resultId,
    ]);
    return Number(row.count);
  };

  it.each([
    ['waited for', false],
    ['settled', true],
  ])(
    'are refused when something else is signed as a version that is %s; nothing is disclosed of them',
    async (_what, settled) => {
      await real.offer(LN, [genuine]);
      if (settled) await real.database.query(`update settlement set waiting = '{}', settled_at = now()`);
      const before = [await disclosed(), await inLedger()];
      const other = real.sign(LN, { resultId }, { conclusion: 'released' });
      expect(await real.offer(LN, [other])).toEqual(refusal('version-conflict', 'v1'));
      expect([await disclosed(), await inLedger()]).toEqual(before);
      // What was first is offered again as ever, and so is the next version.
      expect(await real.offer(LN, [genuine])).toEqual([{ verdict: 'done' }]);
      expect(await real.offer(LN, [real.sign(LN, { resultId, version: 2, status: 'amended' })])).toEqual([
        { verdict: 'done' },
      ]);
    },
  );

  it('are refused against what stands before them in the same message; their company is disclosed', async () => {
    const other = real.sign(LN, { resultId }, { conclusion: 'released' });
    const next = real.sign(LN, { resultId, version: 2, status: 'amended' });
    expect(await real.offer(LN, [genuine, other, next])).toEqual(refusal('version-conflict', 'v1', 3));
    expect(await disclosed()).toMatchObject([{ version: 1 }, { version: 2 }]);
  });

  it.each([1, 99])('are refused when another unit takes the id, as version %i', async (version) => {
    await real.offer(LN, [genuine]);
    const taken = real.sign(JL, { resultId, version, status: version === 1 ? 'issued' : 'revoked' });
    expect(await real.offer(JL, [taken])).toEqual(refusal('wrong-issuer', `v${version}`));
    expect(await disclosed()).toMatchObject([{ version: 1, issuer: LN }]);
  });

  it('are not those that come before an older version, or twice', async () => {
    const versions = [3, 1, 2, 3].map((version) =>
      real.sign(LN, { resultId, version, status: version === 1 ? 'issued' : 'amended' }),
    );
    const [third, first, second] = versions as [string, string, string];
    expect(await real.offer(LN, [third])).toEqual([{ verdict: 'done' }]);
    expect(await real.offer(LN, [first, second, third, third])).toEqual([{ verdict: 'done' }]);
    expect(await disclosed()).toMatchObject([{ version: 1 }, { version: 2 }, { version: 3 }]);
  });
});
