import type { NatsConnection } from '@nats-io/transport-node';
import { createPublisher, type Publisher } from './publisher.ts';
import { connectOpen, eventually, gate, keepLines, ownStream, type OwnStream } from './real-broker.fixture.ts';
import { createRelay, type Relay, type RelayOptions } from './relay.ts';

const NEVER_MS = 3_600_000;
const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);

/** An outbox table in memory: what was committed, and what the broker has acknowledged of it. */
interface Outbox {
  commit(items: readonly number[]): void;
  takeDue(limit: number): Promise<number[]>;
  remove(items: readonly number[]): void;
  left(): number[];
  /** How often it was looked through. */
  sweeps(): number;
}

function outbox(): Outbox {
  const due = new Map<number, number>();
  let sweeps = 0;
  return {
    commit: (items) => items.forEach((item) => due.set(item, 0)),
    takeDue: async (limit) => {
      sweeps += 1;
      const now = performance.now();
      const taken = [...due].flatMap(([item, at]) => (at <= now ? [item] : [])).slice(0, limit);
      for (const item of taken) due.set(item, now + 200);
      return taken;
    },
    remove: (items) => items.forEach((item) => due.delete(item)),
    left: () => [...due.keys()],
    sweeps: () => sweeps,
  };
}

describe('createRelay', () => {
  let connection: NatsConnection;
  let publisher: Publisher;
  let own: OwnStream;
  let table: Outbox;
  let batches: number[][];
  let relay: Relay<number> | undefined;
  const { log, lines } = keepLines();

  beforeAll(async () => {
    connection = await connectOpen();
    publisher = createPublisher(connection);
  });
  beforeEach(async () => {
    own = await ownStream(connection);
    table = outbox();
    batches = [];
    lines.length = 0;
  });
  afterEach(() => relay?.stop());
  afterAll(async () => {
    publisher.close();
    await connection.close();
  });

  const publish = async (items: readonly number[]): Promise<void> => {
    batches.push([...items]);
    await publisher.publishAll(
      items.map((item) => ({ subject: own.subject, body: String(item) })),
      2_000,
    );
    table.remove(items);
  };
  const start = (more: Partial<RelayOptions<number>> = {}): Relay<number> => {
    relay = createRelay({
      name: 'offers',
      publish,
      takeDue: table.takeDue,
      maxBatch: 100,
      lingerMs: 5,
      sweepMs: NEVER_MS,
      log,
      ...more,
    });
    return relay;
  };

  it('passes on straight from memory while all is well, in order and in few batches', async () => {
    const running = start();
    await eventually('the table was looked through once', () => table.sweeps() === 1);
    table.commit(numbers(1_000));
    for (const item of numbers(1_000)) running.push([item]);
    await eventually('all is passed on', () => table.left().length === 0);
    expect(table.sweeps()).toBe(1);
    expect(batches.flat()).toEqual(numbers(1_000));
    expect(batches.length).toBeLessThanOrEqual(15);
    expect(Math.max(...batches.map((batch) => batch.length))).toBe(100);
    expect(await own.size()).toBe(1_000);
  });

  it('passes on at its start what an earlier process left behind', async () => {
    table.commit(numbers(250));
    start();
    await eventually('all is passed on', () => table.left().length === 0);
    expect(batches.map((batch) => batch.length)).toEqual([100, 100, 50]);
  });

  it('leaves in the table what could not be published, and the sweep brings it', async () => {
    const running = start({ sweepMs: 100 });
    await own.manager.streams.delete(own.stream);
    table.commit(numbers(10));
    running.push(numbers(10));
    await eventually('a publish has failed', () => lines.some((line) => line.includes('the outbox keeps it')));
    expect(table.left()).toEqual(numbers(10));
    await own.create();
    await eventually('all is passed on', () => table.left().length === 0);
    expect(await own.size()).toBe(10);
    // And memory works again.
    table.commit(numbers(5, 100));
    running.push(numbers(5, 100));
    await eventually('more is passed on', () => table.left().length === 0);
  }, 40_000);

  it('forgets what waited behind a failed publish: it would go out twice', async () => {
    const first = gate();
    const failing = async (items: readonly number[]): Promise<void> => {
      if (items[0] === 0) {
        await first.opened;
        throw new Error('the broker is away');
      }
      await publish(items);
    };
    const running = start({ publish: failing, maxBatch: 10 });
    await eventually('the table was looked through once', () => table.sweeps() === 1);
    table.commit([...numbers(30), 100]);
    running.push(numbers(30));
    first.open();
    await eventually('a publish has failed', () => lines.some((line) => line.includes('the outbox keeps it')));
    running.push([100]);
    await eventually('what came later is passed on', () => !table.left().includes(100));
    expect(batches).toEqual([[100]]);
    expect(table.left()).toEqual(numbers(30));
  });

  it('survives a table that cannot be read', async () => {
    let reads = 0;
    const takeDue = async (limit: number): Promise<number[]> => {
      reads += 1;
      if (reads <= 2) throw new Error('the database is away');
      return table.takeDue(limit);
    };
    table.commit(numbers(3));
    start({ takeDue, sweepMs: 50 });
    await eventually('all is passed on', () => table.left().length === 0);
    expect(lines.filter((line) => line.includes('sweep failed'))).toHaveLength(2);
  });

  it('leaves to the sweep what memory would not hold', async () => {
    const hold = gate();
    const held = async (items: readonly number[]): Promise<void> => {
      await hold.opened;
      await publish(items);
    };
    const running = start({ publish: held, sweepMs: 100 });
    await eventually('the table was looked through once', () => table.sweeps() === 1);
    table.commit(numbers(10_000));
    for (let from = 0; from < 10_000; from += 500) running.push(numbers(500, from));
    hold.open();
    await eventually('all is passed on', () => table.left().length === 0);
    expect(new Set(batches.flat())).toEqual(new Set(numbers(10_000)));
    // Had memory held them all, nobody would have looked into the table again.
    expect(table.sweeps()).toBeGreaterThan(1);
  }, 40_000);

  it('holds 4,096 in memory at most', async () => {
    const hold = gate();
    const held = async (items: readonly number[]): Promise<void> => {
      await hold.opened;
      batches.push([...items]);
    };
    const running = start({ publish: held, maxBatch: 10_000, lingerMs: 0 });
    running.push(numbers(4_097));
    running.push(numbers(4_096));
    running.push([9_999]);
    hold.open();
    await eventually('memory is passed on', () => batches.length > 0);
    await running.stop();
    expect(batches.flat()).toEqual(numbers(4_096));
  });

  it('holds 16 MiB in memory at most', async () => {
    const hold = gate();
    const began = gate();
    const held = async (items: readonly number[]): Promise<void> => {
      began.open();
      await hold.opened;
      batches.push([...items]);
    };
    const running = start({ publish: held, maxBatch: 1, lingerMs: 0, sizeOf: () => 1024 ** 2 });
    running.push([0]);
    await began.opened;
    for (const item of numbers(100, 1)) running.push([item]);
    hold.open();
    await eventually('memory is passed on', () => batches.length === 17);
    // There is room again.
    running.push([200]);
    await eventually('it is passed on', () => batches.length === 18);
    expect(batches.flat()).toEqual([...numbers(17), 200]);
  });

  it('gives back what a sweep took and could not publish', async () => {
    table.commit(numbers(3));
    const given: number[] = [];
    let fail = true;
    const failingOnce = async (items: readonly number[]): Promise<void> => {
      if (fail) {
        fail = false;
        throw new Error('the broker is away');
      }
      await publish(items);
    };
    const giveBack = async (items: readonly number[]): Promise<void> => {
      given.push(...items);
      table.commit(items);
    };
    start({ publish: failingOnce, giveBack, sweepMs: 50 });
    await eventually('all is passed on', () => table.left().length === 0);
    expect(given).toEqual(numbers(3));
  });

  it('finishes what it has in hand when it stops, and begins nothing more', async () => {
    const hold = gate();
    const began = gate();
    const held = async (items: readonly number[]): Promise<void> => {
      began.open();
      await hold.opened;
      await publish(items);
    };
    const running = start({ publish: held, maxBatch: 10 });
    await eventually('the table was looked through once', () => table.sweeps() === 1);
    table.commit(numbers(30));
    running.push(numbers(30));
    await began.opened;
    let stopped = false;
    const stopping = running.stop().then(() => (stopped = true));
    await connection.flush();
    expect(stopped).toBe(false);
    hold.open();
    await stopping;
    expect(batches).toEqual([numbers(10)]);
    expect(table.left()).toEqual(numbers(20, 10));
    expect(await own.size()).toBe(10);
  });

  it('stops at once when it is idle', async () => {
    const running = start();
    await eventually('the table was looked through once', () => table.sweeps() === 1);
    await running.stop();
    running.push([1]);
    expect(batches).toEqual([]);
  });
});
