import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { encodeUser, fmtCreds } from '@nats-io/jwt';
import {
  connect,
  credsAuthenticator,
  nanos,
  PermissionViolationError,
  RequestError,
  type NatsConnection,
} from '@nats-io/transport-node';
import type { AccountUser, Owner } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { meshOf } from './mesh.fixture.ts';
import { keyPairOf, newKeyPair } from './nkey-pair.ts';
import { inboxPrefix } from './permissions.ts';

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

/** A user of the account that may do anything in it: sees what the server let through. */
async function connectObserver(owner: Owner): Promise<Watched> {
  const account = keyPairOf(await readFile(mesh.home.nkeySeedFile(owner), 'utf8'));
  const user = newKeyPair('user');
  return connectWith(fmtCreds(await encodeUser('observer', user, account), user), '_INBOX_observer');
}

/** After this, all that the server had to say to what was sent before has been heard. */
async function settled({ nc }: Watched): Promise<void> {
  await nc.flush();
  await nextTurn();
}

beforeAll(async () => {
  mesh = await setupMesh({ mesh: meshOf(['ln.customs', 'ln.border']), databases: false });
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

describe('what a user must not be able to do', () => {
  const users = { backend: () => backend, sync: () => sync, gateway: () => gateway, announcer: () => announcer };
  type User = keyof typeof users;

  const publish: [User, string, string][] = [
    ['backend', 'offers', 'offer a result that its service did not issue'],
    ['backend', 'receipts', 'give a receipt'],
    ['backend', 'settlements', 'settle'],
    ['backend', 'copies.ln.border', 'make up a copy'],
    ['backend', 'events.result.received', 'make up an event'],
    ['backend', 'lists.activated', 'announce a list'],
    ['backend', '_INBOX_sync.x', 'answer in a stream’s place'],
    ['backend', '_INBOX_gateway.x', 'answer in a stream’s place'],
    ['backend', '_INBOX_backend.x', 'answer in the service’s place'],
    ['backend', '$SRV.OTHER', 'leave the discovery verbs'],
    ['backend', '$JS.API.STREAM.CREATE.EVENTS', 'lay out a stream'],
    ['backend', '$JS.API.STREAM.CREATE.SHADOW', 'copy other subjects into a stream of its own'],
    ['backend', '$JS.API.STREAM.UPDATE.EVENTS', 'change a stream'],
    ['backend', '$JS.API.STREAM.DELETE.EVENTS', 'delete a stream'],
    ['backend', '$JS.API.STREAM.PURGE.EVENTS', 'empty a stream'],
    ['backend', '$JS.API.STREAM.MSG.DELETE.EVENTS', 'delete an event'],
    ['backend', '$JS.API.STREAM.INFO.COPIES', 'look at internal streams'],
    ['backend', '$JS.API.STREAM.MSG.GET.COPIES', 'read copies past its service'],
    ['backend', '$JS.API.DIRECT.GET.COPIES.copies.ln.border', 'read copies past its service'],
    ['backend', '$JS.API.CONSUMER.CREATE.COPIES.spy', 'read copies past its service'],
    ['backend', '$JS.API.CONSUMER.CREATE.OFFERS.spy', 'read offers'],
    ['backend', '$JS.API.CONSUMER.DURABLE.CREATE.COPIES.spy', 'read copies past its service'],
    ['backend', '$JS.API.CONSUMER.MSG.NEXT.COPIES.reader', 'steal a copy from its service'],
    ['backend', '$JS.API.CONSUMER.DELETE.COPIES.reader', 'cut its service off'],
    ['backend', '$JS.ACK.COPIES.reader.1.1.1.1.0', 'acknowledge in its service’s place'],
    ['backend', '$JS.ACK._.hash.COPIES.reader.1.1.1.1.0', 'acknowledge in its service’s place, newer form'],
    ['sync', 'copies.ln.border', 'make up a copy'],
    ['sync', 'settlements', 'settle its own results'],
    ['sync', 'results.submit', 'submit as the backend'],
    ['sync', '_INBOX_gateway.x', 'answer in a stream’s place'],
    ['sync', '$JS.API.STREAM.CREATE.SHADOW', 'lay out a stream of no purpose'],
    ['sync', '$JS.API.STREAM.DELETE.COPIES', 'delete a stream'],
    ['sync', '$JS.API.STREAM.PURGE.OFFERS', 'empty a stream'],
    ['sync', '$JS.API.CONSUMER.CREATE.OFFERS.spy', 'take offers back'],
    ['sync', '$JS.ACK.OFFERS.reader.1.1.1.1.0', 'acknowledge in the gateway’s place'],
    ['gateway', 'offers', 'offer in the unit’s name'],
    ['gateway', 'receipts', 'give a receipt in the unit’s name'],
    ['gateway', 'events.result.received', 'tell the backend anything'],
    ['gateway', 'results.submit', 'submit as the backend'],
    ['gateway', '_INBOX_backend.x', 'answer the backend'],
    ['gateway', '$JS.API.STREAM.CREATE.OFFERS', 'lay out a stream'],
    ['gateway', '$JS.API.STREAM.DELETE.OFFERS', 'delete a stream'],
    ['gateway', '$JS.API.CONSUMER.CREATE.COPIES.spy', 'take copies back'],
    ['gateway', '$JS.API.CONSUMER.CREATE.EVENTS.spy', 'read the backend’s events'],
    ['announcer', 'copies.ln.customs', 'send copies from its own account'],
    ['announcer', 'results.submit', 'submit'],
    ['announcer', '$JS.API.STREAM.CREATE.SHADOW', 'lay out a stream'],
  ];

  it.each(publish)('%s may not publish %s (%s)', async (user, subject) => {
    const watched = users[user]();
    watched.nc.publish(subject, '{}');
    await settled(watched);
    expect(watched.refused.splice(0)).toEqual([`publish ${subject}`]);
  });

  const subscribe: [User, string][] = [
    ['backend', '>'],
    ['backend', '*'],
    ['backend', 'copies.>'],
    ['backend', 'offers'],
    ['backend', 'events.>'],
    ['backend', 'results.*'],
    ['backend', '$SRV.>'],
    ['backend', '_INBOX.>'],
    ['backend', '_INBOX_sync.>'],
    ['backend', '_INBOX_gateway.>'],
    ['sync', '>'],
    ['sync', 'copies.>'],
    ['sync', 'settlements'],
    ['sync', '_INBOX_backend.>'],
    ['gateway', '>'],
    ['gateway', 'offers'],
    ['gateway', 'results.*'],
    ['gateway', 'events.>'],
    ['gateway', '_INBOX_sync.>'],
    ['announcer', '>'],
    ['announcer', 'copies.>'],
  ];

  it.each(subscribe)('%s may not subscribe to %s', async (user, subject) => {
    const watched = users[user]();
    const refusal = new Promise<Error | null>((resolve) => {
      watched.nc.subscribe(subject, { callback: (error) => resolve(error) });
    });
    expect(await refusal).toBeInstanceOf(PermissionViolationError);
    await settled(watched);
    expect(watched.refused.splice(0)).toEqual([`subscription ${subject}`]);
  });

  it('what was refused reached nobody', async () => {
    const observer = await connectObserver('ln.customs');
    const seen: string[] = [];
    const marked = new Promise<void>((resolve) => {
      observer.nc.subscribe('>', {
        callback: (_error, message) => {
          seen.push(message.subject);
          if (message.subject === 'access.find') resolve();
        },
      });
    });
    await observer.nc.flush();
    backend.nc.publish('copies.ln.border', 'forged');
    backend.nc.publish('events.result.received', 'forged');
    backend.nc.publish('access.find', 'marker');
    await marked;
    expect(seen).toEqual(['access.find']);
    await settled(backend);
    backend.refused.splice(0);
  });
});

describe('between units there is no way', () => {
  it('another unit hears nothing, whatever it may do in its own account', async () => {
    const other = await connectObserver('ln.border');
    const heard: string[] = [];
    other.nc.subscribe('>', { callback: (_error, message) => void heard.push(message.subject) });
    await other.nc.flush();
    for (const subject of ['results.submit', 'access.find']) backend.nc.publish(subject, 'x');
    await jetstream(gateway.nc).publish('copies.ln.border', 'x');
    announcer.nc.publish('lists.activated', 'x');
    await Promise.all([backend.nc.flush(), announcer.nc.flush(), gateway.nc.flush()]);
    // One server, one route: what was sent before this round trip would have come before its answer.
    other.nc.publish('own', 'x');
    await other.nc.flush();
    expect(heard).toEqual(['own']);
    await other.nc.close();
  });

  it('a request reaches no other unit’s service', async () => {
    const neighbour = await connectAs('ln.border', 'backend');
    const refusal = await neighbour.nc.request('results.find', '{}').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RequestError);
    expect((refusal as RequestError).isNoResponders()).toBe(true);
  });

  it('streams are an account’s own', async () => {
    const neighbour = await connectAs('ln.border', 'sync');
    const manager = await jetstreamManager(neighbour.nc);
    expect(await manager.streams.names().next()).toEqual([]);
  });
});
