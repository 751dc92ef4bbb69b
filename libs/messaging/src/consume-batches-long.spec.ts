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
        // The slow work itself, five times as long as the broker waits for a sign of life.
        if (call === 1) await delay(3_000);
        return done(texts);
      };
      const reader = read(own, slow, { ackWaitMs: 600 });
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
