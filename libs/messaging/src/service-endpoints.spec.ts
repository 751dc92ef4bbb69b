import { readFile } from 'node:fs/promises';
import {
  connect,
  credsAuthenticator,
  nuid,
  RequestError,
  type Msg,
  type NatsConnection,
} from '@nats-io/transport-node';
import { SUBJECTS } from '@clearance/contracts';
import { setupMesh } from '@clearance/testing';
import { createAsker } from './asker.ts';
import { connectOpen, eventually, gate } from './real-broker.fixture.ts';
import { type RunningService, serveEndpoints, type ServiceDescription } from './service-endpoints.ts';

type Handle = Parameters<typeof serveEndpoints>[3];

const echo: Handle = async (_subject, request) => {
  request.respond(request.data);
  return {};
};

describe('serveEndpoints (NATS Services API, ADR-32)', () => {
  let caller: NatsConnection;
  let connections: NatsConnection[];
  let service: ServiceDescription;
  let subject: string;
  const running: RunningService[] = [];

  beforeAll(async () => {
    caller = await connectOpen();
    connections = [await connectOpen(), await connectOpen()];
  });
  beforeEach(() => {
    const own = nuid.next().slice(-8);
    service = { name: `sync-${own}`, version: '1.2.3', description: 'a unit', metadata: { unit: 'ln.customs' } };
    subject = `results.${own}`;
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.drain()));
  });
  afterAll(() => Promise.all([caller, ...connections].map((one) => one.close())));

  const serve = async (handle: Handle, replicas = 1, more: string[] = []): Promise<void> => {
    for (const connection of connections.slice(0, replicas)) {
      running.push(serveEndpoints(connection, service, [subject, ...more], handle));
      await connection.flush();
    }
  };
  const ask = (on: string, body = ''): Promise<Msg> => caller.request(on, body, { timeout: 10_000 });
  const discover = async <T>(verb: string): Promise<T> => (await ask(`$SRV.${verb}.${service.name}`)).json<T>();
  interface Stats {
    endpoints: Record<string, unknown>[];
  }

  it('answers into inboxes only: a backend cannot make its unit publish anywhere else', async () => {
    let handled = 0;
    await serve((_subject, request) => {
      handled += 1;
      request.respond('answer');
      return Promise.resolve({});
    });
    const elsewhere = `offers-${nuid.next()}`;
    let published = 0;
    const count = (): void => {
      published += 1;
    };
    const watch = caller.subscribe(elsewhere, { callback: count });
    caller.publish(subject, '{}', { reply: elsewhere });
    caller.publish(`$SRV.PING.${service.name}`, '', { reply: elsewhere });
    await ask(subject);
    await caller.flush();
    watch.unsubscribe();
    expect({ handled, published }).toEqual({ handled: 1, published: 0 });
  });

  describe('what `nats micro` reads', () => {
    const identity = () => ({
      name: service.name,
      version: '1.2.3',
      metadata: { unit: 'ln.customs' },
      id: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
    });

    it('answers PING', async () => {
      await serve(echo);
      expect(await discover('PING')).toEqual({ type: 'io.nats.micro.v1.ping_response', ...identity() });
    });

    it('answers INFO with every endpoint', async () => {
      await serve(echo, 1, [`${subject}.batch`]);
      expect(await discover('INFO')).toEqual({
        type: 'io.nats.micro.v1.info_response',
        ...identity(),
        description: 'a unit',
        endpoints: [
          { name: subject.replace('.', '-'), subject, queue_group: 'q' },
          { name: `${subject.replace('.', '-')}-batch`, subject: `${subject}.batch`, queue_group: 'q' },
        ],
      });
    });

    it('answers STATS, durations in whole nanoseconds', async () => {
      await serve(echo);
      for (let request = 0; request < 3; request += 1) await ask(subject);
      await eventually(
        'three are counted',
        async () => (await discover<Stats>('STATS')).endpoints[0]!['num_requests'] === 3,
      );
      const stats = await discover<Stats & { started: string }>('STATS');
      expect(stats).toEqual({
        type: 'io.nats.micro.v1.stats_response',
        ...identity(),
        started: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
        endpoints: [
          {
            name: subject.replace('.', '-'),
            subject,
            queue_group: 'q',
            num_requests: 3,
            num_errors: 0,
            last_error: '',
            processing_time: expect.any(Number),
            average_processing_time: expect.any(Number),
          },
        ],
      });
      // Go decodes both into an int64: a fraction would not parse.
      const { processing_time: total, average_processing_time: average } = stats.endpoints[0]! as Record<
        string,
        number
      >;
      expect([Number.isInteger(total), Number.isInteger(average)]).toEqual([true, true]);
      expect(total).toBeGreaterThan(0);
      expect(average).toBe(Math.round(total! / 3));
    });

    it.each(['PING', 'INFO', 'STATS'])('answers %s to all, by name and by id', async (verb) => {
      await serve(echo);
      const { id } = await discover<{ id: string }>('PING');
      for (const suffix of [`.${service.name}`, `.${service.name}.${id}`]) {
        expect((await ask(`$SRV.${verb}${suffix}`)).json()).toMatchObject({ name: service.name, id });
      }
      const ids: string[] = [];
      for await (const answer of await caller.requestMany(`$SRV.${verb}`, '', { strategy: 'stall', maxWait: 2_000 })) {
        ids.push(answer.json<{ id: string }>().id);
      }
      expect(ids).toContain(id);
    });

    it('every replica answers discovery', async () => {
      await serve(echo, 2);
      const ids = new Set<string>();
      const options = { strategy: 'count', maxMessages: 2, maxWait: 5_000 } as const;
      for await (const answer of await caller.requestMany(`$SRV.PING.${service.name}`, '', options)) {
        ids.add(answer.json<{ id: string }>().id);
      }
      expect(ids.size).toBe(2);
    });
  });

  it('shares requests among replicas, each answered by one', async () => {
    const served = new Map<NatsConnection, number>();
    for (const connection of connections) {
      const handle: Handle = async (_subject, request) => {
        served.set(connection, (served.get(connection) ?? 0) + 1);
        request.respond('');
        return {};
      };
      running.push(serveEndpoints(connection, service, [subject], handle));
      await connection.flush();
    }
    await Promise.all(Array.from({ length: 200 }, () => ask(subject)));
    const shares = [...served.values()];
    expect(shares).toHaveLength(2);
    expect(shares.reduce((sum, share) => sum + share)).toBe(200);
  });

  it('counts errors and keeps the last', async () => {
    await serve(async (_subject, request) => {
      request.respond('');
      return request.string() === '' ? {} : { error: `400:${request.string()}` };
    });
    for (const body of ['', 'first', 'last', '']) await ask(subject, body);
    const counted = { num_requests: 4, num_errors: 2, last_error: '400:last' };
    await eventually(
      'four are counted',
      async () => (await discover<Stats>('STATS')).endpoints[0]!['num_requests'] === 4,
    );
    expect((await discover<Stats>('STATS')).endpoints).toMatchObject([counted]);
  });

  it('survives a handler that throws, and counts it as an error', async () => {
    await serve(async (_subject, request) => {
      if (request.string() === 'bad') throw new Error('cannot answer');
      request.respond('');
      return {};
    });
    caller.publish(subject, 'bad', { reply: '_INBOX.nobody' });
    await ask(subject);
    await eventually(
      'two are counted',
      async () => (await discover<Stats>('STATS')).endpoints[0]!['num_requests'] === 2,
    );
    expect((await discover<Stats>('STATS')).endpoints).toMatchObject([{ num_errors: 1, last_error: 'cannot answer' }]);
  });

  it('answers what was begun before it drained, and takes nothing more', async () => {
    const begun = gate();
    const finish = gate();
    await serve(async (_subject, request) => {
      begun.open();
      await finish.opened;
      request.respond('answered');
      return {};
    });
    const first = ask(subject);
    await begun.opened;
    let drained = false;
    const draining = running
      .splice(0)[0]!
      .drain()
      .then(() => (drained = true));
    // One that slips in before the drain has reached the broker is begun too, and waits with the first.
    const nobody = (): Promise<boolean> =>
      caller.request(subject, '', { timeout: 250 }).then(
        () => false,
        (error: unknown) => error instanceof RequestError && error.isNoResponders(),
      );
    await eventually('new requests find nobody', nobody);
    expect(drained).toBe(false);
    finish.open();
    expect((await first).string()).toBe('answered');
    await draining;
    await expect(ask(`$SRV.PING.${service.name}`)).rejects.toThrow(/no responders/i);
  }, 30_000);

  it('serves without being discovered: by name, by id or among all, nobody learns of it', async () => {
    const options = { discoverable: false };
    running.push(serveEndpoints(connections[0]!, service, [subject], echo, options));
    await connections[0]!.flush();
    expect((await ask(subject, 'asked')).string()).toBe('asked');
    // A second one, discoverable, shows that those who ask are answered.
    const other = { ...service, name: `${service.name}-seen` };
    running.push(serveEndpoints(connections[1]!, other, [`${subject}.seen`], echo));
    await connections[1]!.flush();
    for (const verb of ['PING', 'INFO', 'STATS']) {
      await expect(ask(`$SRV.${verb}.${service.name}`)).rejects.toThrow(/no responders/i);
      const names: string[] = [];
      for await (const answer of await caller.requestMany(`$SRV.${verb}`, '', { strategy: 'stall', maxWait: 2_000 })) {
        names.push(answer.json<{ name: string }>().name);
      }
      expect(names).toContain(other.name);
      expect(names).not.toContain(service.name);
    }
    expect(connections[0]!.isClosed()).toBe(false);
  });

  it('serves for a user who may answer no discovery, and nothing is refused: the gateway in a unit’s account', async () => {
    const mesh = await setupMesh({ units: ['ln.customs'], databases: false });
    const as = async (user: 'gateway' | 'sync' | 'backend'): Promise<NatsConnection> =>
      connect({
        servers: mesh.natsUrl,
        authenticator: credsAuthenticator(await readFile(mesh.home.credsFile('ln.customs', user))),
        inboxPrefix: `_INBOX_${user}`,
      });
    const [gateway, sync, backend] = [await as('gateway'), await as('sync'), await as('backend')];
    try {
      const refused: string[] = [];
      void (async () => {
        for await (const status of gateway.status()) if (status.type === 'error') refused.push(status.error.message);
      })();
      const described = { name: 'gateway', version: '0.0.1', description: '', metadata: {} };
      const hidden = serveEndpoints(gateway, described, [SUBJECTS.giveStatements], echo, { discoverable: false });
      const seen = serveEndpoints(sync, { ...described, name: 'customs-sync' }, ['results.find'], echo);
      await Promise.all([gateway.flush(), sync.flush()]);
      const asker = createAsker(sync);
      expect(await asker.ask(SUBJECTS.giveStatements, { asked: true })).toEqual({ ok: true, value: { asked: true } });
      const names: string[] = [];
      for await (const answer of await backend.requestMany('$SRV.PING', '', { strategy: 'stall', maxWait: 2_000 })) {
        names.push(answer.json<{ name: string }>().name);
      }
      expect({ names, refused }).toEqual({ names: ['customs-sync'], refused: [] });
      asker.close();
      await Promise.all([hidden.drain(), seen.drain()]);
    } finally {
      await Promise.all([gateway, sync, backend].map((one) => one.close()));
      await mesh.cleanup();
    }
  }, 60_000);

  it('leaves a connection intact whose user may not serve', async () => {
    const mesh = await setupMesh({ units: ['ln.customs'], databases: false });
    const creds = await readFile(mesh.home.credsFile('ln.customs', 'backend'));
    const backend = await connect({
      servers: mesh.natsUrl,
      authenticator: credsAuthenticator(creds),
      inboxPrefix: '_INBOX_backend',
    });
    try {
      const refused: string[] = [];
      void (async () => {
        for await (const status of backend.status()) if (status.type === 'error') refused.push(status.error.message);
      })();
      const service = serveEndpoints(
        backend,
        { name: 'intruder', version: '0.0.1', description: '', metadata: {} },
        ['results.submit'],
        echo,
      );
      await eventually('all ten subscriptions are refused', () => refused.length >= 10);
      await backend.flush();
      expect(backend.isClosed()).toBe(false);
      await service.drain();
    } finally {
      await backend.close();
      await mesh.cleanup();
    }
  }, 60_000);
});
