import { setImmediate as nextTurn } from 'node:timers/promises';
import { AckPolicy, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { NotReadyError } from '@clearance/platform';
import type { DeadLetter, Verdict } from './consume-batches.ts';
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

describe('consumeBatches', () => {
  beforeAll(async () => {
    connection = await connectOpen();
  });
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.end()));
  });
  afterAll(() => connection.close());

  describe('when all is well', () => {
    it('takes a thousand in few batches, in order, each once, none larger than the limit', async () => {
      const own = await ownStream(connection);
      await own.fill(numbered(1_000));
      const reader = read(own, done, { maxMessages: 100, lingerMs: 20 });
      await emptied(own);
      expect(reader.batches.flat()).toEqual(numbered(1_000));
      expect(Math.max(...reader.batches.map((batch) => batch.length))).toBeLessThanOrEqual(100);
      expect(reader.batches.length).toBeLessThanOrEqual(60);
    });

    it('acknowledges only after the handler has committed', async () => {
      const own = await ownStream(connection);
      await own.fill(['a', 'b']);
      const commit = gate();
      const reader = read(own, async (texts) => {
        await commit.opened;
        return done(texts);
      });
      await eventually('both are in hand', () => reader.batches.flat().length === 2);
      expect(await own.size()).toBe(2);
      expect(await own.unacknowledged()).toBe(2);
      commit.open();
      await emptied(own);
      expect(await own.unacknowledged()).toBe(0);
    });

    it('prepares before it reads', async () => {
      const own = await ownStream(connection);
      await own.manager.streams.delete(own.stream);
      const order: string[] = [];
      const prepare = async (): Promise<void> => {
        order.push('prepare');
        await own.create();
        await own.fill(['first']);
      };
      const handle = (texts: string[]): Verdict[] => {
        order.push(...texts);
        return done(texts);
      };
      read(own, handle, { prepare });
      await eventually('the message is handled', () => order.length === 2);
      expect(order).toEqual(['prepare', 'first']);
    });
  });

  describe('when the surroundings fail', () => {
    it('delivers again after a growing wait, and loses nothing', async () => {
      const own = await ownStream(connection);
      await own.fill(numbered(5));
      const calledAt: number[] = [];
      const reader = read(own, (texts, call) => {
        calledAt.push(performance.now());
        if (call <= 3) throw new NotReadyError('the database is away');
        return done(texts);
      });
      await emptied(own);
      expect(new Set(reader.batches.slice(3).flat())).toEqual(new Set(numbered(5)));
      expect(reader.letters).toEqual([]);
      // 250, 500 and 1,000 ms, less a quarter of jitter.
      const waits = calledAt.slice(1, 4).map((at, index) => at - calledAt[index]!);
      for (const [index, least] of [187, 375, 750].entries()) expect(waits[index]).toBeGreaterThanOrEqual(least);
    }, 30_000);

    it('never takes a message for poison however often its surroundings fail', async () => {
      const own = await ownStream(connection);
      await own.fill(['patient']);
      await own.manager.consumers.add(own.stream, { durable_name: 'reader', ack_policy: AckPolicy.Explicit });
      const earlier = await jetstream(connection).consumers.get(own.stream, 'reader');
      for (let delivery = 1; delivery <= 9; delivery += 1) (await earlier.next())!.nak();
      const reader = read(own, () => {
        throw new NotReadyError('still away');
      });
      const notTaken = (): boolean => reader.lines.some((line) => line.includes('it will be delivered again'));
      await eventually('the tenth delivery is given back', notTaken);
      await reader.end();
      expect(reader.letters).toEqual([]);
      expect(await own.size()).toBe(1);
    });

    it('goes on with a stream that was deleted under it, once it is prepared again', async () => {
      const own = await ownStream(connection);
      let prepared = 0;
      const prepare = async (): Promise<void> => {
        prepared += 1;
        await own.create();
      };
      const reader = read(own, done, { prepare });
      await own.fill(['before']);
      await emptied(own);
      await own.manager.streams.delete(own.stream);
      await eventually('it has prepared again', () => prepared >= 2, 30_000);
      await eventually('the stream is there', () =>
        own.size().then(
          () => true,
          () => false,
        ),
      );
      await own.fill(['after']);
      await eventually('the new message is handled', () => reader.batches.flat().includes('after'));
      expect(reader.batches.flat()).toEqual(['before', 'after']);
    }, 60_000);

    it('finishes the batch in hand when the stream is deleted under it, and goes on', async () => {
      const own = await ownStream(connection);
      const commit = gate();
      const reader = read(
        own,
        async (texts, call) => {
          if (call === 1) await commit.opened;
          return done(texts);
        },
        { prepare: own.create },
      );
      await own.fill(['before']);
      await eventually('it is in hand', () => reader.batches.length === 1);
      const told = gate();
      const listening = connection.subscribe('_INBOX.>', {
        callback: (_error, message) => {
          if (message.headers?.code === 409) told.open();
        },
      });
      await connection.flush();
      await own.manager.streams.delete(own.stream);
      // The reader hears that its consumer is gone (409) while the batch is in hand.
      await told.opened;
      await connection.flush();
      await nextTurn();
      listening.unsubscribe();
      commit.open();
      await eventually('the stream is there', () =>
        own.size().then(
          () => true,
          () => false,
        ),
      );
      await own.fill(['after']);
      await eventually('the new message is handled', () => reader.batches.flat().includes('after'));
      expect(reader.batches.flat()).toEqual(['before', 'after']);
    }, 60_000);

    it('goes on when its consumer was deleted under it', async () => {
      const own = await ownStream(connection);
      const reader = read(own);
      await own.fill(['before']);
      await emptied(own);
      await own.manager.consumers.delete(own.stream, 'reader');
      await own.fill(['after']);
      await eventually('the new message is handled', () => reader.batches.flat().includes('after'), 30_000);
    }, 60_000);
  });

  it('takes over a consumer that an earlier version made with other settings', async () => {
    const own = await ownStream(connection);
    await own.fill(numbered(30));
    const earlier = read(own, done, { maxMessages: 7, ackWaitMs: 5_000 });
    await emptied(own);
    await earlier.end();
    await own.fill(['later']);
    const later = read(own, done, { maxMessages: 9 });
    await emptied(own);
    expect(later.batches.flat()).toEqual(['later']);
    const { config } = await own.manager.consumers.info(own.stream, 'reader');
    expect(config).toMatchObject({ max_ack_pending: 36, ack_wait: 10_000 * 1e6, max_deliver: -1 });
  });

  describe('when a message is bad', () => {
    it('keeps a dead letter with place, cause and body, and is done with the others', async () => {
      const own = await ownStream(connection);
      await own.fill(['a', 'bad', 'c']);
      const reader = read(own, (texts) =>
        texts.map((text) =>
          text === 'bad' ? { verdict: 'poison', cause: 'unverifiable', detail: 'no such key' } : { verdict: 'done' },
        ),
      );
      await emptied(own);
      expect(reader.batches.flat()).toEqual(['a', 'bad', 'c']);
      const place = { stream: own.stream, subject: own.subject, sequence: 2, deliveries: 1 };
      const body = new TextEncoder().encode('bad');
      expect(reader.letters).toEqual([
        { ...place, cause: 'unverifiable', detail: 'no such key', body: expect.anything() },
      ]);
      expect(Buffer.from(reader.letters[0]!.body).equals(body)).toBe(true);
    });

    it('gives a message up only when its dead letter is kept', async () => {
      const own = await ownStream(connection);
      await own.fill(['bad']);
      const kept: DeadLetter[] = [];
      let tries = 0;
      const keepDeadLetter = async (letter: DeadLetter): Promise<void> => {
        tries += 1;
        if (tries === 1) {
          expect(await own.size()).toBe(1);
          throw new NotReadyError('the database is away');
        }
        kept.push(letter);
      };
      read(own, () => [{ verdict: 'poison', cause: 'malformed', detail: 'not JSON' }], { keepDeadLetter });
      await emptied(own);
      expect(tries).toBe(2);
      expect(kept).toMatchObject([{ cause: 'malformed', sequence: 1, deliveries: 2 }]);
    }, 30_000);

    it('tries alone what failed in company, and gives up a message that fails its handler six times', async () => {
      const own = await ownStream(connection);
      await own.fill(['a', 'bad', 'c', 'd']);
      const finished: string[] = [];
      const reader = read(own, (texts) => {
        if (texts.includes('bad')) throw new TypeError('cannot read what is not there');
        finished.push(...texts);
        return done(texts);
      });
      await eventually('the good ones are done', () => finished.length === 3);
      expect(reader.letters).toEqual([]);
      await emptied(own, 60_000);
      expect(finished).toEqual(['a', 'c', 'd']);
      expect(reader.letters).toMatchObject([
        { cause: 'handler-failed', detail: 'TypeError: cannot read what is not there', sequence: 2, deliveries: 6 },
      ]);
    }, 90_000);

    it('gives back alone what may be mended by waiting, and gives it up when that has not mended it', async () => {
      const own = await ownStream(connection);
      await own.fill(['a', 'early', 'never', 'd']);
      let known = false;
      const reader = read(own, (texts) => {
        const verdicts = texts.map((text) =>
          text === 'never' || (text === 'early' && !known)
            ? ({ verdict: 'later', cause: 'unverifiable', detail: 'no such key' } as const)
            : ({ verdict: 'done' } as const),
        );
        known ||= texts.includes('early');
        return verdicts;
      });
      await emptied(own, 60_000);
      const tries = (wanted: string): number => reader.batches.flat().filter((text) => text === wanted).length;
      expect(['a', 'early', 'never', 'd'].map(tries)).toEqual([1, 2, 6, 1]);
      expect(reader.letters).toMatchObject([
        { cause: 'unverifiable', detail: 'no such key', sequence: 3, deliveries: 6 },
      ]);
    }, 90_000);

    it('takes nothing for done when a handler gives too few verdicts', async () => {
      const own = await ownStream(connection);
      await own.fill(['a', 'b', 'c']);
      // In company the last verdict is missing; alone each message gets its own.
      const reader = read(own, (texts) => (texts.length > 1 ? done(texts.slice(1)) : done(texts)), { lingerMs: 100 });
      await emptied(own);
      expect(reader.batches[0]).toEqual(['a', 'b', 'c']);
      expect(reader.batches.slice(1)).toContainEqual(['c']);
      expect(reader.letters).toEqual([]);
    });
  });
});
