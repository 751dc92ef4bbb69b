import { pino } from 'pino';
import type { HeadsMessage, SignedHead, UnitId } from '@clearance/contracts';
import { verifyChain, verifyHead } from '@clearance/provenance';
import type { Outgoing } from '@clearance/messaging';
import type { Gateway } from '../gateway.ts';
import { appendLedger } from './append-ledger.ts';
import {
  disclosure,
  GATEWAY_KEY,
  GATEWAY_RING,
  ledgerDatabase,
  type LedgerDatabase,
} from './ledger-database.fixture.ts';
import { giveHeads, keepSigningHeads, signNextHead, type Signing } from './sign-heads.ts';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');
let own: LedgerDatabase;
beforeAll(async () => {
  own = await ledgerDatabase();
}, 60_000);
afterAll(() => own?.drop(), 60_000);
beforeEach(() => own.empty());

const append = (...numbers: number[]): Promise<void> =>
  own.database.transaction((transaction) =>
    appendLedger(
      transaction,
      numbers.map((number) => disclosure(number)),
    ),
  );
const sign = (known?: SignedHead, now = NOW): Promise<Signing> => signNextHead(own.database, GATEWAY_KEY, known, now);
async function signed(known?: SignedHead, now = NOW): Promise<SignedHead> {
  const signing = await sign(known, now);
  if (signing.outcome !== 'signed') throw new Error(signing.outcome);
  return signing.head;
}
const stored = async (): Promise<SignedHead[]> =>
  (await own.database.query('select statement from signed_head order by sequence')).map(
    ({ statement }: { statement: string }) => JSON.parse(statement),
  );

describe('the head of the ledger', () => {
  it('is signed when it has moved, and only then', async () => {
    expect(await sign()).toMatchObject({ outcome: 'unmoved' });
    await append(1, 2);
    const first = await signed();
    expect([first.sequence, verifyHead(first, GATEWAY_RING)]).toEqual([2, { ok: true, keyId: 'gateway/1' }]);
    expect(await sign(first)).toEqual({ outcome: 'unmoved', last: first });
    await append(3);
    const second = await signed(first);
    const rows: { entry: string; hash: string }[] = await own.database.query(
      'select entry, hash from ledger order by sequence',
    );
    const chain = rows.map(({ entry, hash }) => ({ row: JSON.parse(entry) as object, hash }));
    expect(verifyChain(chain)).toEqual({ ok: true, head: second.hash });
    expect(await stored()).toEqual([first, second]);
  });

  it('has a later time each time, whatever the clock of the gateway that signs', async () => {
    await append(1);
    const first = await signed();
    await append(2);
    const second = await signed(undefined, NOW - 3_600_000);
    expect([first.at, second.at]).toEqual(['2026-11-21T08:00:00.000Z', '2026-11-21T08:00:00.001Z']);
  });

  it('is signed by one gateway at a time', async () => {
    await append(1);
    const runner = own.database.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query('select pg_advisory_xact_lock($1)', [0x68656164]);
      expect(await sign()).toMatchObject({ outcome: 'unmoved' });
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    const outcomes = await Promise.all([sign(), sign(), sign()]);
    expect(outcomes.filter(({ outcome }) => outcome === 'signed')).toHaveLength(1);
    expect(await stored()).toHaveLength(1);
  });

  it.each([
    ['a row that was signed has another hash', [`update ledger set hash = repeat('0', 64) where sequence = 2`]],
    ['a row that was signed is gone', ['delete from ledger where sequence = 2']],
    [
      'the end was moved back',
      [
        'delete from ledger where sequence = 2',
        `update ledger_head set sequence = 1, hash = (select hash from ledger where sequence = 1)`,
      ],
    ],
  ])('is not signed when %s', async (_what, statements) => {
    await append(1, 2);
    await signed();
    await own.tamper(...statements);
    expect(await sign()).toEqual({ outcome: 'contradicted', sequence: 2 });
    expect(await stored()).toHaveLength(1);
  });

  it('is not signed by a process that has seen another one, though the table was cleaned', async () => {
    await append(1, 2);
    const seen = await signed();
    await own.empty();
    await append(7, 8, 9);
    expect(await sign(seen)).toEqual({ outcome: 'contradicted', sequence: 2 });
    // Who has seen nothing cannot know: that is what the units keep heads for.
    expect(await sign()).toMatchObject({ outcome: 'signed' });
  });

  it.each(['update signed_head set statement = statement', 'delete from signed_head', 'truncate signed_head'])(
    'once signed is not changed: %s',
    async (statement) => {
      await append(1);
      await signed();
      await expect(own.database.query(statement)).rejects.toThrow('the ledger is only ever added to');
    },
  );
});

const UNITS: UnitId[] = ['ln.customs', 'jl.border'];
interface Post {
  gateway: Gateway;
  /** Sequences of the heads given, by unit. */
  given: Map<UnitId, number[][]>;
  away: Set<UnitId>;
  at: (ms: number) => void;
}
function post(): Post {
  const given = new Map<UnitId, number[][]>(UNITS.map((unit) => [unit, []]));
  const away = new Set<UnitId>();
  let now = NOW;
  const gateway = {
    consumers: UNITS,
    database: own.database,
    log: pino({ level: 'silent' }),
    now: () => now,
    publisherTo: (unit: UnitId) => ({
      publishAll: async ([message]: readonly Outgoing[]) => {
        if (away.has(unit)) throw new Error('away');
        expect(message!.subject).toBe('heads');
        const { heads } = JSON.parse(message!.body as string) as HeadsMessage;
        given.get(unit)!.push(heads.map(({ sequence }) => sequence));
      },
      close: () => undefined,
    }),
  } as unknown as Gateway;
  return { gateway, given, away, at: (ms) => (now = NOW + ms) };
}

describe('units are given', () => {
  it('every head once; what one has missed, later; the newest again after ten minutes', async () => {
    const { gateway, given, away, at } = post();
    const known = new Map();
    const next = async (number: number): Promise<void> => {
      await append(number);
      await signed();
      await giveHeads(gateway, known);
    };
    await giveHeads(gateway, known);
    await next(1);
    await giveHeads(gateway, known);
    away.add('jl.border');
    await next(2);
    await next(3);
    expect(given.get('ln.customs')).toEqual([[1], [2], [3]]);
    expect(given.get('jl.border')).toEqual([[1]]);
    away.clear();
    await giveHeads(gateway, known);
    expect(given.get('jl.border')).toEqual([[1], [2, 3]]);
    at(600_000);
    await giveHeads(gateway, known);
    expect(given.get('ln.customs')).toEqual([[1], [2], [3], [3]]);
  });

  it('by a gateway that starts, the newest head', async () => {
    await append(1);
    await signed();
    await append(2);
    await signed();
    const { gateway, given } = post();
    await giveHeads(gateway, new Map());
    expect(given.get('jl.border')).toEqual([[2]]);
  });

  it('heads as they come, until the gateway stops', async () => {
    const { gateway, given } = post();
    const keeping = keepSigningHeads(gateway, () => GATEWAY_KEY, 20);
    try {
      await append(1);
      while ((given.get('ln.customs') ?? []).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      await keeping.stop();
    }
    expect(given.get('ln.customs')).toEqual([[1]]);
  });
});
