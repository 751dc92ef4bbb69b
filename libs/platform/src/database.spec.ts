import fc from 'fast-check';
import { insertRows, openDatabase, placeholders, type DataSource, type QueryRunner } from './database.ts';
import { isTransient } from './faults.ts';
import { ownDatabase, runProgram, sourceUrl, type OwnDatabase } from './real-database.fixture.ts';

class CreateNumbers1763700000000 {
  readonly name = 'CreateNumbers1763700000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table numbers (id int primary key, text text, tags text[], at timestamptz, yes bool)');
    await runner.query('create table wide (a int, b int, c int, d int, e int, f int, g int, h int, i int, j int)');
  }
  async down(): Promise<void> {}
}

describe('the database', () => {
  let own: OwnDatabase;
  let source: DataSource;
  const open = (poolSize = 4): Promise<DataSource> =>
    openDatabase({
      url: own.url,
      migrations: [CreateNumbers1763700000000],
      applicationName: 'database.spec',
      poolSize,
    });
  const terminate = (): Promise<unknown[]> =>
    own.asAdministrator(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'database.spec' and pid <> pg_backend_pid()",
    );

  beforeAll(async () => {
    own = await ownDatabase();
    source = await open();
  }, 30_000);
  beforeEach(() => source.query('truncate numbers, wide'));
  afterAll(async () => {
    await source?.destroy();
    await own?.drop();
  });

  describe('placeholders', () => {
    it.each<[number, number, string[] | undefined, string]>([
      [0, 3, undefined, ''],
      [1, 1, undefined, '($1)'],
      [2, 2, undefined, '($1,$2),($3,$4)'],
      [2, 2, ['uuid', ''], '($1::uuid,$2),($3::uuid,$4)'],
    ])('%i rows of %i', (rows, width, casts, expected) => {
      expect(placeholders(rows, width, casts)).toBe(expected);
    });

    it('numbers every cell once, in reading order', () => {
      const size = fc.integer({ min: 1, max: 40 });
      fc.assert(
        fc.property(size, size, (rows, width) => {
          const numbers = placeholders(rows, width).match(/\d+/g)!.map(Number);
          expect(numbers).toEqual(Array.from({ length: rows * width }, (_, index) => index + 1));
        }),
      );
    });
  });

  describe('insertRows', () => {
    it('writes more values than one statement can carry', async () => {
      const rows = Array.from({ length: 10_000 }, (_, row) =>
        Array.from({ length: 10 }, (_, column) => row * 10 + column),
      );
      await source.transaction((manager) => insertRows(manager, 'wide (a,b,c,d,e,f,g,h,i,j)', rows));
      const [sums] = (await source.query(
        'select count(*)::int as rows, sum(a)::text as a, sum(j)::text as j from wide',
      )) as unknown[];
      expect(sums).toEqual({ rows: 10_000, a: '499950000', j: '500040000' });
    });

    it('gives what `returning` gave of every statement, in order', async () => {
      const rows = Array.from({ length: 2_500 }, (_, id) => [id, `t${id}`]);
      const returned = await insertRows<{ id: number }>(source.manager, 'numbers (id, text)', rows, 'returning id');
      expect(returned.map(({ id }) => id)).toEqual(rows.map(([id]) => id));
    });

    it('obeys a conflict clause', async () => {
      await insertRows(source.manager, 'numbers (id, text)', [[1, 'first']]);
      const rows = [
        [1, 'second'],
        [2, 'new'],
      ];
      const returned = await insertRows(
        source.manager,
        'numbers (id, text)',
        rows,
        'on conflict do nothing returning id',
      );
      expect(returned).toEqual([{ id: 2 }]);
    });

    it('carries every kind of value unchanged, quotes and arrays too', async () => {
      const at = new Date('2026-11-21T03:10:00.000Z');
      const row = [1, "'); drop table numbers; -- 冻鳕鱼", ['a,b', '"c"', ''], at, true];
      await insertRows(source.manager, 'numbers (id, text, tags, at, yes)', [row, [2, null, [], null, null]]);
      const read = (await source.query('select * from numbers order by id')) as Record<string, unknown>[];
      expect(read.map((one) => [one['id'], one['text'], one['tags'], one['at'], one['yes']])).toEqual([
        [1, row[1], row[2], expect.anything(), true],
        [2, null, [], null, null],
      ]);
      expect((read[0]!['at'] as Date).toISOString()).toBe(at.toISOString());
    });

    it('does nothing without rows, and gives nothing without `returning`', async () => {
      expect(await insertRows(source.manager, 'no_such_table', [])).toEqual([]);
      expect(await insertRows(source.manager, 'numbers (id)', [[7]])).toEqual([]);
    });

    it('writes all or nothing in a transaction, also across statements', async () => {
      const rows = Array.from({ length: 1_500 }, (_, id) => [id % 1_400]);
      await expect(source.transaction((manager) => insertRows(manager, 'numbers (id)', rows))).rejects.toThrow(
        /duplicate/,
      );
      expect(await source.query('select count(*)::int as rows from numbers')).toEqual([{ rows: 0 }]);
    });
  });

  describe('openDatabase', () => {
    it('lets processes that start together migrate one after the other', async () => {
      const fresh = await ownDatabase();
      try {
        const program = `
          import { openDatabase } from ${JSON.stringify(sourceUrl('database.ts'))};
          class Once1763700000001 {
            name = 'Once1763700000001';
            async up(runner) {
              await runner.query('create table once (id int)');
              await runner.query('select pg_sleep(0.5)');
              await runner.query('insert into once values (1)');
            }
          }
          const source = await openDatabase({ url: ${JSON.stringify(fresh.url)}, migrations: [Once1763700000001], applicationName: 'x', poolSize: 2 });
          await source.destroy();
        `;
        const ended = await Promise.all([1, 2, 3].map(() => runProgram(program).ended));
        expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([1, 2, 3].map(() => [0, '']));
        expect(await fresh.asAdministrator('select id from once')).toEqual([{ id: 1 }]);
        expect(await fresh.asAdministrator('select name from migrations')).toEqual([{ name: 'Once1763700000001' }]);
        const locks =
          "select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())";
        expect(await fresh.asAdministrator(locks)).toEqual([]);
      } finally {
        await fresh.drop();
      }
    }, 60_000);

    it('opens with a pool of one connection', async () => {
      const single = await open(1);
      expect(await single.query('select 1 as one')).toEqual([{ one: 1 }]);
      await single.destroy();
    }, 20_000);

    it('leaves no connection behind when a migration fails', async () => {
      const fresh = await ownDatabase();
      try {
        class Fails1763700000002 {
          readonly name = 'Fails1763700000002';
          up = (runner: QueryRunner): Promise<void> => runner.query('create table from nothing') as Promise<void>;
          down = async (): Promise<void> => undefined;
        }
        const opening = openDatabase({
          url: fresh.url,
          migrations: [Fails1763700000002],
          applicationName: 'fails',
          poolSize: 2,
        });
        await expect(opening).rejects.toThrow(/syntax error/);
        const left = async (): Promise<number> =>
          (await fresh.asAdministrator("select 1 from pg_stat_activity where application_name = 'fails'")).length;
        for (const deadline = Date.now() + 10_000; (await left()) > 0;) {
          if (Date.now() > deadline) throw new Error('connections were left behind');
        }
      } finally {
        await fresh.drop();
      }
    }, 30_000);

    it('survives that the server ends its idle connections', async () => {
      await Promise.all([1, 2, 3].map(() => source.query('select pg_sleep(0.05)')));
      expect((await terminate()).length).toBeGreaterThan(0);
      const answer = async (): Promise<unknown> => source.query('select 1 as one').catch((error: unknown) => error);
      // A connection whose end has not arrived yet may fail once, as a transient fault.
      for (const deadline = Date.now() + 10_000; ;) {
        const got = await answer();
        if (Array.isArray(got)) break;
        expect(isTransient(got)).toBe(true);
        if (Date.now() > deadline) throw new Error('the pool did not recover');
      }
    });

    it('survives it in the middle of a transaction, as a fault worth a retry', async () => {
      const fault: unknown = await source
        .transaction(async (manager) => {
          await insertRows(manager, 'numbers (id)', [[1]]);
          await terminate();
          await insertRows(manager, 'numbers (id)', [[2]]);
        })
        .catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Error);
      expect([(fault as Error).message, isTransient(fault)]).toEqual([expect.any(String), true]);
      expect(await source.query('select count(*)::int as rows from numbers')).toEqual([{ rows: 0 }]);
    });

    it('survives it while a transaction waits for something else', async () => {
      const fault: unknown = await source
        .transaction(async (manager) => {
          await manager.query('insert into numbers (id) values (1)');
          const [own] = (await manager.query('select pg_backend_pid() as pid')) as { pid: number }[];
          await terminate();
          // The end has arrived at this process when the driver has taken the connection from the transaction.
          for (const deadline = Date.now() + 10_000; !manager.queryRunner!.isReleased;) {
            if (Date.now() > deadline) throw new Error(`connection ${own!.pid} is still held`);
            await new Promise(setImmediate);
          }
          await manager.query('insert into numbers (id) values (2)');
        })
        .catch((error: unknown) => error);
      expect([(fault as Error).message, isTransient(fault)]).toEqual([expect.any(String), true]);
      expect(await source.query('select count(*)::int as rows from numbers')).toEqual([{ rows: 0 }]);
    }, 20_000);
  });
});
