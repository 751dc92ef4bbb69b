import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { pino } from 'pino';
import { connectUser, consumeBatches, createPublisher, ensureStreams, type NatsConnection } from '@clearance/messaging';
import { loadMesh, type MeshHome } from '@clearance/platform';
import { provisionMesh, removeHome } from '@clearance/provision';
import { temporaryHome, testServers } from '@clearance/testing';
import { MESH_FILE } from '../local-mesh/paths.ts';
import { type Broker, startBrokers } from './broker.ts';

const WAITING = 1_000;
const SIZING = { replicas: 3, maxBytes: 64 * 1024 ** 2 };

let home: MeshHome;
let brokers: Broker[];
let gateway: NatsConnection;
let sync: NatsConnection;

beforeAll(async () => {
  home = await temporaryHome();
  await provisionMesh(await loadMesh(MESH_FILE), home, Date.now());
  brokers = await startBrokers(home, 3, testServers().natsServer);
  const connectAs = (user: 'gateway' | 'sync'): Promise<NatsConnection> =>
    connectUser({
      url: brokers.map(({ url }) => url).join(','),
      credsFile: home.credsFile('ln.customs', user),
      user,
      name: `${user} spec`,
    });
  [gateway, sync] = await Promise.all([connectAs('gateway'), connectAs('sync')]);
}, 120_000);

afterAll(async () => {
  await Promise.all([gateway?.close(), sync?.close()]);
  await Promise.all((brokers ?? []).map((broker) => broker.stop()));
  if (home) await removeHome(home);
}, 60_000);

/** Waits until a condition holds; the test's own limit ends it. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await delay(50);
}

it('a backlog in a cluster of three is read once, though statuses overtake the messages that wait for their quorum', async () => {
  // A cluster that has just begun has no leader yet; it is asked again.
  await until(() => ensureStreams(sync, ['COPIES'], SIZING).then(() => true));
  const publisher = createPublisher(gateway);
  const sent = Array.from({ length: WAITING }, (_, index) => `copy ${index}`);
  await publisher.publishAll(
    sent.map((body) => ({ subject: 'copies.hl.customs', body })),
    60_000,
  );
  publisher.close();

  const lines: string[] = [];
  const taken: string[] = [];
  const stopping = new AbortController();
  const reading = consumeBatches({
    connection: sync,
    stream: 'COPIES',
    durable: 'sync',
    maxMessages: 64,
    lingerMs: 1,
    handle: (messages) => {
      // A consumer that was made just now has no leader yet, and is asked again: that is before anything is read.
      if (taken.length === 0) lines.length = 0;
      taken.push(...messages.map(({ data }) => new TextDecoder().decode(data)));
      return Promise.resolve(messages.map(() => ({ verdict: 'done' })));
    },
    keepDeadLetter: () => Promise.resolve(),
    prepare: () => Promise.resolve(),
    unit: 'ln.customs',
    logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
    signal: stopping.signal,
  });
  const manager = await jetstreamManager(sync, { checkAPI: false });
  await until(async () => (await manager.streams.info('COPIES')).state.messages === 0);
  stopping.abort();
  await reading;
  expect({ taken, lines }).toEqual({ taken: sent, lines: [] });
}, 120_000);
