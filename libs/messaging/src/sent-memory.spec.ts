import { AckPolicy, jetstream, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { createPublisher, type Publisher } from './publisher.ts';
import { connectOpen, eventually, keepLines, ownStream, type OwnStream } from './real-broker.fixture.ts';
import { createSentMemory, type SentMemory, type SentMemoryOptions } from './sent-memory.ts';

const HOUR_MS = 3_600_000;

describe('createSentMemory', () => {
  let connection: NatsConnection;
  let publisher: Publisher;
  let own: OwnStream;
  let memory: SentMemory;
  let clock = 0;
  const { log, lines } = keepLines();

  beforeAll(async () => {
    connection = await connectOpen();
    publisher = createPublisher(connection);
  });
  afterAll(async () => {
    publisher.close();
    await connection.close();
  });
  beforeEach(async () => {
    clock = 1_000_000;
    lines.length = 0;
    own = await ownStream(connection);
    memory = await open();
  });

  /** A memory that has had its first look. */
  const open = async (more: Partial<SentMemoryOptions> = {}): Promise<SentMemory> => {
    const made = createSentMemory({
      connection,
      stream: own.stream,
      unit: 'ln.customs',
      log,
      now: () => clock,
      ...more,
    });
    await made.crowded();
    return made;
  };
  const send = async (...keys: string[]): Promise<void> => {
    const sequences = await publisher.publishAll(keys.map((key) => ({ subject: own.subject, body: key })));
    for (const [index, key] of keys.entries()) memory.remember([key], sequences[index]!);
  };
  /** What is known now, by a fresh look: `a:waiting b:taken`. */
  const known = async (...keys: string[]): Promise<string> => {
    clock += 1_000;
    const found = await memory.whereabouts(keys);
    return [...found].map(([key, where]) => `${key}:${where}`).join(' ');
  };
  const take = async (count: number): Promise<JsMsg[]> => {
    await own.manager.consumers.add(own.stream, { durable_name: 'reader', ack_policy: AckPolicy.Explicit });
    const reader = await jetstream(connection).consumers.get(own.stream, 'reader');
    const taken: JsMsg[] = [];
    for await (const message of await reader.fetch({ max_messages: count, expires: 5_000 })) taken.push(message);
    return taken;
  };

  it('knows what waits, also while a reader has it in hand, and what was taken', async () => {
    await send('a', 'b', 'c');
    expect(await known('a', 'b', 'c', 'd')).toBe('a:waiting b:waiting c:waiting');
    const [a, b] = await take(2);
    expect(await known('a', 'b', 'c')).toBe('a:waiting b:waiting c:waiting');
    await a!.ackAck();
    expect(await known('a', 'b', 'c')).toBe('a:taken b:waiting c:waiting');
    b!.nak();
  });

  it('tells a gap from what waits around it', async () => {
    await send('a', 'b', 'c', 'd');
    const [, b, c] = await take(3);
    await b!.ackAck();
    expect(await known('a', 'b', 'c', 'd')).toBe('a:waiting b:taken c:waiting d:waiting');
    await own.manager.streams.deleteMessage(own.stream, c!.seq);
    expect(await known('a', 'b', 'c', 'd')).toBe('a:waiting b:taken c:taken d:waiting');
    await own.manager.streams.purge(own.stream);
    expect(await known('a', 'd')).toBe('a:taken d:taken');
  });

  it('knows nothing of a stream that was made anew, even when the same sequences are there again', async () => {
    await send('a', 'b');
    await own.manager.streams.delete(own.stream);
    await own.create();
    await own.fill(['other', 'things', 'altogether']);
    expect(await known('a', 'b')).toBe('');
    await send('a');
    expect(await known('a', 'b')).toBe('a:waiting');
  });

  it('knows nothing after a reconnection: the server may be another, or have lost its tail', async () => {
    const other = await connectOpen();
    const [before, own_] = [memory, publisher];
    memory = await open({ connection: other });
    await send('a');
    expect(await known('a')).toBe('a:waiting');
    await other.reconnect();
    await eventually('it is connected again', () =>
      other.flush().then(
        () => true,
        () => false,
      ),
    );
    expect(await known('a')).toBe('');
    memory = before;
    publisher = own_;
    await other.close();
  });

  it('knows nothing when the stream ends before what it has acknowledged', async () => {
    await send('a', 'b');
    memory.remember(['c'], 3);
    expect(await known('a', 'b', 'c')).toBe('');
  });

  it('knows nothing of what went out before the first look', async () => {
    const sequences = await publisher.publishAll([{ subject: own.subject, body: 'a' }]);
    memory = createSentMemory({ connection, stream: own.stream, unit: 'ln.customs', log, now: () => clock });
    memory.remember(['a'], sequences[0]!);
    expect(await known('a')).toBe('');
  });

  it('trusts nobody for ever: after six hours a thing is sent again', async () => {
    await send('a');
    clock += 60_000;
    expect(await known('a')).toBe('a:waiting');
    clock += 3 * HOUR_MS;
    await send('b');
    expect(await known('a', 'b')).toBe('a:waiting b:waiting');
    clock += 3 * HOUR_MS;
    expect(await known('a', 'b')).toBe('b:waiting');
    clock += 3 * HOUR_MS;
    expect(await known('a', 'b')).toBe('');
  });

  it('keeps no more than it may, the newest', async () => {
    memory = await open({ maxKeys: 2 });
    await send('a', 'b', 'c');
    expect(await known('a', 'b', 'c')).toBe('b:waiting c:waiting');
  });

  it('looks once a second at most', async () => {
    await send('a');
    expect(await known('a')).toBe('a:waiting');
    const before = connection.stats().outMsgs;
    for (let ask = 0; ask < 100; ask += 1) await memory.whereabouts(['a']);
    expect(connection.stats().outMsgs).toBe(before);
  });

  it('says nothing, and throws nothing, when there is no stream; and learns anew when there is one', async () => {
    await send('a');
    await own.manager.streams.delete(own.stream);
    expect(await known('a')).toBe('');
    expect(lines.filter((line) => line.includes('queue not to be seen'))).toHaveLength(1);
    await own.create();
    clock += 15_000;
    expect(await known('a')).toBe('');
    await send('a');
    expect(await known('a')).toBe('a:waiting');
  });

  it('calls a queue crowded when it is more than half full', async () => {
    own = await ownStream(connection, { max_bytes: 10_000 });
    memory = await open();
    const fill = (): Promise<number[]> => publisher.publishAll([{ subject: own.subject, body: 'x'.repeat(3_000) }]);
    await fill();
    clock += 1_000;
    expect(await memory.crowded()).toBe(false);
    await fill();
    clock += 1_000;
    expect(await memory.crowded()).toBe(true);
  });
});
