import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { jetstreamManager } from '@nats-io/jetstream';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { type Outcome, problem, type Problem, SUBJECTS, type UnitId } from '@clearance/contracts';
import { NotReadyError } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { createAsker } from './asker.ts';
import { connectUser, type MeshUser } from './connect.ts';
import type { DeadLetter, Received, Verdict } from './consume-batches.ts';
import type { DeadLetterBox, ReplayOutcome, RequestedLetter } from './dead-letters.ts';
import {
  Endpoint,
  type MessageContext,
  MeshTransport,
  PassFaultsToTransport,
  StreamConsumer,
} from './mesh-transport.ts';
import { createPublisher } from './publisher.ts';
import { eventually, gate, keepLines } from './real-broker.fixture.ts';
import { ensureStreams } from './streams.ts';

const UNITS: readonly UnitId[] = ['ln.customs', 'jl.customs'];
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const SECRET = 'E12345678';
const MAX_REQUEST = 4_096;

/** What the handlers of the module below were given. */
const given: { body: unknown; context: MessageContext }[] = [];
const copies: { unit: UnitId; traceparent: string; texts: string[] }[] = [];
let slow = gate();
let slowBegun = gate();

@Controller()
class Handlers {
  @Endpoint('results.submit')
  submit(@Payload() body: unknown, @Ctx() context: MessageContext): Outcome<unknown> {
    given.push({ body, context });
    return { ok: true, value: { 名称: '冻鳕鱼', unit: context.unit } };
  }

  @Endpoint('results.amend')
  refuse(): Outcome<unknown> {
    return { ok: false, problem: problem('conflict') };
  }

  @Endpoint('results.revoke')
  fail(@Payload() body: { how: string }): Promise<Outcome<unknown>> {
    switch (body.how) {
      case 'transient':
        throw new NotReadyError(`the database of ${SECRET} is away`);
      case 'rejected':
        return Promise.reject(new Error(`cannot store ${SECRET}`));
      case 'nothing':
        return Promise.resolve(undefined as unknown as Outcome<unknown>);
      default:
        throw new TypeError(`cannot read ${SECRET}`);
    }
  }

  @Endpoint('results.find')
  large(@Payload() body: { bytes: number }): Outcome<unknown> {
    return { ok: true, value: 'x'.repeat(body.bytes) };
  }

  @Endpoint('recognitions.request')
  async slow(): Promise<Outcome<unknown>> {
    slowBegun.open();
    await slow.opened;
    return { ok: true, value: 'slowly' };
  }

  @StreamConsumer('COPIES', { durable: 'sync', maxMessages: 10, lingerMs: 20 })
  copies(@Payload() messages: Received[], @Ctx() { unit, traceparent }: MessageContext): Verdict[] {
    const texts = messages.map(({ data }) => new TextDecoder().decode(data));
    copies.push({ unit, traceparent, texts });
    return texts.map((text) =>
      text === 'bad' ? { verdict: 'poison', cause: 'malformed', detail: 'not a copy' } : { verdict: 'done' },
    );
  }
}

@Module({ controllers: [Handlers] })
class TinyModule {}

/** What the gateway serves in the account of a unit. */
@Controller()
class HiddenHandlers {
  @Endpoint(SUBJECTS.giveStatements)
  take(@Payload() body: unknown): Outcome<unknown> {
    return { ok: true, value: body };
  }
}

@Module({ controllers: [HiddenHandlers] })
class HiddenModule {}

describe('MeshTransport, two units in one process', () => {
  let mesh: TestMesh;
  let app: INestMicroservice;
  const open: NatsConnection[] = [];
  const backends = new Map<UnitId, NatsConnection>();
  const gateways = new Map<UnitId, NatsConnection>();
  const letters: (DeadLetter & { unit: UnitId })[] = [];
  const requested: RequestedLetter[] = [];
  const concluded: [string, ReplayOutcome][] = [];
  const { log, lines } = keepLines();

  const connectAs = async (unit: UnitId, user: MeshUser): Promise<NatsConnection> => {
    const credsFile = mesh.home.credsFile(unit, user);
    const connection = await connectUser({ url: mesh.natsUrl, credsFile, user, name: 'transport spec' });
    open.push(connection);
    return connection;
  };

  beforeAll(async () => {
    mesh = await setupMesh({ units: UNITS, databases: false });
    const service = { name: 'customs-sync', version: '0.1.0', description: 'customs units' };
    const transport = new MeshTransport({ service, maxRequestBytes: MAX_REQUEST, log });
    app = await NestFactory.createMicroservice(TinyModule, { strategy: transport, logger: false });
    app.useGlobalFilters(new PassFaultsToTransport());
    // One unit is there before the transport listens, the other comes later.
    for (const unit of UNITS) {
      const connection = await connectAs(unit, 'sync');
      const prepare = () => ensureStreams(connection, ['COPIES'], { replicas: 1, maxBytes: 16 * 1024 ** 2 });
      const deadLetters: DeadLetterBox = {
        keep: async (letter) => void letters.push({ ...letter, unit }),
        takeRequested: async () => (unit === 'jl.customs' ? requested.splice(0) : []),
        conclude: async (id, outcome) => void concluded.push([id, outcome]),
      };
      await prepare();
      transport.addSeat({ unit, connection, prepare, deadLetters });
      if (unit === 'ln.customs') await app.listen();
      await connection.flush();
      backends.set(unit, await connectAs(unit, 'backend'));
      gateways.set(unit, await connectAs(unit, 'gateway'));
    }
  }, 60_000);

  afterAll(async () => {
    await app?.close();
    await Promise.all(open.map((connection) => connection.close()));
    await mesh?.cleanup();
  }, 30_000);

  const ask = (
    subject: string,
    body: string | Uint8Array,
    more: { unit?: UnitId; traceparent?: string } = {},
  ): Promise<Msg> => {
    const own = headers();
    if (more.traceparent !== undefined) own.set('traceparent', more.traceparent);
    return backends.get(more.unit ?? 'ln.customs')!.request(subject, body, { timeout: 10_000, headers: own });
  };

  it.each(UNITS)('gives an endpoint the parsed body and the unit in whose account it arrived: %s', async (unit) => {
    const answer = await ask('results.submit', '{"reference":"引用-1"}', { unit });
    expect(answer.headers?.has('Nats-Service-Error-Code') ?? false).toBe(false);
    expect(answer.json()).toEqual({ 名称: '冻鳕鱼', unit });
    expect(given.at(-1)).toMatchObject({ body: { reference: '引用-1' }, context: { unit } });
  });

  it('passes a well-formed traceparent on, and creates one otherwise', async () => {
    await ask('results.submit', '{}', { traceparent: TRACE });
    expect(given.at(-1)!.context.traceparent).toBe(TRACE);
    for (const traceparent of [undefined, '00-nonsense']) {
      await ask('results.submit', '{}', traceparent === undefined ? {} : { traceparent });
      expect(given.at(-1)!.context.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    }
  });

  const bytes = (...values: number[]): Uint8Array => new Uint8Array([0x22, ...values, 0x22]);
  it.each<[string, string, string | Uint8Array, Partial<Problem>]>([
    ['an empty body', 'results.submit', '', { status: 400, code: 'malformed-json' }],
    ['half an object', 'results.submit', '{"a":', { status: 400, code: 'malformed-json' }],
    ['two values', 'results.submit', '{} {}', { status: 400, code: 'malformed-json' }],
    ['a byte that UTF-8 does not have', 'results.submit', bytes(0xff), { status: 400, code: 'malformed-json' }],
    ['a character in GB 18030', 'results.submit', bytes(0xb1, 0xb1), { status: 400, code: 'malformed-json' }],
    [
      'a body one byte too large',
      'results.submit',
      JSON.stringify('x'.repeat(MAX_REQUEST - 1)),
      { status: 413, code: 'too-large' },
    ],
    ['a refusal by the handler', 'results.amend', '{}', { status: 409, code: 'conflict' }],
    ['surroundings that are away', 'results.revoke', '{"how":"transient"}', { status: 503, code: 'not-ready' }],
    ['a handler that throws', 'results.revoke', '{"how":"thrown"}', { status: 500, code: 'internal' }],
    ['a handler that rejects', 'results.revoke', '{"how":"rejected"}', { status: 500, code: 'internal' }],
    ['a handler that answers nothing', 'results.revoke', '{"how":"nothing"}', { status: 500, code: 'internal' }],
  ])('answers %s with a problem', async (_what, subject, body, expected) => {
    const before = given.length;
    const answer = await ask(subject, body);
    expect(answer.headers?.get('Nats-Service-Error-Code')).toBe(String(expected.status));
    expect(answer.headers?.get('Nats-Service-Error')).toMatch(/\S/);
    const told = answer.json<Problem>();
    expect(told).toEqual(problem(expected.code!));
    expect(told).toMatchObject(expected);
    expect(answer.string()).not.toContain(SECRET);
    expect(answer.headers?.get('Nats-Service-Error')).not.toContain(SECRET);
    expect(given).toHaveLength(before);
    // The service is still there.
    expect((await ask('results.submit', '{}')).json()).toMatchObject({ unit: 'ln.customs' });
  });

  it('answers that there is too much to tell when the broker would not carry the answer', async () => {
    const largest = 4 * 1024 ** 2 - 2;
    expect((await ask('results.find', `{"bytes":${largest}}`)).json<string>()).toHaveLength(largest);
    const answer = await ask('results.find', `{"bytes":${largest + 1}}`);
    expect(answer.headers?.get('Nats-Service-Error-Code')).toBe('413');
    expect(answer.json()).toMatchObject({ code: 'too-large', detail: expect.stringContaining('narrow the query') });
    expect((await ask('results.submit', '{}')).json()).toMatchObject({ unit: 'ln.customs' });
  });

  it('says when a request is worth repeating', async () => {
    expect((await ask('results.revoke', '{"how":"transient"}')).headers?.get('Retry-After')).toBe('2');
    expect((await ask('results.revoke', '{"how":"thrown"}')).headers?.get('Retry-After')).toBe('');
  });

  it('takes a body that is exactly as large as allowed', async () => {
    const answer = await ask('results.submit', JSON.stringify('x'.repeat(MAX_REQUEST - 2)));
    expect(answer.json()).toMatchObject({ unit: 'ln.customs' });
  });

  it('shows the service of each unit, with its metadata and its errors', async () => {
    for (const unit of UNITS) {
      const stats = await backends.get(unit)!.request('$SRV.STATS.customs-sync');
      expect(stats.json()).toMatchObject({ name: 'customs-sync', metadata: { unit } });
    }
    const stats = await backends.get('ln.customs')!.request('$SRV.STATS.customs-sync');
    const { endpoints } = stats.json<{ endpoints: { subject: string; num_errors: number; last_error: string }[] }>();
    const amend = endpoints.find(({ subject }) => subject === 'results.amend');
    expect(amend).toMatchObject({ num_requests: 1, num_errors: 1, last_error: '409:conflict' });
  });

  it('gives a stream’s messages to its handler in batches, and obeys each verdict', async () => {
    const publisher = createPublisher(gateways.get('jl.customs')!);
    await publisher.publishAll(['a', 'bad', 'c'].map((body) => ({ subject: 'copies.ln.customs', body })));
    publisher.close();
    const manager = await jetstreamManager(open[3]!, { checkAPI: false });
    await eventually('the stream is empty', async () => (await manager.streams.info('COPIES')).state.messages === 0);
    expect(copies.flatMap(({ texts }) => texts)).toEqual(['a', 'bad', 'c']);
    expect(new Set(copies.map(({ unit }) => unit))).toEqual(new Set(['jl.customs']));
    expect(copies[0]!.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(letters).toMatchObject([{ unit: 'jl.customs', stream: 'COPIES', cause: 'malformed', detail: 'not a copy' }]);
  }, 30_000);

  it('gives a dead letter that is to be replayed to the handler of its stream, and to no other', async () => {
    const letter = (id: string, stream: string, text: string): RequestedLetter => ({
      id,
      stream,
      subject: 'copies.ln.customs',
      body: Buffer.from(text),
    });
    copies.length = 0;
    requested.push(letter('1', 'COPIES', 'good by now'), letter('2', 'COPIES', 'bad'), letter('3', 'OFFERS', 'x'));
    await eventually('all are concluded', () => concluded.length === 3);
    expect(concluded).toEqual([
      ['1', { taken: true }],
      ['2', { taken: false, cause: 'malformed', detail: 'not a copy' }],
      ['3', { taken: false, cause: 'handler-failed', detail: 'Error: no verdict of a handler of OFFERS' }],
    ]);
    expect(copies.map(({ unit, texts }) => [unit, texts])).toEqual([
      ['jl.customs', ['good by now']],
      ['jl.customs', ['bad']],
    ]);
  }, 30_000);

  it('logs a fault once, with the unit and the subject', async () => {
    const before = lines.length;
    await ask('results.revoke', '{"how":"thrown"}');
    const [line, ...more] = lines.slice(before);
    expect(more).toEqual([]);
    expect(JSON.parse(line!)).toMatchObject({ level: 50, unit: 'ln.customs', subject: 'results.revoke' });
  });

  it('says slow-down at once when an endpoint has as much in work as it may, and serves the others', async () => {
    const code = ({ headers: told }: Msg): string => told?.get('Nats-Service-Error-Code') ?? '';
    const inWork = Array.from({ length: 2_048 }, () => ask('recognitions.request', '{}'));
    await backends.get('ln.customs')!.flush();
    const refused = await Promise.all(Array.from({ length: 10 }, () => ask('recognitions.request', '{}')));
    expect(refused.map(code)).toEqual(Array(10).fill('429'));
    expect(refused[0]!.headers?.get('Retry-After')).toBe('5');
    expect(refused[0]!.json()).toEqual(problem('slow-down'));
    expect((await ask('results.submit', '{}')).json()).toMatchObject({ unit: 'ln.customs' });
    slow.open();
    expect(new Set((await Promise.all(inWork)).map(code))).toEqual(new Set(['']));
    expect((await ask('recognitions.request', '{}')).json()).toBe('slowly');
    slow = gate();
    slowBegun = gate();
  }, 30_000);

  it('serves without being discovered, for a user who may not answer discovery', async () => {
    const own = await connectAs('ln.customs', 'gateway');
    const refused: string[] = [];
    void (async () => {
      for await (const status of own.status()) if (status.type === 'error') refused.push(status.error.message);
    })();
    const service = { name: 'gateway', version: '0.1.0', description: '' };
    const strategy = new MeshTransport({ service, discoverable: false, maxRequestBytes: MAX_REQUEST, log });
    const hidden = await NestFactory.createMicroservice(HiddenModule, { strategy, logger: false });
    const deadLetters: DeadLetterBox = {
      keep: async () => undefined,
      takeRequested: async () => [],
      conclude: async () => undefined,
    };
    strategy.addSeat({ unit: 'ln.customs', connection: own, prepare: async () => undefined, deadLetters });
    await hidden.listen();
    await own.flush();
    const asker = createAsker(await connectAs('ln.customs', 'sync'));
    expect(await asker.ask(SUBJECTS.giveStatements, { a: 1 })).toEqual({ ok: true, value: { a: 1 } });
    expect((await ask('$SRV.PING.customs-sync', '')).json()).toMatchObject({ name: 'customs-sync' });
    await expect(ask('$SRV.PING.gateway', '')).rejects.toThrow(/no responders/i);
    expect(refused).toEqual([]);
    asker.close();
    await hidden.close();
  }, 30_000);

  it('answers what it has begun before it closes', async () => {
    const answer = ask('recognitions.request', '{}');
    await slowBegun.opened;
    let closed = false;
    const closing = app.close().then(() => (closed = true));
    const refused = (): Promise<boolean> =>
      ask('results.submit', '{}').then(
        () => false,
        () => true,
      );
    await eventually('new requests find nobody', refused);
    expect(closed).toBe(false);
    slow.open();
    expect((await answer).json()).toBe('slowly');
    await closing;
    slow = gate();
    slowBegun = gate();
  }, 30_000);
});
