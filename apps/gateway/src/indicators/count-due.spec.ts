import fc from 'fast-check';
import type { ReportedRecognition } from '@clearance/contracts';
import { addUp, type Tally, tallyOfRecognition, tallyOfVersion } from '@clearance/coordination';
import { insertRows } from '@clearance/platform';
import { joinNew } from '../coordination/join-new.ts';
import { takeRecognitions } from '../coordination/take-recognitions.ts';
import { ledgerDatabase, type LedgerDatabase } from '../ledger/ledger-database.fixture.ts';
import { countDue } from './count-due.ts';
import { countVersions } from './put-down.ts';

const DAY_MS = 86_400_000;
/** In the middle of a day in Asia/Shanghai. */
const START = Date.UTC(2026, 0, 1, 4);
const idOf = (index: number): string => `019aa5a1-7c5b-7000-8000-${String(index).padStart(12, '0')}`;
const dayAt = (day: number): string => new Date(START + day * DAY_MS).toISOString().slice(0, 10);

let at: LedgerDatabase;
beforeAll(async () => {
  at = await ledgerDatabase();
}, 120_000);
afterAll(() => at?.drop(), 60_000);
const empty = (): Promise<unknown> =>
  at.database.query(
    `truncate coordinated_version, coordinated_recognition, coordination_rebuild, traveller, traveller_container, traveller_link,
       consignment, indicator, indicator_part, indicator_due`,
  );
beforeEach(empty);

/** What happens: results are decided, and decided anew, confirmed, relied on, reopened; all of it is made anew. */
type Happening =
  | { is: 'decided'; result: number; port: string | null; mode: string | null; withheld: number }
  | { is: 'settled'; result: number; after: number }
  | { is: 'recognised'; recognition: number; result: number; reopened: boolean }
  | { is: 'made anew' }
  | { is: 'counted' };

const result = fc.integer({ min: 0, max: 5 });
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    is: fc.constant('decided' as const),
    result,
    port: fc.constantFrom('CNDLC', 'CNMLX', null),
    mode: fc.constantFrom('2', '3', null),
    withheld: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({ is: fc.constant('settled' as const), result, after: fc.integer({ min: -1, max: 100_000 }) }),
  fc.record({
    is: fc.constant('recognised' as const),
    recognition: fc.integer({ min: 0, max: 3 }),
    result,
    reopened: fc.boolean(),
  }),
  fc.record({ is: fc.constant('made anew' as const) }),
  fc.record({ is: fc.constant('counted' as const) }),
);

/** What is true of the world, however it was told. */
interface World {
  versions: Map<number, Extract<Happening, { is: 'decided' }>>;
  availableAt: Map<number, number>;
  reports: Map<number, ReportedRecognition>;
}

const withheldOf = (copies: number): Record<string, number> => (copies === 0 ? {} : { 'NL-010': copies });

function reportOf(recognition: number, of: number, reopened: boolean): ReportedRecognition {
  return {
    recognitionId: idOf(100 + recognition),
    ...{ location: 'CNHRB', outcome: 'recognised', state: reopened ? 'reopened' : 'in-force' },
    ...{ decidedAt: new Date(START + recognition * DAY_MS).toISOString(), consignment: {} },
    checks: [
      ...[{ type: 'x-ray', decision: 'recognised', by: [{ resultId: idOf(of), version: 1, issuer: 'ln.customs' }], reasons: [] } as const].map((check) => ({ ...check, by: [...check.by], reasons: [] })), // prettier-ignore
    ],
  };
}

async function happen(world: World, happening: Happening): Promise<void> {
  switch (happening.is) {
    case 'decided': {
      const { result: of, port, mode, withheld } = happening;
      world.versions.set(of, happening);
      const time = new Date(START + of * DAY_MS);
      await insertRows(
        at.database.manager,
        `coordinated_version (result_id, version, issuer, status, location, transport_mode, containers, checks, withheld,
           examined_at, issued_at, decided_at)`,
        [
          [
            idOf(of),
            1,
            'ln.customs',
            'issued',
            port,
            mode,
            [],
            '[]',
            JSON.stringify(withheldOf(withheld)),
            time,
            time,
            time,
          ],
        ],
        `on conflict (result_id, version) do update set joined = false, location = excluded.location,
           transport_mode = excluded.transport_mode, withheld = excluded.withheld`,
      );
      return;
    }
    case 'settled': {
      // What is settled was decided.
      if (!world.versions.has(happening.result)) return;
      const settledAt = START + happening.result * DAY_MS + happening.after * 1_000;
      if (!world.availableAt.has(happening.result)) world.availableAt.set(happening.result, settledAt);
      await joinNew(at.database);
      await countAll();
      await at.database.transaction(
        (transaction) =>
        countVersions(transaction, [{ resultId: idOf(happening.result), version: 1, settledAt: new Date(settledAt).toISOString() }]), // prettier-ignore
      );
      return;
    }
    case 'recognised': {
      const { recognition, result: of, reopened } = happening;
      // It looks at one result for good, and what is reopened stays so.
      const before = world.reports.get(recognition);
      const now = reportOf(recognition, before === undefined ? of : Number(before.checks[0]!.by[0]!.resultId.slice(-3)), reopened || before?.state === 'reopened'); // prettier-ignore
      world.reports.set(recognition, now);
      const gateway = { database: at.database, now: () => START };
      expect(await takeRecognitions(gateway, 'hl.customs', { recognitions: [now] })).toMatchObject({ ok: true });
      return;
    }
    case 'made anew':
      await at.database.transaction(async (transaction) => {
        await transaction.query('truncate indicator');
        await transaction.query(
          `insert into coordination_rebuild (rebuild_id, requested_by, reason, started_at, finished_at, total)
           values (gen_random_uuid(), 'x', 'x', now(), now(), 0)`,
        );
        await transaction.query('insert into indicator_due (subject, version) select recognition_id, 0 from coordinated_recognition'); // prettier-ignore
        await transaction.query('update coordinated_version set joined = false');
      });
      return;
    case 'counted':
      await joinNew(at.database);
      await countDue(at.database);
      return;
    default:
      happening satisfies never;
  }
}

async function countAll(): Promise<void> {
  while ((await joinNew(at.database)).more);
  while ((await countDue(at.database)).counted > 0);
}

type Sums = Record<string, Tally>;

async function stored(): Promise<Sums> {
  const rows: { place: string; figure: string; n: number }[] = await at.database.query(
    `select concat_ws(' ', day, port, unit, mode) as place, figure, n::integer from indicator where n <> 0`,
  );
  return Object.fromEntries(
    [...Map.groupBy(rows, ({ place }) => place)].map(([place, of]) => [
      place,
      Object.fromEntries(of.map(({ figure, n }) => [figure, n])),
    ]),
  );
}

function expected({ versions, availableAt, reports }: World): Sums {
  const parts: [place: string, Tally][] = [
    ...[...versions].map(([of, { port, mode, withheld }]): [string, Tally] => [
      `${dayAt(of)} ${port ?? ''} ln.customs ${mode ?? ''}`,
      tallyOfVersion({
        ...{ status: 'issued', examinedAt: START + of * DAY_MS, availableAt: availableAt.get(of) ?? null },
        withheld: withheldOf(withheld),
      }),
    ]),
    ...[...reports].map(([recognition, report]): [string, Tally] => {
      const of = Number(report.checks[0]!.by[0]!.resultId.slice(-3));
      return [`${dayAt(recognition)} CNHRB hl.customs ${versions.get(of)?.mode ?? ''}`, tallyOfRecognition(report)];
    }),
  ];
  return Object.fromEntries(
    [...Map.groupBy(parts, ([place]) => place)].map(([place, of]) => [place, addUp(of.map(([, tally]) => tally))]),
  );
}

describe('counting what is due', () => {
  it('gives the sums of what there is, whatever happened in between, and however often', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyHappening, { minLength: 1, maxLength: 25 }), async (happenings) => {
        await empty();
        const world: World = { versions: new Map(), availableAt: new Map(), reports: new Map() };
        for (const happening of happenings) await happen(world, happening);
        await countAll();
        expect(await stored()).toEqual(expected(world));
      }),
      { numRuns: process.env['CI'] === 'true' ? 40 : 80 },
    );
  }, 180_000);

  it('loses nothing of what is committed while it counts', async () => {
    const world: World = { versions: new Map(), availableAt: new Map(), reports: new Map() };
    await happen(world, { is: 'decided', result: 1, port: 'CNDLC', mode: '2', withheld: 0 });
    await countAll();
    const late = at.database.createQueryRunner();
    await late.startTransaction();
    await countVersions(late.manager, [{ resultId: idOf(1), version: 1, settledAt: new Date(START + 2 * DAY_MS).toISOString() }]); // prettier-ignore
    expect(await countDue(at.database)).toEqual({ counted: 0, more: false });
    await late.commitTransaction();
    await late.release();
    expect(await countDue(at.database)).toEqual({ counted: 1, more: false });
    expect((await stored())[`${dayAt(1)} CNDLC ln.customs 2`]).toMatchObject({ results: 1, available: 1 });
  });

  it('keeps the first time that a version was available, whatever was taken back and given anew later', async () => {
    const world: World = { versions: new Map(), availableAt: new Map(), reports: new Map() };
    await happen(world, { is: 'decided', result: 1, port: 'CNDLC', mode: '2', withheld: 0 });
    await happen(world, { is: 'settled', result: 1, after: 60 });
    await countAll();
    const before = await stored();
    await happen(world, { is: 'settled', result: 1, after: 90_000 });
    await countAll();
    expect(await stored()).toEqual(before);
  });
});
