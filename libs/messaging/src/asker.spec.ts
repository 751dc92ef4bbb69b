import { connect, headers as createHeaders, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { problem } from '@clearance/contracts';
import { testServers } from '@clearance/testing';
import { type Asker, createAsker } from './asker.ts';
import { connectOpen } from './real-broker.fixture.ts';
import { reply } from './replies.ts';

let connection: NatsConnection;
let service: NatsConnection;
let asker: Asker;
beforeAll(async () => {
  connection = await connect({ servers: testServers().natsUrl, inboxPrefix: '_INBOX_gateway' });
  service = await connectOpen();
  asker = createAsker(connection);
});
afterAll(async () => {
  asker?.close();
  await Promise.all([connection, service].map((each) => each?.close()));
});

let subjects = 0;
/** A service on a subject of its own. */
async function serving(answer: (request: Msg) => void): Promise<string> {
  const subject = `asker-spec.${process.pid}.${(subjects += 1)}`;
  service.subscribe(subject, { callback: (_error, request) => answer(request) });
  await service.flush();
  return subject;
}

describe('createAsker', () => {
  it('gives each question its own answer, however they come back', async () => {
    const held: Msg[] = [];
    const subject = await serving((request) => {
      held.push(request);
      if (held.length === 20) for (const each of held.toReversed()) each.respond(each.data);
    });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => asker.ask(subject, { number })));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, number) => ({ ok: true, value: { number } })));
  });

  it('asks below an inbox for answers alone, and passes the trace on', async () => {
    const seen: Msg[] = [];
    const subject = await serving((request) => {
      seen.push(request);
      request.respond('{}');
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await asker.ask(subject, {}, { traceparent });
    expect(seen[0]!.reply).toMatch(/^_INBOX_gateway\.answers\.[A-Za-z0-9]+\.[0-9]+$/);
    expect(seen[0]!.headers?.get('traceparent')).toBe(traceparent);
  });

  it('takes over the code of a problem, and none of its words', async () => {
    const detail = { zh: '甲', en: 'words of another party' };
    const subject = await serving((request) =>
      reply(request, { ok: false, problem: problem('slow-down', { detail }) }, {}),
    );
    expect(await asker.ask(subject, {})).toEqual({ ok: false, problem: problem('slow-down') });
  });

  it.each([
    ['a code that there is not', '{"code":"surprise"}', true, 'internal'],
    ['an error that is no object', 'null', true, 'malformed-json'],
    ['an answer that is no JSON', '{"held":', false, 'malformed-json'],
  ] as const)('calls %s a problem', async (_what, body, isError, code) => {
    const subject = await serving((request) => {
      const headers = createHeaders();
      if (isError) headers.set('Nats-Service-Error-Code', '400');
      request.respond(body, { headers });
    });
    expect(await asker.ask(subject, {})).toEqual({ ok: false, problem: problem(code) });
  });

  it('is told at once that nobody is there', async () => {
    const answer = await asker.ask('asker-spec.nobody', {}, { timeoutMs: 3_600_000 });
    expect(answer).toEqual({ ok: false, problem: problem('not-ready') });
  });

  it('gives up on one who does not answer, and an answer that comes later disturbs nobody', async () => {
    let late: Msg | undefined;
    const subject = await serving((request) => {
      if (late === undefined) late = request;
      else request.respond('"second"');
    });
    expect(await asker.ask(subject, {}, { timeoutMs: 50 })).toEqual({ ok: false, problem: problem('not-ready') });
    late!.respond('"first"');
    expect(await asker.ask(subject, {})).toEqual({ ok: true, value: 'second' });
  });

  it('answers, and does not throw, on a connection that is closed', async () => {
    const gone = await connectOpen();
    const stranded = createAsker(gone);
    await gone.close();
    expect(await stranded.ask('asker-spec.any', {})).toEqual({ ok: false, problem: problem('not-ready') });
  });
});
