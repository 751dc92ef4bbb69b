import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { STREAMS, type StreamName } from '@clearance/contracts';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { connectUser } from './connect.ts';
import { createPublisher, PublishError } from './publisher.ts';
import { ensureStreams } from './streams.ts';

const names = Object.keys(STREAMS) as StreamName[];
const MIB = 1024 ** 2;
const DAY_NS = 24 * 60 * 60 * 1e9;

describe('ensureStreams, as a unit’s sync user', () => {
  let mesh: TestMesh;
  let sync: NatsConnection;
  let manager: JetStreamManager;
  beforeAll(async () => {
    mesh = await setupMesh({ units: ['ln.customs'], databases: false });
    const credsFile = mesh.home.credsFile('ln.customs', 'sync');
    sync = await connectUser({ url: mesh.natsUrl, credsFile, user: 'sync', name: 'streams.spec' });
    manager = await jetstreamManager(sync, { checkAPI: false });
  }, 60_000);
  afterAll(async () => {
    await sync?.close();
    await mesh?.cleanup();
  });

  it('creates all six, also when three processes do it together', async () => {
    const sizing = { replicas: 1, maxBytes: 16 * MIB };
    await Promise.all(Array.from({ length: 3 }, () => ensureStreams(sync, names, sizing)));
    for (const name of names) {
      const { config } = await manager.streams.info(name);
      const events = name === 'EVENTS';
      expect(config).toMatchObject({
        subjects: STREAMS[name].subjects,
        storage: 'file',
        retention: events ? 'limits' : 'workqueue',
        discard: events ? 'old' : 'new',
        max_bytes: 16 * MIB,
        max_age: events ? 7 * DAY_NS : 0,
      });
    }
  });

  it('changes the size of streams that hold messages, and loses none', async () => {
    const publisher = createPublisher(sync);
    await publisher.publishAll([{ subject: 'offers', body: 'kept' }]);
    await ensureStreams(sync, names, { replicas: 1, maxBytes: 8 * MIB });
    const { config, state } = await manager.streams.info('OFFERS');
    expect([config.max_bytes, state.messages]).toEqual([8 * MIB, 1]);
    publisher.close();
  });

  it('has a full work queue refuse the next message, and EVENTS drop the oldest', async () => {
    await ensureStreams(sync, names, { replicas: 1, maxBytes: MIB });
    const publisher = createPublisher(sync);
    const many = (subject: string) => Array.from({ length: 5 }, () => ({ subject, body: 'x'.repeat(MIB / 4) }));
    await expect(publisher.publishAll(many('offers'))).rejects.toThrow(PublishError);
    await expect(publisher.publishAll(many('events.result.received'))).resolves.toHaveLength(5);
    const { state } = await manager.streams.info('EVENTS');
    expect(state.last_seq).toBe(5);
    expect(state.first_seq).toBeGreaterThan(1);
    publisher.close();
  });

  it('passes on what is not about an existing name', async () => {
    await expect(ensureStreams(sync, ['OFFERS'], { replicas: 3, maxBytes: MIB })).rejects.toThrow();
  });
});
