import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Verdict } from './consume-batches.ts';
import { done, numbered, readStream, type Reader } from './read-stream.fixture.ts';
import { connectOpen, eventually, gate, ownStream, type OwnStream } from './real-broker.fixture.ts';

let connection: NatsConnection;
const readers: Reader[] = [];

/** A reader that ends with its test. */
function read(...given: Parameters<typeof readStream> extends [NatsConnection, ...infer Rest] ? Rest : never): Reader {
  const reader = readStream(connection, ...given);
  readers.push(reader);
  return reader;
}

const emptied = (own: OwnStream, limitMs?: number): Promise<void> =>
  eventually('the stream is empty', async () => (await own.size()) === 0, limitMs);

describe('consumeBatches, long batches and the end', () => {
  beforeAll(async () => {
    connection = await connectOpen();
  });
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.end()));
  });
  afterAll(() => connection.close());

  describe('when a batch takes long', () => {
    it('keeps it, and what waits behind it, from being delivered again', async () => {
      const own = await ownStream(connection);
      await own.fill(numbered(60));
      const slow = async (texts: string[], call: number): Promise<Verdict[]> => {
        // The slow work itself, three times as long as the broker waits for a sign of life.
        if (call === 1) await delay(6_000);
        return done(texts);
      };
      const reader = read(own, slow, { ackWaitMs: 2_000 });
      await emptied(own);
      expect(reader.batches.flat()).toEqual(numbered(60));
    }, 30_000);

    it('does not mistake a long batch for a dead broker', async () => {
      const own = await ownStream(connection);
      await own.fill(numbered(60));
      const slow = async (texts: string[], call: number): Promise<Verdict[]> => {
        // Longer than the three missed heartbeats of 2 s after which a consumer is started again.
        if (call === 1) await delay(9_000);
        return done(texts);
      };
      const reader = read(own, slow);
      await emptied(own, 30_000);
      expect(reader.batches.flat()).toEqual(numbered(60));
      expect(reader.lines.filter((line) => line.includes('consumer interrupted'))).toEqual([]);
    }, 60_000);
  });

  describe('when more waits than one pull brings', () => {
    it('takes all of it without an interruption, each message once', async () => {
      const own = await ownStream(connection);
      await own.fill(numbered(1_000));
      const reader = read(own, done, { maxMessages: 64 });
      await emptied(own);
      expect(reader.batches.flat()).toEqual(numbered(1_000));
      expect(reader.lines).toEqual([]);
    }, 40_000);
  });

  describe('when what waits is large', () => {
    const KIB = 1_024;
    const large = (index: number): string => `${index} ${'x'.repeat(256 * KIB)}`;

    it('holds some megabytes of it, however many messages it may have', async () => {
      const own = await ownStream(connection);
      await own.fill(Array.from({ length: 200 }, (_, index) => large(index)));
      const commit = gate();
      const sizes: number[] = [];
      const handle = async (texts: string[]): Promise<Verdict[]> => {
        sizes.push(texts.length);
        await commit.opened;
        return done(texts);
      };
      const reader = read(own, handle, { maxMessages: 500 });
      const held = async (): Promise<number> => (await own.unacknowledged()) ?? 0;
      await eventually('it holds what it may', async () => (await held()) >= 16);
      // A second pull would bring as much again within this many round trips, were it made.
      for (let time = 0; time < 200; time += 1) expect(await held()).toBeLessThanOrEqual(33);
      commit.open();
      await emptied(own);
      const numbers = reader.batches.flat().map((text) => Number(text.slice(0, text.indexOf(' '))));
      expect(numbers).toEqual(Array.from({ length: 200 }, (_, index) => index));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(33);
    }, 40_000);

    it('takes a message that is larger than all that it may hold', async () => {
      const own = await ownStream(connection);
      await own.fill([large(1), 'small', large(2)]);
      const reader = read(own, done, { maxHeldBytes: 1_000 });
      await emptied(own);
      expect(reader.batches.flat()).toEqual([large(1), 'small', large(2)]);
    }, 40_000);
  });

  describe('when its predecessor was killed', () => {
    it('is given what that one had in hand', async () => {
      const own = await ownStream(connection);
      await own.fill(numbered(40));
      const doomed = await connectOpen();
      const hold = gate();
      const killed = readStream(doomed, own, async (texts) => {
        await hold.opened;
        return done(texts);
      });
      await eventually('all is in its hands', async () => (await own.unacknowledged()) === 40);
      // As a killed process: nothing is said any more, and nothing given back.
      await doomed.close();
      const reader = read(own);
      await emptied(own, 60_000);
      expect(new Set(reader.batches.flat())).toEqual(new Set(numbered(40)));
      hold.open();
      killed.abort();
    }, 90_000);
  });

  describe('when it is told to stop', () => {
    it('finishes the batch in hand and gives the rest to the next reader at once', async () => {
      const own = await ownStream(connection);
      await own.fill(numbered(200));
      const commit = gate();
      const first = read(own, async (texts) => {
        await commit.opened;
        return done(texts);
      });
      // As much as one reader may hold: nothing more is on its way to it.
      await eventually('it holds what it may', async () => (await own.unacknowledged()) === 40);
      await eventually('it has begun', () => first.batches.length === 1);
      let ended = false;
      void first.ended.then(() => (ended = true));
      first.abort();
      await connection.flush();
      expect(ended).toBe(false);
      commit.open();
      await eventually('it has ended', () => ended, 10_000);
      const finished = first.batches.flat();
      expect(first.batches).toHaveLength(1);

      const startedAt = performance.now();
      const second = read(own);
      await emptied(own);
      // The broker would wait 30 s for what had not been given back.
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      expect(new Set(second.batches.flat())).toEqual(new Set(numbered(200).slice(finished.length)));
    }, 60_000);

    it.each([
      ['idle', async () => undefined],
      ['with an empty stream just read', async (own: OwnStream) => own.fill(['one'])],
    ])(
      'ends soon when it is %s',
      async (_what, before) => {
        const own = await ownStream(connection);
        const reader = read(own);
        await before(own);
        await eventually('its consumer is there', async () => (await own.unacknowledged()) !== undefined);
        await emptied(own);
        let ended = false;
        void reader.ended.then(() => (ended = true));
        reader.abort();
        await eventually('it has ended', () => ended, 5_000);
      },
      30_000,
    );

    it('ends when it is told so while it prepares, before it has read anything', async () => {
      const own = await ownStream(connection);
      const preparing = gate();
      const prepare = gate();
      const reader = read(own, done, {
        prepare: () => {
          preparing.open();
          return prepare.opened;
        },
      });
      let ended = false;
      void reader.ended.then(() => (ended = true));
      await preparing.opened;
      reader.abort();
      prepare.open();
      try {
        await eventually('it has ended', () => ended, 5_000);
      } finally {
        // Lets a reader that waits for a first message go.
        await own.fill(['late']);
      }
    }, 20_000);
  });
});
