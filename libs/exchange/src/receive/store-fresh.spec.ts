import { v7 as uuidv7 } from 'uuid';
import type { ResultStatus } from '@clearance/contracts';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { newSigner, tokenOf } from '../signers.fixture.ts';
import { receiveCopies } from './receive-copies.ts';

const LN = newSigner('ln.customs');

interface Copy {
  resultId: string;
  version: number;
  container: string;
}

describe('copies of results that are not known yet', () => {
  let real: RealUnit;
  beforeAll(async () => {
    real = await openRealUnit('hl.customs', [LN]);
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);
  beforeEach(() => real.empty());

  const copyOf = (number: number, changes: Partial<Copy> = {}): Copy => ({
    resultId: uuidv7(),
    version: 1,
    container: `COSU${String(number).padStart(7, '0')}`,
    ...changes,
  });
  const tokens = new Map<Copy, string>();
  const tokenFor = (copy: Copy): string => {
    const status: ResultStatus = copy.version === 1 ? 'issued' : 'amended';
    const content = { reference: 'R-1', kind: 'customs.scan', containers: [{ number: copy.container }] };
    const token = tokens.get(copy) ?? tokenOf(LN, { resultId: copy.resultId, version: copy.version, status }, content);
    tokens.set(copy, token);
    return token;
  };
  const receive = async (copies: readonly Copy[], unit = real.unit): Promise<void> => {
    const body = { listVersion: '1', copies: copies.map((copy) => ({ token: tokenFor(copy), withheld: [] })) };
    const data = Buffer.from(JSON.stringify(body));
    expect(await receiveCopies(unit, [{ subject: 'copies.ln.customs', data }])).toEqual([{ verdict: 'done' }]);
  };
  const stored = async (): Promise<string[]> => {
    const rows: { name: string }[] = await real.database.query(
      `select r.result_id || ':' || r.version || ':' || c.container || ':' || r.token as name
       from result r join result_container c using (result_id) order by name`,
    );
    return rows.map(({ name }) => name);
  };
  const nameOf = (copy: Copy): string => `${copy.resultId}:${copy.version}:${copy.container}:${tokenFor(copy)}`;
  const eventsKept = async (): Promise<string[]> => {
    const rows: { id: string }[] = await real.database.query(
      `select each->>'eventId' as id from event_outbox, json_array_elements(events::json) each`,
    );
    return rows.map(({ id }) => id).sort();
  };

  it.each([1, 2, 3, 7, 64, 65, 130])(
    '%i of them are all stored, each with its containers and one event in the outbox and in memory',
    async (count) => {
      const copies = Array.from({ length: count }, (_, index) => copyOf(index));
      await receive(copies);
      expect(await stored()).toEqual(copies.map(nameOf).sort());
      const ids = copies.map(({ resultId }) => `${resultId}:1:result.received`).sort();
      expect(await eventsKept()).toEqual(ids);
      expect(real.told.map(({ eventId }) => eventId).sort()).toEqual(ids);
    },
  );

  it('are stored beside known ones, which change nothing and are told of no more', async () => {
    const known = [copyOf(1), copyOf(2)];
    await receive(known);
    const fresh = Array.from({ length: 40 }, (_, index) => copyOf(100 + index));
    await receive([...fresh.slice(0, 20), ...known, ...fresh.slice(20)]);
    expect(await stored()).toEqual([...known, ...fresh].map(nameOf).sort());
    expect(await eventsKept()).toHaveLength(42);
    expect(real.told).toHaveLength(42);
  });

  it('are told of as what they are when an older version of them never came, or comes later', async () => {
    const newest = copyOf(1, { version: 3 });
    const older = copyOf(1, { resultId: newest.resultId, version: 2 });
    await receive([newest]);
    await receive([older]);
    expect(await stored()).toEqual([nameOf(newest)]);
    expect(await eventsKept()).toEqual([`${newest.resultId}:3:result.amended`]);
    expect(await real.database.query('select version from result_history')).toEqual([{ version: 2 }]);
  });

  it('two versions of one result in one message leave the newer one, and the older one in its history', async () => {
    const newest = copyOf(1, { version: 2 });
    await receive([newest, copyOf(1, { resultId: newest.resultId, version: 1 }), copyOf(2)]);
    expect(await eventsKept()).toContain(`${newest.resultId}:2:result.amended`);
    expect(await real.database.query('select version from result_history')).toEqual([{ version: 1 }]);
  });

  it('that come to two processes at once are stored once, and told of once', async () => {
    const second = await real.anotherProcess();
    for (let round = 0; round < 10; round += 1) {
      await real.empty();
      const copies = Array.from({ length: 30 }, (_, index) => copyOf(index));
      await Promise.all([receive(copies), receive([...copies].reverse(), second)]);
      expect(await stored()).toEqual(copies.map(nameOf).sort());
      expect(await eventsKept()).toEqual(copies.map(({ resultId }) => `${resultId}:1:result.received`).sort());
    }
  }, 60_000);
});
