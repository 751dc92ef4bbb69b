import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import type { UnitId } from '@clearance/contracts';
import type { Received, Verdict } from '@clearance/messaging';
import { type KeyRing, redactToken, tokenDigest, type VerifiedToken, verifyToken } from '@clearance/provenance';
import { takeDueEvents } from '../announce/take-due-events.ts';
import { findResults } from '../find/find-results.ts';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { newSigner, ringOf, tokenOf } from '../signers.fixture.ts';
import { receiveCopies } from './receive-copies.ts';

const UNIT: UnitId = 'hl.customs';
const LN = newSigner('ln.customs');
const RING: KeyRing = ringOf(LN);
const ID = uuidv7();
/** One of each version. */
const CONTAINERS = ['CSQU3054383', 'MSKU6011672'];
const SECRET = '某远洋渔业公司';

/** Two versions of a result; what may be seen of either changes with the lists. */
const versions = [1, 2].map((version): VerifiedToken => {
  const content = {
    reference: 'R-1',
    kind: 'customs.scan',
    declarationNumber: '090220261000000123',
    containers: [{ number: CONTAINERS[version - 1]! }],
    consignee: { name: SECRET },
  };
  const claims = { resultId: ID, version, status: version === 1 ? ('issued' as const) : ('amended' as const) };
  const verification = verifyToken(tokenOf(LN, claims, content), RING);
  if (!verification.ok) throw new Error(verification.code);
  return verification.result;
});
/** What each view lacks, by its number: the first shows all, the next ones what each list allows. */
const LACKING = [[], ['/consignee'], ['/consignee', '/containers', '/declarationNumber'], ['/containers']];
interface ViewOf {
  version: number;
  number: number;
}
const tokenOfView = ({ version, number }: ViewOf): string => {
  const pointers = LACKING[number]!;
  const whole = versions[version - 1]!;
  return pointers.length === 0 ? whole.token : redactToken(whole, pointers).token;
};
const withheldOf = ({ number }: ViewOf) =>
  LACKING[number]!.map((path) => ({ path, entry: `NL-${number}`, legalBasis: '《海关法》', access: 'none' }));
const messageOf = (views: readonly ViewOf[]): Received => ({
  subject: 'copies.ln.customs',
  data: Buffer.from(
    JSON.stringify({
      listVersion: '2026.11-1',
      copies: views.map((view) => ({
        token: tokenOfView(view),
        withheld: withheldOf(view),
        ...(view.number === 0 ? {} : { view: view.number }),
      })),
    }),
  ),
});
const ALL: ViewOf[] = [1, 2].flatMap((version) => LACKING.map((_, number) => ({ version, number })));

let real: RealUnit;
/** Receipts as they were returned. */
const receipts: { version: number; tokenDigest: string }[] = [];
beforeAll(async () => {
  real = await openRealUnit(UNIT, [LN]);
  const { publisher } = real.unit;
  real.unit = {
    ...real.unit,
    publisher: {
      ...publisher,
      publishAll: (messages, timeoutMs) => {
        for (const { body } of messages) receipts.push(...(JSON.parse(String(body)) as { receipts: [] }).receipts);
        return publisher.publishAll(messages, timeoutMs);
      },
    },
  };
}, 120_000);
afterAll(() => real?.cleanup(), 60_000);
beforeEach(async () => {
  await real.empty();
  real.told.length = 0;
  receipts.length = 0;
});

const receive = (...views: ViewOf[]): Promise<Verdict[]> => receiveCopies(real.unit, [messageOf(views)]);
const find = async (request: object) => {
  const found = await findResults(real.unit, request);
  if (!found.ok) throw new Error(JSON.stringify(found.problem));
  return found.value.results;
};
const told = (): string[] => real.told.map(({ type, eventId }) => `${type} ${eventId.slice(ID.length + 1)}`);
/** Everything that the unit's tables hold, as text. */
async function everything(): Promise<string> {
  const tables = ['result', 'result_container', 'result_history', 'event_outbox', 'recognition'];
  const rows = await Promise.all(
    tables.map((table) => real.database.query<object[]>(`select to_json(t)::text as row from ${table} t`)),
  );
  return JSON.stringify(rows);
}
/** Whether a token still carries the disclosure of a value: base64url of its JSON, wherever it begins. */
const carries = (text: string, value: string): boolean =>
  text.split(/[~"\\]/).some((part) => Buffer.from(part, 'base64url').toString().includes(value));

describe('a view that takes the place of another', () => {
  it('restricts: content, index and every other table lose the values, and the backend is told', async () => {
    await receive({ version: 1, number: 0 });
    expect(await find({ container: 'CSQU3054383' })).toHaveLength(1);
    await receive({ version: 1, number: 2 });
    expect(await find({ container: 'CSQU3054383' })).toEqual([]);
    expect(await find({ declarationNumber: '090220261000000123' })).toEqual([]);
    const [view, ...more] = await find({ resultId: ID });
    expect(more).toEqual([]);
    expect(view).toMatchObject({
      version: 1,
      content: { reference: 'R-1', kind: 'customs.scan' },
      withheld: withheldOf({ version: 1, number: 2 }),
      signature: { verified: true, token: tokenOfView({ version: 1, number: 2 }) },
    });
    expect(told()).toEqual(['result.received 1:result.received', 'result.restricted 1:result.restricted:2']);
    expect(JSON.parse(String(real.told[1]!.body instanceof Uint8Array ? Buffer.from(real.told[1]!.body) : ''))).toEqual(
      view,
    );
    const left = await everything();
    for (const value of [SECRET, 'CSQU3054383', '090220261000000123']) {
      expect(left).not.toContain(value);
      expect(carries(left, value)).toBe(false);
    }
    // It proves it: the receipt names the token that is held from now on.
    expect(receipts.at(-1)).toMatchObject({
      version: 1,
      tokenDigest: tokenDigest(tokenOfView({ version: 1, number: 2 })),
    });
  });

  it('extends when nothing is gone, and a mixture of both restricts', async () => {
    await receive({ version: 1, number: 2 });
    await receive({ version: 1, number: 3 });
    expect(told()).toEqual(['result.received 1:result.received', 'result.extended 1:result.extended:3']);
    expect(await find({ declarationNumber: '090220261000000123' })).toHaveLength(1);
    await real.empty();
    real.told.length = 0;
    await receive({ version: 1, number: 1 });
    await receive({ version: 1, number: 3 });
    expect(told().at(-1)).toBe('result.restricted 1:result.restricted:3');
  });

  it('is found again by whoever reads on from a cursor', async () => {
    await receive({ version: 1, number: 0 });
    const place = async (): Promise<number> => {
      const [row] = await real.database.query<[{ sequence: string }]>('select sequence from result');
      return Number(row.sequence);
    };
    const before = await place();
    await receive({ version: 1, number: 1 });
    expect(await place()).toBeGreaterThan(before);
  });

  it('of an older version changes the history, and tells of it', async () => {
    await receive({ version: 1, number: 0 });
    await receive({ version: 2, number: 0 });
    await receive({ version: 1, number: 2 });
    const [row] = await real.database.query<[{ token: string }]>('select token from result_history');
    expect(row.token).toBe(tokenOfView({ version: 1, number: 2 }));
    expect((await find({ container: 'MSKU6011672' }))[0]).toMatchObject({ version: 2 });
    expect(told().at(-1)).toBe('result.restricted 1:result.restricted:2');
  });

  it('is what a backend that was not told yet is told of', async () => {
    await receive({ version: 1, number: 0 });
    await receive({ version: 1, number: 2 });
    await real.database.query(`update event_outbox set next_attempt_at = now()`);
    const batches = await takeDueEvents(real.unit, 100);
    const events = batches.flatMap((batch) => batch.events);
    expect(events.map(({ type }) => type).sort()).toEqual(['result.received', 'result.restricted']);
    for (const { body } of events) expect(String(body)).not.toContain(SECRET);
  });

  it('signed by another is none: it must be the very result', async () => {
    await receive({ version: 1, number: 0 });
    const other = tokenOf(
      LN,
      { resultId: ID, version: 1, status: 'issued' },
      { reference: 'R-2', kind: 'customs.scan' },
    );
    const data = Buffer.from(JSON.stringify({ listVersion: '2', copies: [{ token: other, withheld: [], view: 9 }] }));
    const verdicts = await receiveCopies(real.unit, [{ subject: 'copies.ln.customs', data }]);
    expect(verdicts).toMatchObject([{ verdict: 'poison', detail: expect.stringContaining('version-conflict') }]);
    expect((await find({ resultId: ID }))[0]!.signature.token).toBe(tokenOfView({ version: 1, number: 0 }));
  });

  it('ends as the highest one, whatever came first, together or twice; every receipt says what is held', async () => {
    const order = fc
      .tuple(
        fc.shuffledSubarray(ALL, { minLength: 3 }),
        fc.array(fc.constantFrom(...ALL), { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      )
      .map(([some, again, sizes]) => {
        const all = [...some, ...again];
        const groups: ViewOf[][] = [];
        for (let turn = 0; all.length > 0; turn += 1) groups.push(all.splice(0, sizes[turn % sizes.length]!));
        return groups;
      });
    await fc.assert(
      fc.asyncProperty(order, async (groups) => {
        await real.empty();
        for (const group of groups) {
          receipts.length = 0;
          expect(await receive(...group)).toEqual([{ verdict: 'done' }]);
          const rows = await real.database.query<{ version: number; token: string }[]>(
            'select version, token from result union all select version, token from result_history',
          );
          const held = new Map(rows.map(({ version, token }) => [version, tokenDigest(token)]));
          for (const receipt of receipts) expect(receipt.tokenDigest).toBe(held.get(receipt.version));
        }
        const came = groups.flat();
        const highest = [1, 2].flatMap((version) => {
          const numbers = came.filter((view) => view.version === version).map(({ number }) => number);
          return numbers.length === 0 ? [] : [{ version, number: Math.max(...numbers) }];
        });
        const rows = await real.database.query<{ token: string }[]>(
          'select token, version from result union all select token, version from result_history order by version',
        );
        expect(rows.map(({ token }) => token)).toEqual(highest.map(tokenOfView));
      }),
      { numRuns: 40 },
    );
  });
});
