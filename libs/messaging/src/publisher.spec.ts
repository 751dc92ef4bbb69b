import { jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { isTransient } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { connectUser } from './connect.ts';
import { createPublisher, layingMissingStreams, OversizedError, PublishError, type Outgoing } from './publisher.ts';
import { connectOpen, eventually, ownStream } from './real-broker.fixture.ts';
import { ensureStreams } from './streams.ts';

const many = (subject: string, count: number): Outgoing[] =>
  Array.from({ length: count }, (_, index) => ({ subject, body: `m${index}` }));

describe('createPublisher', () => {
  let connection: NatsConnection;
  beforeAll(async () => {
    connection = await connectOpen();
  });
  afterAll(() => connection.close());

  it('has a thousand messages acknowledged on one inbox, each stored once and in order', async () => {
    const { subject, stream, manager, size } = await ownStream(connection);
    const publisher = createPublisher(connection);
    const subscriptions = connection.stats();
    await publisher.publishAll(many(subject, 1_000));
    expect(await size()).toBe(1_000);
    const at = async (seq: number): Promise<string> => (await manager.streams.getMessage(stream, { seq }))!.string();
    expect([await at(1), await at(500), await at(1_000)]).toEqual(['m0', 'm499', 'm999']);
    expect(connection.stats().inMsgs - subscriptions.inMsgs).toBeLessThan(1_010);
    publisher.close();
  });

  it('keeps batches apart that are under way together', async () => {
    const good = await ownStream(connection);
    const publisher = createPublisher(connection);
    const outcomes = await Promise.allSettled([
      publisher.publishAll(many(good.subject, 100)),
      publisher.publishAll(many('t.nobody-listens', 100)),
      publisher.publishAll(many(good.subject, 100)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await good.size()).toBe(200);
    publisher.close();
  });

  it('resolves at once when there is nothing to publish', async () => {
    const publisher = createPublisher(connection);
    await expect(publisher.publishAll([])).resolves.toEqual([]);
    publisher.close();
  });

  it('passes headers on: the same Nats-Msg-Id is stored once and acknowledged twice', async () => {
    const { subject, size } = await ownStream(connection);
    const publisher = createPublisher(connection);
    const twice = Array.from({ length: 2 }, () => {
      const own = headers();
      own.set('Nats-Msg-Id', 'the-same');
      return { subject, body: 'x', headers: own };
    });
    await publisher.publishAll(twice);
    expect(await size()).toBe(1);
    publisher.close();
  });

  it('rejects, as worth a retry, when no stream listens', async () => {
    const publisher = createPublisher(connection);
    const fault: unknown = await publisher.publishAll(many('t.nobody-listens', 3)).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(PublishError);
    expect((fault as Error).message).toContain('no stream listens');
    expect(isTransient(fault)).toBe(true);
    publisher.close();
  });

  it('rejects when one message of a batch finds the stream full, and the others are stored', async () => {
    const { subject, size } = await ownStream(connection, { max_msgs: 10 });
    const publisher = createPublisher(connection);
    const fault: unknown = await publisher.publishAll(many(subject, 11)).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(PublishError);
    expect((fault as Error).message).toContain('maximum messages exceeded');
    expect(await size()).toBe(10);
    publisher.close();
  });

  it('rejects after the time given when somebody swallows the message without an answer', async () => {
    const deaf = connection.subscribe('t.deaf', { callback: () => undefined });
    const publisher = createPublisher(connection);
    const fault: unknown = await publisher.publishAll(many('t.deaf', 2), 100).catch((error: unknown) => error);
    expect((fault as Error).message).toBe('2 of 2 messages not acknowledged within 100 ms (timeout)');
    deaf.unsubscribe();
    publisher.close();
  });

  it('takes no answer for an acknowledgement that does not come from a stream', async () => {
    const liar = connection.subscribe('t.liar', { callback: (_error, message) => void message.respond('{"ok":true}') });
    const mumbler = connection.subscribe('t.mumbler', { callback: (_error, message) => void message.respond('+OK') });
    const publisher = createPublisher(connection);
    await expect(publisher.publishAll(many('t.liar', 1))).rejects.toThrow(PublishError);
    await expect(publisher.publishAll(many('t.mumbler', 1))).rejects.toThrow(PublishError);
    liar.unsubscribe();
    mumbler.unsubscribe();
    publisher.close();
  });

  it('lays out anew a stream that vanished while the broker goes on, once for all who miss it', async () => {
    const own = await ownStream(connection);
    let laid = 0;
    const publisher = layingMissingStreams(createPublisher(connection), async () => {
      laid += 1;
      await own.create();
    });
    const batch = (): Promise<number[]> => publisher.publishAll(many(own.subject, 3));
    expect((await Promise.all([batch(), batch(), batch()])).flat()).toHaveLength(9);
    await own.manager.streams.delete(own.stream);
    expect((await Promise.all([batch(), batch(), batch()])).flat()).toHaveLength(9);
    expect(await own.size()).toBe(9);
    expect(laid).toBe(1);
    await own.manager.streams.delete(own.stream);
    const never = layingMissingStreams(createPublisher(connection), () => Promise.resolve());
    await expect(never.publishAll(many(own.subject, 1))).rejects.toThrow(PublishError);
  });

  it('tells the sequence of each message in its stream', async () => {
    const { subject } = await ownStream(connection);
    const publisher = createPublisher(connection);
    expect(await publisher.publishAll(many(subject, 3))).toEqual([1, 2, 3]);
    expect(await publisher.publishAll(many(subject, 2))).toEqual([4, 5]);
    publisher.close();
  });

  it.each<[string, object, number]>([
    ['the broker', {}, 1_048_577],
    ['the stream', { max_msg_size: 1_000 }, 1_001],
  ])('names what is too large for %s for good, and has all else stored', async (_who, config, bytes) => {
    const { subject, size } = await ownStream(connection, config);
    const publisher = createPublisher(connection);
    const messages = ['a', 'x'.repeat(bytes), 'c'].map((body) => ({ subject, body }));
    const fault: unknown = await publisher.publishAll(messages).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(OversizedError);
    expect((fault as OversizedError).sequences).toEqual([1, undefined, 2]);
    expect((fault as Error).message).toBe('1 of 3 messages are larger than the broker carries');
    expect(isTransient(fault)).toBe(false);
    expect(await size()).toBe(2);
    expect(await publisher.publishAll(messages.slice(0, 1))).toEqual([3]);
    publisher.close();
  });

  it('waits shortly for a stream that has not answered, until it answers again', async () => {
    let answers = false;
    const slow = connection.subscribe('t.slow', {
      callback: (_error, message) => void (answers && message.respond('{"stream":"S","seq":7}')),
    });
    const publisher = createPublisher(connection);
    await expect(publisher.publishAll(many('t.slow', 1), 50)).rejects.toThrow('within 50 ms');
    await expect(publisher.publishAll(many('t.slow', 1))).rejects.toThrow('within 1000 ms');
    answers = true;
    expect(await publisher.publishAll(many('t.slow', 1))).toEqual([7]);
    answers = false;
    await expect(publisher.publishAll(many('t.slow', 1))).rejects.toThrow('within 10000 ms');
    slow.unsubscribe();
    publisher.close();
  }, 30_000);

  it('rejects on a closed connection instead of throwing', async () => {
    const other = await connectOpen();
    const publisher = createPublisher(other);
    await other.close();
    await expect(publisher.publishAll(many('t.any', 2))).rejects.toThrow(PublishError);
  });
});

describe('createPublisher while its broker dies', () => {
  let mesh: TestMesh;
  let connection: NatsConnection;
  beforeAll(async () => {
    mesh = await setupMesh({ units: ['ln.customs'], databases: false });
    const credsFile = mesh.home.credsFile('ln.customs', 'sync');
    connection = await connectUser({ url: mesh.natsUrl, credsFile, user: 'sync', name: 'publisher.spec' });
  }, 60_000);
  afterAll(async () => {
    await connection?.close();
    await mesh?.cleanup();
  });

  it('rejects what was not acknowledged, keeps what was, and works again after the restart', async () => {
    const sizing = { replicas: 1, maxBytes: 16 * 1024 ** 2 };
    await ensureStreams(connection, ['OFFERS'], sizing);
    const publisher = createPublisher(connection);
    let acknowledged = 0;
    let fault: unknown;
    const publishing = (async () => {
      while (fault === undefined) {
        await publisher.publishAll(many('offers', 50), 1_000).then(
          () => (acknowledged += 50),
          (error: unknown) => (fault = error),
        );
      }
    })();
    await eventually('some are acknowledged', () => acknowledged >= 500);
    await mesh.stopNats('kill');
    await publishing;
    expect(fault).toBeInstanceOf(PublishError);
    // Without a connection nothing is waited for, and nothing piles up in the client.
    await eventually('it is known that the broker is away', () =>
      publisher.publishAll(many('offers', 1), 60_000).then(
        () => false,
        (error: Error) => error.message.includes('is away'),
      ),
    );

    await mesh.startNats();
    const again = (): Promise<boolean> =>
      publisher.publishAll(many('offers', 50), 1_000).then(
        () => true,
        () => false,
      );
    await eventually('it publishes again', again);
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const { state } = await manager.streams.info('OFFERS');
    expect(state.messages).toBeGreaterThanOrEqual(acknowledged + 50);
    publisher.close();
  }, 60_000);
});
