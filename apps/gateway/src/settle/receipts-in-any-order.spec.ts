import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import type { UnitId } from '@clearance/contracts';
import { openRealGateway, type RealGateway } from '../enforce/real-gateway.fixture.ts';
import { collectReceipts, type ReceiptsFrom } from './collect-receipts.ts';

const ISSUER: UnitId = 'ln.customs';
const RECEIVERS: UnitId[] = ['jl.customs', 'hl.customs'];
const IDS = [uuidv7(), uuidv7()];

/** A unit's receipt for one version of one of two results. */
interface Receipt {
  unit: UnitId;
  result: number;
  version: number;
}
const RECEIPTS: Receipt[] = RECEIVERS.flatMap((unit) =>
  [0, 1].flatMap((result) => [1, 2, 3].map((version) => ({ unit, result, version }))),
);
/** Of nobody who is waited for, and of a version that nobody has seen. */
const STRAY: Receipt[] = [
  { unit: ISSUER, result: 0, version: 1 },
  { unit: 'jl.customs', result: 0, version: 9 },
];
const digestOf = ({ unit, result, version }: Receipt): string =>
  `${unit}-${result}-${version}`.replaceAll('.', '-').padEnd(43, 'A');
const messageOf = (receipt: Receipt): ReceiptsFrom => {
  const receipts = [{ resultId: IDS[receipt.result]!, version: receipt.version, tokenDigest: digestOf(receipt) }];
  return { unit: receipt.unit, data: Buffer.from(JSON.stringify({ receipts })), at: Date.now() };
};

describe('receipts in any order', () => {
  let real: RealGateway;
  beforeAll(async () => {
    real = await openRealGateway([ISSUER, ...RECEIVERS]);
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);

  /** Three versions of two results, disclosed and not confirmed. */
  async function disclose(): Promise<void> {
    await real.database.query('truncate settlement');
    for (const [index, resultId] of IDS.entries()) {
      const tokens = [1, 2, 3].map((version) =>
        real.sign(
          ISSUER,
          { resultId, version, status: version === 1 ? 'issued' : 'amended' },
          { reference: `R-${index}` },
        ),
      );
      await real.offer(ISSUER, tokens.reverse());
    }
  }
  interface Row {
    version: number;
    waiting: UnitId[];
    receivers: string[];
    held: Record<string, string>;
    settled: boolean;
  }
  const rows = async (): Promise<Row[]> => {
    const found: (Omit<Row, 'held' | 'receivers'> & { receipts: string; held: string })[] = await real.database.query(
      `select version, waiting, receipts, held, settled_at is not null as settled from settlement order by result_id, version`,
    );
    return found.map(({ receipts, held, ...row }) => ({
      ...row,
      receivers: Object.keys(JSON.parse(receipts) as object).sort(),
      held: JSON.parse(held) as Record<string, string>,
    }));
  };
  const settledRows = (): Row[] =>
    [0, 1].flatMap((result) =>
      [1, 2, 3].map((version) => ({
        version,
        waiting: [],
        receivers: [...RECEIVERS].sort(),
        held: Object.fromEntries(RECEIVERS.map((unit) => [unit, digestOf({ unit, result, version })])),
        settled: true,
      })),
    );

  const arrivals = fc
    .array(fc.constantFrom(...RECEIPTS, ...STRAY), { maxLength: 8 })
    .chain((again) =>
      fc.tuple(
        fc.shuffledSubarray([...RECEIPTS, ...again], { minLength: RECEIPTS.length + again.length }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }),
      ),
    )
    .map(([order, sizes]) => {
      const batches: Receipt[][] = [];
      for (let start = 0, turn = 0; start < order.length; turn += 1) {
        const size = sizes[turn % sizes.length]!;
        batches.push(order.slice(start, start + size));
        start += size;
      }
      return batches;
    });

  it('end as the same settlements, whatever the permutation, the grouping and the repetitions', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (batches) => {
        await disclose();
        for (const batch of batches) await collectReceipts(real.gateway, batch.map(messageOf));
        expect(await rows()).toEqual(settledRows());
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('end as the same settlements when two gateways collect them at once', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (batches) => {
        await disclose();
        await Promise.all([0, 1].map((half) => collectAll(batches.filter((_, index) => index % 2 === half))));
        expect(await rows()).toEqual(settledRows());
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  async function collectAll(batches: readonly Receipt[][]): Promise<void> {
    for (const batch of batches) await collectReceipts(real.gateway, batch.map(messageOf));
  }

  it('for an old version settle it alone, also when a newer one is settled', async () => {
    await disclose();
    await collectAll([RECEIPTS.filter(({ version }) => version === 3)]);
    expect((await rows()).map(({ settled }) => settled)).toEqual([false, false, true, false, false, true]);
    await collectAll([RECEIPTS.filter(({ version, result }) => version === 1 && result === 0)]);
    expect((await rows()).map(({ settled }) => settled)).toEqual([true, false, true, false, false, true]);
  });
});
