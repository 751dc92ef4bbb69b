import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { problem } from '@clearance/contracts';
import type { LedgerDatabase } from '../ledger/ledger-database.fixture.ts';
import type { HttpResponse } from './call.ts';
import { Idempotent } from './idempotent.ts';
import { ProblemError } from './problem-filter.ts';
import { edgeDatabase, type RealEdge, startEdge, tokenOf } from './real-edge.fixture.ts';
import { Allow } from './roles.ts';
import { claimKey, MAX_STORED_BODY, sweepAnswers } from './stored-answers.ts';

/** How often each thing was done, whichever replica did it. */
const done = new Map<string, number>();
/** Work that waits until the test lets it go on. */
const gates = new Map<string, { entered: () => void; open: Promise<void> }>();

@Controller('api/v1/things')
class ThingsController {
  @Post(':id')
  @Allow('policy')
  @Idempotent()
  @HttpCode(201)
  async make(
    @Param('id') id: string,
    @Body() body: { status?: number; size?: number } | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<object> {
    const times = (done.get(id) ?? 0) + 1;
    done.set(id, times);
    gates.get(id)?.entered();
    await gates.get(id)?.open;
    if (body?.status === 500) throw new Error('a fault');
    if (body?.status === 409) throw new ProblemError(problem('conflict'));
    if (body?.status === 429) throw new ProblemError(problem('slow-down'));
    if (body?.status === 202) response.status(202);
    response.setHeader('ETag', `"${times}"`);
    response.setHeader('Location', `/api/v1/things/${id}`);
    return { id, times, ...(body?.size === undefined ? {} : { text: 'x'.repeat(body.size) }) };
  }

  @Post(':id/plainly')
  @Allow('policy')
  plainly(@Param('id') id: string): object {
    done.set(id, (done.get(id) ?? 0) + 1);
    return { times: done.get(id) };
  }

  @Get(':id')
  @Allow('policy')
  read(@Param('id') id: string): object {
    return { times: done.get(id) };
  }
}

let shared: LedgerDatabase;
let replicas: [RealEdge, RealEdge];
beforeAll(async () => {
  shared = await edgeDatabase();
  const start = () => startEdge(shared.database, [ThingsController]);
  replicas = [await start(), await start()];
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await shared.drop();
});

interface Sent {
  id: string;
  key?: string;
  body?: object;
  role?: string;
  token?: string;
  headers?: Record<string, string>;
  path?: string;
}
const send = (replica: RealEdge, { id, key, body = {}, role = 'policy', token, headers = {}, path = '' }: Sent) =>
  replica.call(`/api/v1/things/${id}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...headers, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    ...(token === undefined ? { role } : { token }),
  });

describe('a write that is sent again with its idempotency key', () => {
  it('is done once, and gets its first answer again: status, headers and body, from either replica', async () => {
    const first = await send(replicas[0], { id: 'a', key: '"k-a"', body: { status: 202 } });
    const again = await send(replicas[1], { id: 'a', key: 'k-a', body: { status: 202 } });
    expect(done.get('a')).toBe(1);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(await again.text()).toBe(await first.text());
    for (const name of ['etag', 'location', 'content-type'])
      expect({ name, value: again.headers.get(name) }).toEqual({ name, value: first.headers.get(name) });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is done each time without a key, with another key, and where the route does not keep answers', async () => {
    await send(replicas[0], { id: 'b' });
    await send(replicas[0], { id: 'b' });
    await send(replicas[0], { id: 'b', key: 'k-b1' });
    await send(replicas[0], { id: 'b', key: 'k-b2' });
    expect(done.get('b')).toBe(4);
    await send(replicas[0], { id: 'b', key: 'k-b1', path: '/plainly' });
    await send(replicas[0], { id: 'b', key: 'k-b1', path: '/plainly' });
    expect(done.get('b')).toBe(6);
  });

  it('is another’s own when another sends it: keys are their caller’s', async () => {
    const [one, other] = await Promise.all([tokenOf('policy', 'one'), tokenOf('policy', 'other')]);
    await send(replicas[0], { id: 'c', key: 'k-c', token: one });
    const answer = await send(replicas[0], { id: 'c', key: 'k-c', token: other, body: { size: 1 } });
    expect({ status: answer.status, done: done.get('c') }).toEqual({ status: 201, done: 2 });
  });

  it.each([
    ['body', { body: { size: 2 } }],
    ['path', { id: 'd-elsewhere' }],
    ['query', { path: '?a=1' }],
    ['precondition', { headers: { 'if-match': '"2"' } }],
  ])('with another %s is refused with 422', async (what, change) => {
    const first = { id: `d-${what}`, key: `k-d-${what}`, headers: { 'if-match': '"1"' } };
    expect((await send(replicas[0], first)).status).toBe(201);
    const answer = await send(replicas[1], { ...first, ...change });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ status: 422, code: 'key-reused' });
    expect(done.get(first.id)).toBe(1);
    expect(done.get('d-elsewhere')).toBeUndefined();
  });

  it('while the first is under way is refused with 409, by both replicas; and then gets the first answer', async () => {
    const { promise: open, resolve: go } = Promise.withResolvers<void>();
    const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
    gates.set('e', { open, entered: enter });
    const first = send(replicas[0], { id: 'e', key: 'k-e' });
    await entered;
    for (const replica of replicas) {
      const meanwhile = await send(replica, { id: 'e', key: 'k-e' });
      expect({ status: meanwhile.status, after: meanwhile.headers.get('retry-after') }).toEqual({
        status: 409,
        after: '2',
      });
      expect(await meanwhile.json()).toMatchObject({ code: 'in-progress', retryAfter: 2 });
    }
    go();
    const answer = await (await first).text();
    expect(await (await send(replicas[1], { id: 'e', key: 'k-e' })).text()).toBe(answer);
    expect(done.get('e')).toBe(1);
  });

  it('is done once when it comes many times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => send(replicas[index % 2]!, { id: 'f', key: 'k-f' })),
    );
    expect(done.get('f')).toBe(1);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
  });

  it.each([
    [409, 1],
    [429, 2],
    [500, 2],
  ])('after an answer %i has been done %i times', async (status, times) => {
    const request = { id: `g-${status}`, key: `k-g-${status}`, body: { status } };
    const first = await send(replicas[0], request);
    const again = await send(replicas[1], request);
    expect([first.status, again.status]).toEqual([status, status]);
    expect(await again.text()).toBe(await first.text());
    expect(done.get(request.id)).toBe(times);
  });

  it('is told that it was done when its answer was too large to be kept', async () => {
    const request = { id: 'h', key: 'k-h', body: { size: MAX_STORED_BODY } };
    expect((await send(replicas[0], request)).status).toBe(201);
    const again = await send(replicas[0], request);
    expect(again.status).toBe(409);
    expect(((await again.json()) as { detail: string }).detail).toContain('was carried out');
    expect(done.get('h')).toBe(1);
    const [row] = await shared.database.query(`select body from idempotent_answer where key = 'k-h'`);
    expect(row).toEqual({ body: null });
  });

  it.each([
    ['an empty key', '""'],
    ['a key of 256 characters', 'x'.repeat(256)],
    ['two keys', 'a, b'],
  ])('is refused with 400 if it has %s', async (_what, key) => {
    const answer = await send(replicas[0], { id: 'i', key });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: '/Idempotency-Key', code: 'bad-format' }] });
    expect(done.get('i')).toBeUndefined();
  });

  it('keeps no key of a call that was not let in', async () => {
    await send(replicas[0], { id: 'j', key: 'k-j', role: 'auditor' });
    expect(await shared.database.query(`select 1 from idempotent_answer where key = 'k-j'`)).toEqual([]);
  });

  it('is done anew after a day, and its answer is swept', async () => {
    await send(replicas[0], { id: 'k', key: 'k-k' });
    await shared.database.query(`update idempotent_answer set expires_at = now() where key = 'k-k'`);
    await send(replicas[1], { id: 'k', key: 'k-k' });
    expect(done.get('k')).toBe(2);
    expect(await sweepAnswers(shared.database)).toBe(0);
    await shared.database.query(`update idempotent_answer set expires_at = now() where key = 'k-k'`);
    expect(await sweepAnswers(shared.database)).toBe(1);
    expect(await shared.database.query(`select 1 from idempotent_answer where key = 'k-k'`)).toEqual([]);
  });

  it('is done by another replica when the one that had it has died, and not before', async () => {
    const request = { subject: 'spec-issuer#somebody', key: 'k-l', digest: 'd' };
    expect(await claimKey(shared.database, request)).toMatchObject({ state: 'ours' });
    expect(await claimKey(shared.database, request)).toEqual({ state: 'running' });
    await shared.database.query(`update idempotent_answer set running_until = now() where key = 'k-l'`);
    expect(await claimKey(shared.database, { ...request, digest: 'another' })).toEqual({ state: 'another-request' });
    expect(await claimKey(shared.database, request)).toMatchObject({ state: 'ours' });
  });
});
