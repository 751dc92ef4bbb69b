import fc from 'fast-check';
import { joinConsignments, type Traveller } from '@clearance/coordination';
import { insertRows } from '@clearance/platform';
import { ledgerDatabase, type LedgerDatabase } from '../ledger/ledger-database.fixture.ts';
import { joinNew } from './join-new.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const idOf = (index: number): string => `019aa5a1-7c5b-7000-8000-${String(index).padStart(12, '0')}`;

let at: LedgerDatabase;
beforeAll(async () => {
  at = await ledgerDatabase();
}, 120_000);
afterAll(() => at?.drop(), 60_000);
const empty = (): Promise<unknown> =>
  at.database.query('truncate coordinated_version, traveller, traveller_container, traveller_link, consignment');
beforeEach(empty);

interface Version extends Traveller {
  version: number;
}

/** Puts versions down as decisions do, `decided` one after the other. */
async function decide(versions: readonly Version[], decided: number): Promise<void> {
  await insertRows(
    at.database.manager,
    `coordinated_version (result_id, version, issuer, status, declaration_number, transport_document, containers, checks,
       examined_at, issued_at, decided_at)`,
    versions.map(({ resultId, version, declarationNumber, transportDocument, containers, at: time }, index) => [
      ...[resultId, version, 'ln.customs', 'issued', declarationNumber, transportDocument, containers, '[]'],
      ...[new Date(time), new Date(time), new Date(START + (decided + index) * 1_000)],
    ]),
    `on conflict (result_id, version) do update set joined = false, containers = excluded.containers,
       declaration_number = excluded.declaration_number, transport_document = excluded.transport_document`,
  );
}

async function joinAll(): Promise<void> {
  while ((await joinNew(at.database)).more);
}

/** The consignments that the database has: their results, in order. */
async function stored(): Promise<{ consignmentId: string; resultIds: string[] }[]> {
  return at.database.query(
    `select consignment_id as "consignmentId", array_agg(result_id::text order by result_id) as "resultIds"
     from traveller group by consignment_id order by consignment_id`,
  );
}

/** Consignments that say something else than their results do. */
async function summaries(): Promise<unknown[]> {
  return at.database.query(
    `select * from (select consignment_id, first_at, last_at, results from consignment) c full join
       (select consignment_id, min(at) as first_at, max(at) as last_at, count(*)::integer as results
        from traveller group by consignment_id) t using (consignment_id, first_at, last_at, results)
     where c is null or t is null`,
  );
}

/** What it should have: all newest versions joined at once. */
function expected(versions: readonly Version[]): { consignmentId: string; resultIds: string[] }[] {
  const newest = new Map<string, Version>();
  for (const each of versions) {
    const other = newest.get(each.resultId);
    if (other === undefined || other.version <= each.version) newest.set(each.resultId, each);
  }
  return joinConsignments([...newest.values()]).sort((one, other) =>
    one.consignmentId < other.consignmentId ? -1 : 1,
  );
}

const anyVersions = fc.array(
  fc.record({
    result: fc.integer({ min: 0, max: 11 }),
    version: fc.integer({ min: 1, max: 3 }),
    day: fc.integer({ min: 0, max: 200 }),
    declarationNumber: fc.option(fc.constantFrom('D1', 'D2', 'D3', 'D4'), { nil: null }),
    transportDocument: fc.option(fc.constantFrom('T1', 'T2', 'T3', 'T4'), { nil: null }),
    containers: fc.subarray(['X', 'Y']),
  }),
  { minLength: 1, maxLength: 24 },
);

describe('joining what is new', () => {
  it('gives the consignments that joining everything at once gives, in whatever order and portions versions come', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyVersions,
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
        async (rows, portions) => {
          await empty();
          const versions = rows.map(({ result, day, ...row }): Version => ({ ...row, resultId: idOf(result), at: START + day * DAY })); // prettier-ignore
          // A version says the same however often it is decided.
          const once = [...new Map(versions.map((each) => [`${each.resultId}:${each.version}`, each])).values()];
          for (let next = 0, turn = 0; next < once.length; turn += 1) {
            const portion = once.slice(next, next + portions[turn % portions.length]!);
            await decide(portion, next);
            await joinAll();
            next += portion.length;
            expect(await stored()).toEqual(expected(once.slice(0, next)));
            expect(await summaries()).toEqual([]);
          }
        },
      ),
      { numRuns: process.env['CI'] === 'true' ? 40 : 80 },
    );
  }, 180_000);

  it('joins two consignments when a bill connects them, and divides them when it is amended away', async () => {
    const box = (index: number, container: string, bill: string | null, version = 1): Version => ({
      resultId: idOf(index),
      version,
      at: START,
      declarationNumber: `D${index}`,
      transportDocument: bill,
      containers: [container],
    });
    await decide([box(1, 'X', null), box(2, 'Y', null)], 0);
    await joinAll();
    expect((await stored()).map(({ resultIds }) => resultIds)).toEqual([[idOf(1)], [idOf(2)]]);
    await decide([box(1, 'X', 'T1', 2), box(2, 'Y', 'T1', 2)], 2);
    await joinAll();
    expect((await stored()).map(({ resultIds }) => resultIds)).toEqual([[idOf(1), idOf(2)]]);
    await decide([box(2, 'Y', null, 3)], 4);
    await joinAll();
    expect((await stored()).map(({ resultIds }) => resultIds)).toEqual([[idOf(1)], [idOf(2)]]);
    const consignments = await at.database.query('select consignment_id, results from consignment order by 1');
    expect(consignments).toEqual([
      { consignment_id: idOf(1), results: 1 },
      { consignment_id: idOf(2), results: 1 },
    ]);
  });

  it('leaves a version for later that is just being decided anew', async () => {
    const one = { resultId: idOf(1), version: 1, at: START, declarationNumber: 'D1', transportDocument: null, containers: [] }; // prettier-ignore
    await decide([one], 0);
    await at.database.transaction(async (transaction) => {
      await transaction.query('update coordinated_version set joined = false');
      expect(await joinNew(at.database)).toEqual({ joined: 0, more: false });
    });
    expect(await joinNew(at.database)).toEqual({ joined: 1, more: false });
    expect(await joinNew(at.database)).toEqual({ joined: 0, more: false });
  });
});
