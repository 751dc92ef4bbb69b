import { createServer } from 'node:net';
import { connect } from '@nats-io/transport-node';
import fc from 'fast-check';
import pg from 'pg';
import { testServers } from '@clearance/testing';
import { openDatabase, type DataSource } from './database.ts';
import { backoff, isTransient, NotReadyError, pause, untilDone } from './faults.ts';
import { ownDatabase, type OwnDatabase } from './real-database.fixture.ts';

/** A port on which nobody listens now. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const faultOf = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => {
      throw new Error('there was to be a fault');
    },
    (error: unknown) => error,
  );

describe('isTransient', () => {
  let own: OwnDatabase;
  let source: DataSource;
  const nats = () => connect({ servers: testServers().natsUrl, timeout: 2_000 });
  const openAt = (url: string) => openDatabase({ url, migrations: [], applicationName: 'faults.spec', poolSize: 4 });

  beforeAll(async () => {
    own = await ownDatabase();
    source = await openAt(own.url);
    await source.query('create table rows (id int primary key, n int)');
    await source.query('insert into rows values (1, 0), (2, 0)');
  }, 30_000);
  afterAll(async () => {
    await source?.destroy();
    await own?.drop();
  });

  /** Two transactions that both read and write the same row. */
  const conflict = (level: 'SERIALIZABLE' | 'REPEATABLE READ'): Promise<unknown> =>
    source.transaction(level, async (first) => {
      await first.query('select n from rows where id = 1');
      await source.transaction(level, (second) => second.query('update rows set n = n + 1 where id = 1'));
      await first.query('update rows set n = n + 1 where id = 1');
    });

  /** Each holds what the other wants. */
  const deadlock = async (): Promise<unknown> => {
    let held = 0;
    let bothHold: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (bothHold = resolve));
    const one = (mine: number, other: number): Promise<unknown> =>
      source.transaction(async (manager) => {
        await manager.query(`update rows set n = 0 where id = ${mine}`);
        if ((held += 1) === 2) bothHold();
        await both;
        await manager.query(`update rows set n = 0 where id = ${other}`);
      });
    const outcomes = await Promise.allSettled([one(1, 2), one(2, 1)]);
    throw (outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason;
  };

  const closing = async (how: 'close' | 'drain'): Promise<unknown> => {
    const connection = await nats();
    if (how === 'close') await connection.close();
    else void connection.drain();
    try {
      return await connection.request('t.anything', '', { timeout: 500 });
    } finally {
      await connection.closed();
    }
  };

  const asking = async (listening: boolean): Promise<unknown> => {
    const connection = await nats();
    if (listening) connection.subscribe('t.faults-deaf', { callback: () => undefined });
    try {
      return await connection.request('t.faults-deaf', '', { timeout: 200 });
    } finally {
      await connection.close();
    }
  };

  /** A pg client after its server has gone, asked again. */
  const asked = async (): Promise<unknown> => {
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', () => undefined);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await own.asAdministrator(`select pg_terminate_backend(${rows[0]!.pid})`);
    await ended;
    return client.query('select 1');
  };

  it.each<[string, () => Promise<unknown>]>([
    ['PostgreSQL refuses connections', async () => openAt(`postgres://u:p@127.0.0.1:${await closedPort()}/d`)],
    ['its host does not exist', () => openAt('postgres://u:p@no-such-host.invalid:5432/d')],
    ['NATS refuses connections', async () => connect({ servers: `127.0.0.1:${await closedPort()}` })],
    ['a backend is terminated at work', () => source.query('select pg_terminate_backend(pg_backend_pid())')],
    ['a backend was terminated before', asked],
    ['two transactions cannot be serialised', () => conflict('SERIALIZABLE')],
    ['a row was changed meanwhile', () => conflict('REPEATABLE READ')],
    ['transactions deadlock', deadlock],
    [
      'a lock is not free',
      () =>
        source.transaction(async (manager) => {
          await manager.query('select * from rows for update');
          await source.query('select * from rows for update nowait');
        }),
    ],
    ['nobody answers on a subject', () => asking(false)],
    ['an answer does not come in time', () => asking(true)],
    ['the NATS connection is closed', () => closing('close')],
    ['the NATS connection drains', () => closing('drain')],
    ['something is not ready', () => Promise.reject(new NotReadyError('no list yet'))],
    [
      'one of several attempts was refused',
      () => Promise.reject(new AggregateError([new Error('x'), new NotReadyError('y')])),
    ],
  ])(
    'yes: %s',
    async (_what, work) => {
      const fault = await faultOf(work);
      expect([String(fault), isTransient(fault)]).toEqual([expect.any(String), true]);
    },
    20_000,
  );

  it.each<[string, () => Promise<unknown>]>([
    ['a row exists already', () => source.query('insert into rows values (1, 1)')],
    ['a statement is malformed', () => source.query('selec 1')],
    ['a table is missing', () => source.query('select * from nothing')],
    ['a value is malformed', () => source.query('select $1::int', ['E12345678'])],
    ['a password is wrong', () => openAt(own.url.replace(/:[^:@/]*@/, ':wrong@'))],
    ['a database does not exist', () => openAt(own.url.replace(/\/t_\w+/, '/t_nothing'))],
    ['JSON is malformed', async () => JSON.parse('{') as unknown],
    ['the program is wrong', async () => (undefined as unknown as { x: number }).x],
    ['attempts all failed for good', () => Promise.reject(new AggregateError([new Error('x')]))],
    ['a text was thrown', () => Promise.reject('timeout')],
    ['nothing was thrown', () => Promise.reject(undefined)],
  ])('no: %s', async (_what, work) => {
    const fault = await faultOf(work);
    expect([String(fault), isTransient(fault)]).toEqual([expect.any(String), false]);
  });
});

describe('backoff', () => {
  it('doubles up to its limit, within a quarter either way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 1_000 }), (attempt, base) => {
        const ideal = Math.min(15_000, base * 2 ** attempt);
        const wait = backoff(attempt, base, 15_000);
        expect(wait).toBeGreaterThanOrEqual(Math.floor(ideal * 0.75));
        expect(wait).toBeLessThanOrEqual(Math.ceil(ideal * 1.25));
      }),
    );
  });
});

describe('pause and untilDone', () => {
  it('ends early and without an error when aborted, also beforehand', async () => {
    const stopping = new AbortController();
    const paused = pause(3_600_000, stopping.signal);
    stopping.abort();
    await expect(paused).resolves.toBeUndefined();
    await expect(pause(3_600_000, stopping.signal)).resolves.toBeUndefined();
  });

  it('repeats until the work succeeds, and reports each failure', async () => {
    const reported: [unknown, number][] = [];
    let calls = 0;
    const value = await untilDone(
      async () => {
        calls += 1;
        if (calls < 4) throw new Error(`failure ${calls}`);
        return 'done';
      },
      {
        signal: new AbortController().signal,
        report: (error, attempt) => reported.push([String(error), attempt]),
        base: 1,
      },
    );
    expect(value).toBe('done');
    expect(reported).toEqual([1, 2, 3].map((call) => [`Error: failure ${call}`, call - 1]));
  });

  it('gives up when it is told to stop, between attempts or before the first', async () => {
    const stopping = new AbortController();
    let calls = 0;
    const work = async (): Promise<never> => {
      calls += 1;
      throw new Error('away');
    };
    const options = { signal: stopping.signal, report: () => stopping.abort(), base: 3_600_000 };
    await expect(untilDone(work, options)).rejects.toThrow();
    await expect(untilDone(work, options)).rejects.toThrow();
    expect(calls).toBe(1);
  });
});
