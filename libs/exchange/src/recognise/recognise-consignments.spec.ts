import { v7 as uuidv7 } from 'uuid';
import type { Recognition, ResultContent, UnitId } from '@clearance/contracts';
import { customsExamination } from '@clearance/testing';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { newSigner } from '../signers.fixture.ts';
import { storeResults } from '../store/store-results.ts';
import { recogniseConsignments } from './recognise-consignments.ts';

const UNIT: UnitId = 'hl.customs';
const LN = newSigner('ln.customs');
const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-22T08:00:00.000Z');
const ISSUED = new Date(NOW - 24 * HOUR_MS).toISOString();

/** The boxes of the consignment, and one that once travelled with the first of them. */
const [A, B, ELSEWHERE] = ['CSQU3054383', 'DLCU2045117', 'DLCU0000140'] as const;
const DOCUMENT = '090220261000000123';

describe('what a recognition is decided on', () => {
  let real: RealUnit;
  let asked = 0;
  beforeAll(async () => {
    real = await openRealUnit(UNIT, [LN]);
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);
  beforeEach(() => real.empty());

  const store = async (content: Partial<ResultContent>, issuedAt = ISSUED): Promise<string> => {
    const resultId = uuidv7();
    const one = {
      ...{ resultId, version: 1, status: 'issued' as const, issuer: LN.owner, own: false, issuedAt },
      content: JSON.stringify({ ...customsExamination(`R-${resultId}`), ...content }),
      ...{ withheld: '[]', token: 'token', keyId: LN.key.kid, digest: null, firstDigest: null, listVersion: '1' },
      viewNumber: 0,
    };
    await real.database.transaction((transaction) => storeResults(transaction, [one]));
    return resultId;
  };
  const boxes = (...seals: [number: string, seal: string, condition: 'intact' | 'broken'][]) =>
    seals.map(([number, seal, condition]) => ({ number, seals: [{ number: seal, condition }] }));
  const check = (hoursAgo: number, containers: string[], items: number[]): ResultContent['checks'] => [
    {
      type: 'x-ray',
      outcome: 'conformant',
      performedAt: new Date(NOW - hoursAgo * HOUR_MS).toISOString(),
      covers: { containers, items },
    },
  ];
  /** Asked by the document alone: which boxes belong to it, only results say. */
  const recognise = async (consignment: object = { declarationNumber: DOCUMENT, items: [1] }): Promise<Recognition> => {
    const request = {
      reference: `REC-${(asked += 1)}`,
      location: 'CNHRB',
      checks: ['x-ray'],
      consignment: { containers: [A], ...consignment },
      sealsObserved: [{ container: A, number: 'H1', condition: 'intact' }],
    };
    const [outcome] = await recogniseConsignments({ ...real.unit, now: () => NOW }, [request]);
    if (!outcome!.ok) throw new Error(JSON.stringify(outcome));
    return outcome!.value;
  };
  const codes = ({ checks }: Recognition): string[] => checks[0]!.reasons?.map(({ code }) => code) ?? [];

  it('a seal broken on a box that belongs to the document, though nobody asked for the box', async () => {
    await store({
      declarationNumber: DOCUMENT,
      containers: boxes([A, 'H1', 'intact'], [B, 'H2', 'intact']),
      checks: check(30, [A, B], [1]),
    });
    const before = await recognise();
    expect(codes(before)).not.toContain('seal-broken');
    const later = await store({
      declarationNumber: '090220261000000999',
      transportDocument: 'OTHER-1',
      containers: boxes([B, 'H2', 'broken']),
      checks: check(26, [B], [1]),
    });
    const after = await recognise();
    expect(codes(after)).toContain('seal-broken');
    expect(after.checks[0]!.reasons!.map(({ resultId }) => resultId)).toContain(later);
  });

  it('nothing of a box that a box of the consignment once travelled with: its results are not even locked', async () => {
    const examined = await store({
      declarationNumber: DOCUMENT,
      containers: boxes([A, 'H1', 'intact']),
      checks: check(30, [A], [1]),
    });
    await store({
      declarationNumber: '090220261000000777',
      transportDocument: 'OTHER-1',
      containers: boxes([A, 'H7', 'intact'], [ELSEWHERE, 'H8', 'intact']),
      checks: check(500, [A, ELSEWHERE], [1]),
    });
    const far = await store({
      declarationNumber: '090220261000000888',
      transportDocument: 'OTHER-2',
      containers: boxes([ELSEWHERE, 'H8', 'broken']),
      checks: check(26, [ELSEWHERE], [1]),
    });
    const holder = real.database.createQueryRunner();
    try {
      await holder.startTransaction();
      // Whoever needed this row would wait for it, and fail with the statement's limit.
      await holder.query('select from result where result_id = $1 for update', [far]);
      expect(await recognise()).toMatchObject({
        outcome: 'recognised',
        checks: [{ decision: 'recognised', by: [{ resultId: examined }] }],
      });
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
  });

  it('the boxes of a result that does not show what it is about, since it may be about this', async () => {
    await store({
      declarationNumber: DOCUMENT,
      containers: boxes([A, 'H1', 'intact']),
      checks: check(30, [A], [1]),
    });
    await store({
      ...{ declarationNumber: undefined, transportDocument: undefined },
      containers: boxes([A, 'H1', 'intact'], [B, 'H2', 'intact']),
      checks: check(28, [A, B], [1]),
    });
    const held = await store({
      declarationNumber: undefined,
      transportDocument: undefined,
      containers: boxes([B, 'H2', 'intact']),
      checks: check(27, [B], [1]),
    });
    const holder = real.database.createQueryRunner();
    await holder.startTransaction();
    await holder.query('select from result where result_id = $1 for update', [held]);
    let answered = false;
    const answer = recognise().then((value) => {
      answered = true;
      return value;
    });
    // It waits for the row: PostgreSQL says so.
    for (let waiting = 0; waiting === 0;) {
      const [row] = await real.database.query<{ count: number }[]>(
        `select count(*)::int as count from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%for share of r%'`,
      );
      waiting = row!.count;
    }
    expect(answered).toBe(false);
    await holder.rollbackTransaction();
    await holder.release();
    await answer;
  });
});
