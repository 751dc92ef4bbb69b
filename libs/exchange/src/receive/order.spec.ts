import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import type { Recognition, ResultStatus, UnitId } from '@clearance/contracts';
import type { Received, Verdict } from '@clearance/messaging';
import { redactToken, verifyToken } from '@clearance/provenance';
import { findResults } from '../find/find-results.ts';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { newSigner, ringOf, tokenOf } from '../signers.fixture.ts';
import type { Unit } from '../unit.ts';
import { receiveCopies } from './receive-copies.ts';

const UNIT: UnitId = 'hl.customs';
const LN = newSigner('ln.customs');
const JL = newSigner('jl.border');
const IDS = [0, 1, 2].map(() => uuidv7());

/** One version of one of three results: the last one of the third is a revocation. */
interface Version {
  result: number;
  version: number;
}
const VERSIONS: Version[] = [0, 1, 2].flatMap((result) =>
  Array.from({ length: result + 2 }, (_, index) => ({ result, version: index + 1 })),
);
const statusOf = ({ result, version }: Version): ResultStatus =>
  version === 1 ? 'issued' : result === 2 && version === 4 ? 'revoked' : 'amended';
/** Container numbers change with the versions: only the newest ones are found. */
const containerOf = ({ result, version }: Version): string => `C${result}V${version}`;
const tokens = new Map(
  VERSIONS.map((each) => {
    const claims = { resultId: IDS[each.result]!, version: each.version, status: statusOf(each) };
    const content = {
      reference: `R-${each.result}`,
      kind: 'customs.scan',
      containers: [{ number: containerOf(each) }],
    };
    return [each, tokenOf(LN, claims, content)];
  }),
);

const message = (copies: readonly string[], subject = 'copies.ln.customs', listVersion = '2026.11-1'): Received => ({
  subject,
  data: new TextEncoder().encode(
    JSON.stringify({ listVersion, copies: copies.map((token) => ({ token, withheld: [] })) }),
  ),
});
const messageOf = (versions: readonly Version[]): Received => message(versions.map((each) => tokens.get(each)!));

/** What is the same however versions came. */
interface Tables {
  newest: { resultId: string; version: number; status: string; token: string; container: string | null }[];
  history: { resultId: string; version: number; status: string; token: string }[];
}

describe('copies in any order', () => {
  let real: RealUnit;
  let second: Unit;
  beforeAll(async () => {
    real = await openRealUnit(UNIT, [LN, JL]);
    second = await real.anotherProcess();
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);
  beforeEach(() => real.empty());

  const tables = async (): Promise<Tables> => ({
    newest: await real.database.query(
      `select result_id as "resultId", version, status, token,
         (select string_agg(container, ',') from result_container c where c.result_id = r.result_id) as container
       from result r order by result_id`,
    ),
    history: await real.database.query(
      `select result_id as "resultId", version, status, token from result_history order by result_id, version`,
    ),
  });
  const eventIds = async (): Promise<string[]> => {
    const rows: { event_id: string }[] = await real.database.query(
      `select each->>'eventId' as event_id from event_outbox, json_array_elements(events::json) each order by event_id`,
    );
    return rows.map((row) => row.event_id);
  };
  /** What the tables hold when all these versions have come. */
  const expected = (arrived: readonly Version[]): Tables => {
    const sorted = [...new Set(arrived)].sort(
      (a, b) => IDS[a.result]!.localeCompare(IDS[b.result]!) || a.version - b.version,
    );
    const isNewest = (each: Version): boolean =>
      !sorted.some((other) => other.result === each.result && other.version > each.version);
    const row = (each: Version) => ({
      resultId: IDS[each.result]!,
      version: each.version,
      status: statusOf(each),
      token: tokens.get(each)!,
    });
    return {
      newest: sorted.filter(isNewest).map((each) => ({ ...row(each), container: containerOf(each) })),
      history: sorted.filter((each) => !isNewest(each)).map(row),
    };
  };
  const done = (count: number): Verdict[] => Array<Verdict>(count).fill({ verdict: 'done' });

  /** Messages of one or more copies, several to a batch: as they may come, each version at least once, some again. */
  const arrivals = fc
    .tuple(
      fc.shuffledSubarray(VERSIONS, { minLength: VERSIONS.length }),
      fc.array(fc.constantFrom(...VERSIONS), { maxLength: 6 }),
    )
    .chain(([all, again]) =>
      fc.tuple(
        fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 20 }),
      ),
    )
    .map(([order, packs, batches]) => divide(divide(order, packs), batches));
  /** Cuts a list into groups of the sizes given, over and over. */
  function divide<T>(items: readonly T[], sizes: readonly number[]): T[][] {
    const groups: T[][] = [];
    for (let start = 0, turn = 0; start < items.length; turn += 1) {
      const size = sizes[turn % sizes.length]!;
      groups.push(items.slice(start, start + size));
      start += size;
    }
    return groups;
  }

  it('end as the same tables, whatever the permutation, the grouping and the repetitions', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (batches) => {
        await real.empty();
        for (const batch of batches) {
          expect(await receiveCopies(real.unit, batch.map(messageOf))).toEqual(done(batch.length));
        }
        expect(await tables()).toEqual(expected(VERSIONS));
        // Backends were told of what was current at the time: of each newest version exactly once, of older ones at most.
        const told = await eventIds();
        expect(new Set(told).size).toBe(told.length);
        for (const { resultId, version, status } of (await tables()).newest) {
          const type = { issued: 'received', amended: 'amended', revoked: 'revoked' }[status];
          expect(told).toContain(`${resultId}:${version}:result.${type}`);
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('end as the same tables when two processes take them at once', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, arrivals, async (one, two) => {
        await real.empty();
        const takeAll = async (unit: Unit, batches: readonly Version[][][]): Promise<void> => {
          for (const batch of batches) {
            expect(await receiveCopies(unit, batch.map(messageOf))).toEqual(done(batch.length));
          }
        };
        await Promise.all([takeAll(real.unit, one), takeAll(second, two)]);
        expect(await tables()).toEqual(expected(VERSIONS));
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it.each<[string, number[][][]]>([
    ['in one message, the newest first', [[[3, 2, 1]]]],
    ['in one batch, a message each', [[[3], [1], [2]]]],
    ['in batches of their own', [[[3]], [[2]], [[1]]]],
  ])('tell of the newest version and of none that is older: %s', async (_how, batches) => {
    for (const batch of batches) {
      const versions = batch.map((numbers) =>
        messageOf(numbers.map((version) => VERSIONS.find((each) => each.result === 1 && each.version === version)!)),
      );
      await receiveCopies(real.unit, versions);
    }
    expect(await eventIds()).toEqual([`${IDS[1]}:3:result.amended`]);
    const found = await findResults(real.unit, {});
    if (!found.ok) throw new Error(found.problem.detail);
    expect(found.value.results.map(({ resultId, version }) => ({ resultId, version }))).toEqual([
      { resultId: IDS[1], version: 3 },
    ]);
    expect((await tables()).history.map(({ version }) => version)).toEqual([1, 2]);
  });

  it('bring a revocation before its result: it stays revoked, and the result is history', async () => {
    const revoked = VERSIONS.filter(({ result }) => result === 2);
    await receiveCopies(real.unit, [messageOf([revoked[3]!])]);
    for (const each of revoked.slice(0, 3)) await receiveCopies(real.unit, [messageOf([each])]);
    expect(await eventIds()).toEqual([`${IDS[2]}:4:result.revoked`]);
    expect(await tables()).toEqual(expected(revoked));
  });

  it('reopen a recognition that relies on an older version, once, by whichever newer one comes first', async () => {
    const [first, amended] = VERSIONS.filter(({ result }) => result === 1);
    const third = VERSIONS.find(({ result, version }) => result === 1 && version === 3)!;
    await receiveCopies(real.unit, [messageOf([first!])]);
    const recognitionId = uuidv7();
    const body = {
      recognitionId,
      reference: 'H-1',
      outcome: 'recognised',
      state: 'in-force',
    } as unknown as Recognition;
    await real.database.query(
      `insert into recognition (recognition_id, reference, request_digest, state, outcome, decided_at, request, body)
       values ($1, 'H-1', '', 'in-force', 'recognised', now(), '{}', $2)`,
      [recognitionId, JSON.stringify(body)],
    );
    await real.database.query(
      'insert into recognition_reliance (result_id, recognition_id, version) values ($1, $2, 1)',
      [IDS[1], recognitionId],
    );
    await Promise.all([
      receiveCopies(real.unit, [messageOf([third])]),
      receiveCopies(second, [messageOf([amended!]), messageOf([third])]),
    ]);
    await receiveCopies(real.unit, [messageOf([third, amended!, first!])]);
    const reopened = (await eventIds()).filter((id) => id.startsWith(recognitionId));
    expect(reopened).toEqual([`${recognitionId}:${IDS[1]}:1:reopened`]);
    const [row] = await real.database.query<[{ state: string }]>('select state from recognition');
    expect(row.state).toBe('reopened');
  });

  describe('that contradict what is there', () => {
    const claims = { resultId: IDS[0]!, version: 1 };
    const genuine = tokens.get(VERSIONS[0]!)!;
    const otherContent = tokenOf(LN, claims, { reference: 'R-0', kind: 'customs.scan', conclusion: 'released' });
    const conflict = (code: string, name: string): Verdict => ({
      verdict: 'poison',
      cause: 'unverifiable',
      detail: `1 of 1 copies refused: ${code} (${IDS[0]} ${name})`,
    });
    const receipts = async (): Promise<number> => {
      const [row] = await real.database.query<[{ count: string }]>('select count(*) from result');
      return Number(row.count);
    };

    it('are refused when another thing is signed as the same version, and overwrite nothing', async () => {
      await receiveCopies(real.unit, [message([genuine])]);
      expect(await receiveCopies(real.unit, [message([otherContent])])).toEqual([conflict('version-conflict', 'v1')]);
      expect((await tables()).newest[0]!.token).toBe(genuine);
      expect(await eventIds()).toEqual([`${IDS[0]}:1:result.received`]);
    });

    it('are refused against the history too', async () => {
      await receiveCopies(real.unit, [messageOf(VERSIONS.filter(({ result }) => result === 0))]);
      expect(await receiveCopies(real.unit, [message([otherContent])])).toEqual([conflict('version-conflict', 'v1')]);
      expect(await tables()).toEqual(expected(VERSIONS.filter(({ result }) => result === 0)));
    });

    it('are refused against what stands before them in the same batch; its company is taken', async () => {
      const verdicts = await receiveCopies(real.unit, [
        message([genuine]),
        message([otherContent, tokens.get(VERSIONS[2]!)!]),
      ]);
      expect(verdicts).toEqual([
        { verdict: 'done' },
        expect.objectContaining({ detail: expect.stringContaining('1 of 2 copies refused: version-conflict') }),
      ]);
      expect(await receipts()).toBe(2);
    });

    it('are refused when another unit takes an id that is not its own, with whatever version', async () => {
      await receiveCopies(real.unit, [message([genuine])]);
      const taken = tokenOf(JL, { ...claims, version: 99, status: 'revoked' });
      expect(await receiveCopies(real.unit, [message([taken], 'copies.jl.border')])).toEqual([
        conflict('wrong-issuer', 'v99'),
      ]);
      expect(await tables()).toEqual(expected([VERSIONS[0]!]));
    });

    it('are not those from which other fields were taken out: the first view stays', async () => {
      const verified = verifyToken(genuine, ringOf(LN));
      if (!verified.ok) throw new Error(verified.detail);
      const redacted = redactToken(verified.result, ['/containers']).token;
      await receiveCopies(real.unit, [message([redacted])]);
      expect(await receiveCopies(real.unit, [message([genuine], undefined, '2026.12-1')])).toEqual(done(1));
      expect((await tables()).newest).toMatchObject([{ token: redacted, container: null }]);
    });
  });
});
