import { Controller, Get, Param, Post } from '@nestjs/common';
import { problem } from '@clearance/contracts';
import type { AuditedCall } from '../audit/calls-schema.ts';
import { findCalls } from '../audit/find-calls.ts';
import type { LedgerDatabase } from '../ledger/ledger-database.fixture.ts';
import { ProblemError } from './problem-filter.ts';
import { edgeDatabase, type RealEdge, startEdge, tokenOf } from './real-edge.fixture.ts';
import { Allow } from './roles.ts';

const RESULT = '0195f2f0-0000-7000-8000-000000000001';
let away = false;
let written = 0;
let entered: () => void;
let go: Promise<void>;

@Controller('api/v1/records')
class RecordsController {
  @Get(':id')
  @Allow('auditor')
  read(@Param('id') id: string): object {
    if (id === 'none') throw new ProblemError(problem('unknown'));
    return { id };
  }

  @Post(':id')
  @Allow('policy')
  write(@Param('id') id: string): object {
    written += 1;
    if (id === 'conflict') throw new ProblemError(problem('conflict'));
    return {};
  }

  @Post(':id/slowly')
  @Allow('policy', 'unit')
  async slowly(): Promise<object> {
    entered();
    await go;
    return {};
  }

  @Get(':id/slowly')
  @Allow('auditor')
  readSlowly(): Promise<object> {
    return this.slowly();
  }
}

let shared: LedgerDatabase;
let edge: RealEdge;
beforeAll(async () => {
  shared = await edgeDatabase();
});
afterAll(() => shared.drop());
beforeEach(async () => {
  away = false;
  written = 0;
  edge = await startEdge(shared.database, [RecordsController], { away: () => away, limits: { callsPerMinute: 20 } });
});
afterEach(async () => {
  away = false;
  await edge.stop();
});

/** What the journal says of the calls of somebody, the first first. */
async function callsOf(subject?: string): Promise<AuditedCall[]> {
  const query = subject === undefined ? {} : { subject: `spec-issuer#${subject}` };
  return (await findCalls(shared.database, query, { limit: 500, before: undefined })).calls.reverse();
}

async function untilThere<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the journal of calls', () => {
  it('tells who called what, and what they were answered', async () => {
    const token = await tokenOf('auditor', 'reader', { name: '张某某' });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const before = Date.now();
    const answer = await edge.call(`/api/v1/records/${RESULT}?person=E12345678`, { token, headers: { traceparent } });
    const [call, ...others] = await untilThere(async () => {
      const calls = await callsOf('reader');
      return calls.length > 0 ? calls : undefined;
    });
    expect(others).toEqual([]);
    expect(call).toEqual({
      callId: answer.headers.get('request-id'),
      at: expect.any(String),
      subject: 'spec-issuer#reader',
      roles: ['auditor'],
      unit: null,
      method: 'GET',
      route: '/api/v1/records/{id}',
      resources: { id: RESULT },
      status: 200,
      durationMs: expect.any(Number),
      traceparent,
      times: 1,
    });
    expect(Date.parse(call!.at)).toBeGreaterThanOrEqual(before);
    const lines = edge.lines.filter((line) => line.includes(call!.callId));
    expect(lines.map((line) => (JSON.parse(line) as { call: object }).call)).toEqual([call]);
    expect(edge.lines.join()).not.toMatch(/张某某|E12345678/);
  });

  it('holds nothing of a path that is not plainly an id', async () => {
    const token = await tokenOf('auditor', 'typist');
    await edge.call('/api/v1/records/E12345678', { token });
    await edge.call(`/api/v1/records/${encodeURIComponent('IVANOV PETR')}`, { token });
    await edge.call('/api/v1/records/2026.11-1', { token });
    await edge.stop();
    expect((await callsOf('typist')).map(({ resources }) => resources)).toEqual([{}, {}, { id: '2026.11-1' }]);
    expect(JSON.stringify(await shared.database.query('select * from api_call'))).not.toMatch(/E12345678|IVANOV/);
  });

  it('has a write before its answer is there, and its answer before that leaves', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    go = promise;
    entered = begun.resolve;
    const token = await tokenOf('unit', 'writer', { unit: 'ln.customs' });
    const answer = edge.call(`/api/v1/records/${RESULT}/slowly`, { method: 'POST', token });
    await begun.promise;
    expect(await callsOf('writer')).toMatchObject([
      { method: 'POST', roles: ['unit'], unit: 'ln.customs', status: null, durationMs: null },
    ]);
    resolve();
    await answer;
    expect(await callsOf('writer')).toMatchObject([{ status: 201, durationMs: expect.any(Number) }]);
    const rows = await shared.database.query('select 1 from api_call where subject = $1', ['spec-issuer#writer']);
    expect(rows).toHaveLength(2);
  });

  it('has a write that was refused by its handler, each time', async () => {
    const token = await tokenOf('policy', 'clasher');
    for (let time = 0; time < 3; time += 1)
      expect((await edge.call('/api/v1/records/conflict', { method: 'POST', token })).status).toBe(409);
    expect((await callsOf('clasher')).map(({ status }) => status)).toEqual([409, 409, 409]);
  });

  it('has a body that could not be read as a write that was refused', async () => {
    const token = await tokenOf('policy', 'garbler');
    await edge.call('/api/v1/records/1', { method: 'POST', token, body: '{' });
    expect(await callsOf('garbler')).toMatchObject([{ status: 400 }]);
    expect(written).toBe(0);
  });

  it('has a reader who went away before the answer', async () => {
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    go = gate.promise;
    entered = begun.resolve;
    const leaving = new AbortController();
    const call = fetch(`${edge.url}/api/v1/records/1/slowly`, {
      headers: { authorization: `Bearer ${await tokenOf('auditor', 'leaver')}` },
      signal: leaving.signal,
    }).catch(() => 'gone');
    await begun.promise;
    leaving.abort();
    expect(await call).toBe('gone');
    const calls = await untilThere(async () => ((await callsOf('leaver')).length > 0 ? callsOf('leaver') : undefined));
    expect(calls).toMatchObject([{ status: 499 }]);
    gate.resolve();
  });

  describe('while the database is away', () => {
    it('no write is done, and it says 503', async () => {
      away = true;
      const answer = await edge.call('/api/v1/records/1', { method: 'POST', role: 'policy' });
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'not-ready', retryAfter: expect.any(Number) });
      expect(written).toBe(0);
    });

    it('reads go on, and are written down when it is there again', async () => {
      away = true;
      const token = await tokenOf('auditor', 'patient');
      expect((await edge.call('/api/v1/records/1', { token })).status).toBe(200);
      await untilThere(async () => (edge.lines.some((line) => line.includes('trying again')) ? true : undefined));
      away = false;
      const calls = await untilThere(async () =>
        (await callsOf('patient')).length > 0 ? await callsOf('patient') : undefined,
      );
      expect(calls).toMatchObject([{ status: 200 }]);
    });

    it('a write that was done and cannot be recorded as done is answered 503, and stands as begun', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      go = promise;
      entered = begun.resolve;
      const token = await tokenOf('policy', 'unlucky');
      const answer = edge.call('/api/v1/records/1/slowly', { method: 'POST', token });
      await begun.promise;
      away = true;
      resolve();
      expect((await answer).status).toBe(503);
      away = false;
      await edge.stop();
      const calls = await callsOf('unlucky');
      // Its answer was the 503, told once that could be written.
      expect(calls).toMatchObject([{ status: 503 }]);
    });
  });

  describe('of refused calls', () => {
    it('has the first of each kind, and of many more their number', async () => {
      const auditor = await tokenOf('auditor', 'prowler');
      for (let time = 0; time < 60; time += 1) await edge.call('/api/v1/records/1');
      for (let time = 0; time < 7; time += 1) await edge.call('/api/v1/records/1', { method: 'POST', token: auditor });
      for (let time = 0; time < 5; time += 1) await edge.call(`/api/v1/nothing/${time}`);
      await edge.stop();
      const refused = (await callsOf()).filter(
        ({ subject, status }) =>
          [401, 403, 404].includes(status!) && (subject ?? 'spec-issuer#prowler').endsWith('prowler'),
      );
      const rows = refused.map(({ subject, method, route, status, times }) => [subject, method, route, status, times]);
      const route = '/api/v1/records/{id}';
      expect(rows.sort()).toEqual(
        [
          [null, 'GET', route, 401, 1],
          [null, 'GET', route, 401, 59],
          ['spec-issuer#prowler', 'POST', route, 403, 1],
          ['spec-issuer#prowler', 'POST', route, 403, 6],
          [null, 'GET', null, 404, 1],
          [null, 'GET', null, 404, 4],
        ].sort(),
      );
    });

    it('has those that were too many', async () => {
      const token = await tokenOf('auditor', 'hurrier');
      const statuses: number[] = [];
      for (let time = 0; time < 24; time += 1) statuses.push((await edge.call('/api/v1/records/1', { token })).status);
      expect(statuses).toEqual([...Array<number>(20).fill(200), ...Array<number>(4).fill(429)]);
      await edge.stop();
      const times = (status: number) => async () =>
        (await callsOf('hurrier')).filter((call) => call.status === status).reduce((sum, call) => sum + call.times, 0);
      expect([await times(200)(), await times(429)()]).toEqual([20, 4]);
    });
  });

  it.each([
    ['change', `update api_call set status = 200`],
    ['change of no row', `update api_call set status = 200 where false`],
    ['removal', 'delete from api_call'],
    ['truncation', 'truncate api_call'],
  ])('refuses %s, at the database', async (_what, statement) => {
    await expect(shared.database.query(statement)).rejects.toThrow('only ever added to');
  });

  it('is read in pages, the newest first, each call once', async () => {
    const token = await tokenOf('policy', 'pager');
    for (let time = 0; time < 7; time += 1) await edge.call(`/api/v1/records/${RESULT}`, { method: 'POST', token });
    const subject = 'spec-issuer#pager';
    const all = (await findCalls(shared.database, { subject }, { limit: 50, before: undefined })).calls;
    expect(all.map(({ status }) => status)).toEqual(Array(7).fill(201));
    const paged: AuditedCall[] = [];
    for (let before: string | undefined, more = true; more;) {
      const page = await findCalls(shared.database, { subject }, { limit: 3, before });
      paged.push(...page.calls);
      before = page.next;
      more = before !== undefined;
    }
    expect(paged).toEqual(all);
    const [newest, oldest] = [all[0]!, all.at(-1)!];
    const since = (from: string, to?: string) =>
      findCalls(
        shared.database,
        { subject, from: Date.parse(from), ...(to === undefined ? {} : { to: Date.parse(to) }) },
        { limit: 50, before: undefined },
      );
    expect((await since(oldest.at)).calls).toEqual(all);
    expect((await since(newest.at, oldest.at)).calls).toEqual([]);
    const route = '/api/v1/records/{id}';
    const of = async (asked: string) =>
      (await findCalls(shared.database, { subject, route: asked }, { limit: 50, before: undefined })).calls.length;
    expect([await of(route), await of('/api/v1/records')]).toEqual([7, 0]);
  });
});
