import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import {
  connect,
  credsAuthenticator,
  nanos,
  PermissionViolationError,
  type NatsConnection,
} from '@nats-io/transport-node';
import type { AccountUser, Owner } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { meshOf } from './mesh.fixture.ts';
import { inboxPrefix, usersOf } from './permissions.ts';

/** A connection, and what the server refused on it: `publish offers`, `subscription >`. */
interface Watched {
  nc: NatsConnection;
  refused: string[];
}

const STREAMS = {
  OFFERS: ['offers'],
  COPIES: ['copies.>'],
  RECEIPTS: ['receipts'],
  SETTLEMENTS: ['settlements'],
  HEADS: ['heads'],
  EVENTS: ['events.>'],
};

let mesh: TestMesh;
const open: NatsConnection[] = [];
let backend: Watched;
let sync: Watched;
let gateway: Watched;
let announcer: Watched;

async function connectWith(creds: Uint8Array, prefix: string): Promise<Watched> {
  const nc = await connect({ servers: mesh.natsUrl, authenticator: credsAuthenticator(creds), inboxPrefix: prefix });
  open.push(nc);
  const refused: string[] = [];
  void (async () => {
    for await (const status of nc.status()) {
      if (status.type !== 'error') continue;
      const { error } = status;
      refused.push(error instanceof PermissionViolationError ? `${error.operation} ${error.subject}` : error.message);
    }
  })();
  return { nc, refused };
}

const connectAs = async (owner: Owner, user: AccountUser): Promise<Watched> =>
  connectWith(await readFile(mesh.home.credsFile(owner, user)), inboxPrefix(user));

/** After this, all that the server had to say to what was sent before has been heard. */
async function settled({ nc }: Watched): Promise<void> {
  await nc.flush();
  await nextTurn();
}

beforeAll(async () => {
  mesh = await setupMesh({ mesh: meshOf(['ln.customs']), databases: false });
  backend = await connectAs('ln.customs', 'backend');
  sync = await connectAs('ln.customs', 'sync');
  gateway = await connectAs('ln.customs', 'gateway');
  announcer = await connectAs('gateway', 'gateway');
  const manager = await jetstreamManager(sync.nc);
  for (const [name, subjects] of Object.entries(STREAMS)) {
    const retention = name === 'EVENTS' ? RetentionPolicy.Limits : RetentionPolicy.Workqueue;
    await manager.streams.add({ name, subjects, retention });
  }
}, 60_000);

afterAll(async () => {
  await Promise.all(open.map((nc) => nc.close()));
  await mesh?.cleanup();
});

describe('what a user must be able to do', () => {
  afterEach(async () => {
    for (const user of [backend, sync, gateway, announcer]) {
      await settled(user);
      expect(user.refused.splice(0)).toEqual([]);
    }
  });

  it('sync lays its streams out, again too, and changes them', async () => {
    const manager = await jetstreamManager(sync.nc);
    await manager.streams.add({ name: 'OFFERS', subjects: ['offers'], retention: RetentionPolicy.Workqueue });
    await manager.streams.update('EVENTS', { max_age: nanos(86_400_000) });
    const names = await manager.streams.names().next();
    expect(names.sort()).toEqual(Object.keys(STREAMS).sort());
  });

  it('the backend asks, and sync answers, under a queue group', async () => {
    sync.nc.subscribe('results.*', {
      queue: 'q',
      callback: (_error, message) => void message.respond(message.subject),
    });
    await sync.nc.flush();
    expect((await backend.nc.request('results.submit-batch', 'x')).string()).toBe('results.submit-batch');
  });

  it('the gateway asks, and sync answers into the inbox for answers', async () => {
    sync.nc.subscribe('reconciliation.*', { callback: (_error, message) => void message.respond(message.subject) });
    await sync.nc.flush();
    const answer = new Promise<string>((resolve) => {
      gateway.nc.subscribe('_INBOX_gateway.answers.x', { callback: (_error, message) => resolve(message.string()) });
    });
    gateway.nc.publish('reconciliation.summarise', '{}', { reply: '_INBOX_gateway.answers.x' });
    expect(await answer).toBe('reconciliation.summarise');
  });

  it('the gateway gives notices, and sync answers into the inbox for answers', async () => {
    sync.nc.subscribe('notices.*', { callback: (_error, message) => void message.respond(message.subject) });
    await sync.nc.flush();
    const answer = new Promise<string>((resolve) => {
      gateway.nc.subscribe('_INBOX_gateway.answers.y', { callback: (_error, message) => resolve(message.string()) });
    });
    gateway.nc.publish('notices.give', '{}', { reply: '_INBOX_gateway.answers.y' });
    expect(await answer).toBe('notices.give');
  });

  it('the gateway passes on what a person says, and sync answers into the inbox for answers', async () => {
    sync.nc.subscribe('people.*', { callback: (_error, message) => void message.respond(message.subject) });
    await sync.nc.flush();
    const answer = new Promise<string>((resolve) => {
      gateway.nc.subscribe('_INBOX_gateway.answers.z', { callback: (_error, message) => resolve(message.string()) });
    });
    gateway.nc.publish('people.decide', '{}', { reply: '_INBOX_gateway.answers.z' });
    expect(await answer).toBe('people.decide');
  });

  it('sync gives statements, and a gateway answers into its inbox for answers, under a queue group', async () => {
    gateway.nc.subscribe('statements.*', {
      queue: 'q',
      callback: (_error, message) => void message.respond(message.subject),
    });
    await gateway.nc.flush();
    const answer = new Promise<string>((resolve) => {
      sync.nc.subscribe('_INBOX_sync.answers.x', { callback: (_error, message) => resolve(message.string()) });
    });
    sync.nc.publish('statements.give', '{}', { reply: '_INBOX_sync.answers.x' });
    expect(await answer).toBe('statements.give');
  });

  it('the backend discovers the service', async () => {
    sync.nc.subscribe('$SRV.PING', { callback: (_error, message) => void message.respond('pong') });
    await sync.nc.flush();
    expect((await backend.nc.request('$SRV.PING')).string()).toBe('pong');
  });

  it('the backend reads EVENTS by a durable consumer of its own, acknowledges, and deletes it', async () => {
    await jetstream(sync.nc).publish('events.result.received', 'one');
    const manager = await jetstreamManager(backend.nc);
    await manager.consumers.add('EVENTS', {
      durable_name: 'mine',
      ack_policy: AckPolicy.Explicit,
      filter_subject: 'events.result.received',
    });
    const consumer = await jetstream(backend.nc).consumers.get('EVENTS', 'mine');
    const message = await consumer.next();
    expect(message?.string()).toBe('one');
    expect(await message?.ackAck()).toBe(true);
    expect((await consumer.info()).num_ack_pending).toBe(0);
    expect((await manager.consumers.list('EVENTS').next()).map(({ name }) => name)).toContain('mine');
    expect(await consumer.delete()).toBe(true);
  });

  it('the backend reads EVENTS by an ordered consumer and by a pushing one with flow control', async () => {
    await jetstream(sync.nc).publish('events.result.amended', 'two');
    const ordered = await jetstream(backend.nc).consumers.get('EVENTS', { filter_subjects: 'events.result.amended' });
    expect((await ordered.next())?.string()).toBe('two');
    const manager = await jetstreamManager(backend.nc);
    const { name } = await manager.consumers.add('EVENTS', {
      ack_policy: AckPolicy.None,
      deliver_subject: '_INBOX_backend.pushed',
      filter_subject: 'events.result.amended',
      flow_control: true,
      idle_heartbeat: nanos(500),
    });
    const pushing = await jetstream(backend.nc).consumers.getPushConsumer('EVENTS', name);
    for await (const message of await pushing.consume()) {
      expect(message.string()).toBe('two');
      break;
    }
  });

  it.each([
    ['OFFERS', 'offers', () => sync, () => gateway],
    ['RECEIPTS', 'receipts', () => sync, () => gateway],
    ['COPIES', 'copies.ln.border', () => gateway, () => sync],
    ['SETTLEMENTS', 'settlements', () => gateway, () => sync],
    ['HEADS', 'heads', () => gateway, () => sync],
  ] as const)('%s: one side writes, the other takes and acknowledges', async (stream, subject, writer, reader) => {
    const acknowledged = await jetstream(writer().nc).publish(subject, 'packed');
    expect(acknowledged.stream).toBe(stream);
    const manager = await jetstreamManager(reader().nc, { checkAPI: false });
    await manager.consumers.add(stream, { durable_name: 'reader', ack_policy: AckPolicy.Explicit });
    const consumer = await jetstream(reader().nc).consumers.get(stream, 'reader');
    const message = await consumer.next();
    message?.working();
    expect(await message?.ackAck()).toBe(true);
    expect((await manager.consumers.info(stream, 'reader')).num_ack_pending).toBe(0);
  });

  it('gateways announce lists to each other', async () => {
    const other = await connectAs('gateway', 'gateway');
    const heard = new Promise<string>((resolve) => {
      other.nc.subscribe('lists.>', { callback: (_error, message) => resolve(message.string()) });
    });
    await other.nc.flush();
    announcer.nc.publish('lists.activated', 'v2');
    expect(await heard).toBe('v2');
  });
});

/** What reading a stream takes, written out: a consumer of one's own, pulls, acknowledgements, flow control. */
const reading = (stream: string): string[] => [
  `$JS.API.CONSUMER.CREATE.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}.>`,
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
  `$JS.API.CONSUMER.INFO.${stream}.*`,
  `$JS.API.CONSUMER.NAMES.${stream}`,
  `$JS.API.CONSUMER.LIST.${stream}`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
  `$JS.API.CONSUMER.DELETE.${stream}.*`,
  `$JS.ACK.${stream}.*.*.*.*.*.*`,
  `$JS.ACK.*.*.${stream}.*.*.*.*.*.>`,
  `$JS.FC.${stream}.*.*`,
  `$JS.FC.*.*.${stream}.*.*`,
];
const laying = (stream: string): string[] => [
  `$JS.API.STREAM.CREATE.${stream}`,
  `$JS.API.STREAM.UPDATE.${stream}`,
  `$JS.API.STREAM.INFO.${stream}`,
];

/*
 * All that each user may do. Kept apart from the table that it checks, so that a permission more is a line more here,
 * with its reason, and a row less among the attacks of isolation.spec.ts.
 */
describe('no user may more than its part needs', () => {
  const listed = (owner: Owner): unknown =>
    Object.fromEntries(
      usersOf(owner).map(({ user, permissions: { publish, subscribe } }) => [
        user,
        { publish: publish.toSorted(), subscribe: subscribe.toSorted() },
      ]),
    );

  it("the users of a unit's account", () => {
    const expected = {
      backend: {
        publish: [
          // ask its unit service
          'results.*',
          'recognitions.*',
          'access.*',
          ...['PING', 'INFO', 'STATS'].flatMap((verb) => [`$SRV.${verb}`, `$SRV.${verb}.>`]),
          // find and read its events
          '$JS.API.INFO',
          '$JS.API.STREAM.NAMES',
          '$JS.API.STREAM.INFO.EVENTS',
          ...reading('EVENTS'),
        ],
        subscribe: ['_INBOX_backend.>'],
      },
      sync: {
        publish: [
          'offers',
          'receipts',
          'events.>',
          '_INBOX_backend.>', // answer the backend
          '_INBOX_gateway.answers.>', // answer the gateway's reconciliation and its notices
          'statements.*', // say to the gateway who asks for access, and who grants it
          '$JS.API.INFO',
          '$JS.API.STREAM.NAMES',
          ...Object.keys(STREAMS).flatMap(laying),
          ...reading('COPIES'),
          ...reading('SETTLEMENTS'),
          ...reading('HEADS'),
        ],
        subscribe: [
          'results.*',
          'recognitions.*',
          'access.*',
          'reconciliation.*',
          'replay.*',
          'notices.*',
          'people.*',
          '$SRV.>',
          '_INBOX_sync.>',
        ],
      },
      gateway: {
        publish: [
          'copies.*.*',
          'settlements',
          'heads',
          'reconciliation.*', // ask the unit service what it holds
          'replay.*', // ask it what it issued and decided
          'notices.*', // tell it what became of requests for access
          'people.*', // pass on what somebody of the unit says who has signed in
          '_INBOX_sync.answers.>', // answer what it says about access
          '$JS.API.INFO',
          '$JS.API.STREAM.NAMES',
          '$JS.API.STREAM.INFO.OFFERS',
          '$JS.API.STREAM.INFO.RECEIPTS',
          '$JS.API.STREAM.INFO.COPIES', // whether there is room
          ...reading('OFFERS'),
          ...reading('RECEIPTS'),
        ],
        subscribe: ['statements.*', '_INBOX_gateway.>'],
      },
    };
    const sorted = Object.entries(expected).map(([user, { publish, subscribe }]) => [
      user,
      { publish: publish.toSorted(), subscribe: subscribe.toSorted() },
    ]);
    expect(listed('ln.customs')).toEqual(Object.fromEntries(sorted));
  });

  it("the one user of the gateway's own account, in which gateways talk to each other", () => {
    expect(listed('gateway')).toEqual({
      gateway: { publish: ['_INBOX_gateway.>', 'lists.>'], subscribe: ['_INBOX_gateway.>', 'lists.>'] },
    });
  });

  it('nobody is given a whole branch of JetStream, of the system or of inboxes', () => {
    for (const { user, permissions } of [...usersOf('ln.customs'), ...usersOf('gateway')]) {
      for (const subject of [...permissions.publish, ...permissions.subscribe]) {
        expect([user, subject]).not.toEqual([
          user,
          expect.stringMatching(/^(>|\*|\$SYS|\$JS\.>|\$JS\.API\.(>|\*)|_INBOX\.)/),
        ]);
      }
    }
  });
});
