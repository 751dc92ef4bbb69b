import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { connectUser, type MeshUser, watchConnection } from './connect.ts';
import { consumeBatches, type Received } from './consume-batches.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { eventually, keepLines } from './real-broker.fixture.ts';
import { ensureStreams } from './streams.ts';

const SIZING = { replicas: 1, maxBytes: 16 * 1024 ** 2 };

describe('a reader whose broker dies, on a unit’s own credentials', () => {
  let mesh: TestMesh;
  let sync: NatsConnection;
  let gateway: NatsConnection;
  let publisher: Publisher;
  let connected: () => boolean;
  const taken = new Map<string, number>();
  const stopping = new AbortController();
  const { log } = keepLines();
  let reading: Promise<void>;

  const prepare = (): Promise<void> => ensureStreams(sync, ['OFFERS'], SIZING);
  const publish = (body: string): Promise<boolean> =>
    publisher.publishAll([{ subject: 'offers', body }], 1_000).then(
      () => true,
      () => false,
    );
  const connectAs = (user: MeshUser): Promise<NatsConnection> =>
    connectUser({ url: mesh.natsUrl, credsFile: mesh.home.credsFile('ln.customs', user), user, name: `${user} spec` });

  beforeAll(async () => {
    mesh = await setupMesh({ units: ['ln.customs'], databases: false });
    sync = await connectAs('sync');
    gateway = await connectAs('gateway');
    connected = watchConnection(gateway, 'ln.customs', log);
    publisher = createPublisher(sync);
    reading = consumeBatches({
      connection: gateway,
      stream: 'OFFERS',
      durable: 'gateway',
      maxMessages: 10,
      lingerMs: 1,
      handle: async (messages: Received[]) => {
        for (const { data } of messages) {
          const text = new TextDecoder().decode(data);
          taken.set(text, (taken.get(text) ?? 0) + 1);
        }
        return messages.map(() => ({ verdict: 'done' }));
      },
      keepDeadLetter: async () => undefined,
      prepare,
      unit: 'ln.customs',
      logger: log,
      signal: stopping.signal,
    });
  }, 60_000);

  afterAll(async () => {
    stopping.abort();
    await reading;
    publisher?.close();
    await Promise.all([sync?.close(), gateway?.close()]);
    await mesh?.cleanup();
  }, 30_000);

  it('reads while all is well', async () => {
    await eventually('the stream takes a message', () => publish('well'));
    await eventually('it is taken', () => taken.has('well'));
    expect(connected()).toBe(true);
  }, 30_000);

  it.each(['kill', 'stop', 'lose-storage'] as const)(
    'goes on after %s',
    async (how) => {
      await mesh.stopNats(how);
      await eventually('the connection is known to be away', () => !connected());
      await mesh.startNats();
      await eventually('the connection is back', connected);
      await eventually('the stream takes a message', () => publish(how), 40_000);
      await eventually('it is taken', () => taken.has(how), 40_000);
      const manager = await jetstreamManager(sync, { checkAPI: false });
      const empty = async (): Promise<boolean> => (await manager.streams.info('OFFERS')).state.messages === 0;
      await eventually('it is acknowledged', empty);
    },
    120_000,
  );

  it('ends soon though the broker is away', async () => {
    await mesh.stopNats('kill');
    stopping.abort();
    let ended = false;
    void reading.then(() => (ended = true));
    await eventually('it has ended', () => ended, 15_000);
  }, 30_000);
});
