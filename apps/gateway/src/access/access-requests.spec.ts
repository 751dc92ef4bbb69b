import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type {
  AccessDetails,
  AccessRequest,
  AccessRequests,
  AccessState,
  AccessStatement,
  DecisionStatement,
  Problem,
  RequestStatement,
  UnitId,
} from '@clearance/contracts';
import { statementDigest } from '@clearance/provenance';
import { openRealGateway, type RealGateway } from '../enforce/real-gateway.fixture.ts';
import { type CallOptions, type RealEdge, startEdge, tokenOf } from '../http/real-edge.fixture.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { AccessRequestsController } from './access-requests.controller.ts';
import { takeStatements } from './take-statements.ts';

const OWNER: UnitId = 'ln.customs';
const ASKER: UnitId = 'hl.border';
const THIRD: UnitId = 'jl.border';
const DAY_MS = 86_400_000;
const NAME = '/consignee/name';
const PATH = '/api/v1/access-requests';

let own: RealGateway;
let edge: RealEdge;
/** Ids of what there is, by what it is; the newest last. */
const made = new Map<string, string>();

beforeAll(async () => {
  own = await openRealGateway(
    [OWNER, ASKER, THIRD],
    [
      {
        id: 'NL-1',
        title: { zh: '收货人', en: 'Consignee' },
        class: 'conditional',
        legalBasis: '《海关法》第七十二条第（五）项',
        owner: 'customs',
        match: { kinds: ['customs.scan'] },
        consumers: { only: ['*.border'] },
        fields: [NAME],
        purposes: ['counter-smuggling'],
      },
    ],
  );
  const host = { gateway: () => own.gateway };
  const providers = [{ provide: GATEWAY_HOST, useValue: host }];
  edge = await startEdge(own.database, [AccessRequestsController], { providers });
  await make();
}, 60_000);
afterAll(async () => {
  await edge?.stop();
  await own?.cleanup();
}, 60_000);

const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
async function say(unit: UnitId, statement: AccessStatement): Promise<void> {
  const outcome = await takeStatements(own.gateway, unit, { statements: [own.say(unit, statement)] });
  expect(outcome).toMatchObject({ ok: true, value: { outcomes: [{ taken: true }] } });
}
async function ask(requester: UnitId, daysAgo: number): Promise<RequestStatement> {
  const request: RequestStatement = {
    type: 'access-request',
    requestId: uuidv7(),
    reference: 'A-1',
    requester,
    about: { issuer: OWNER, kinds: ['customs.scan'], since: '2026-11-21T00:00:00Z' },
    paths: [NAME],
    purpose: 'counter-smuggling',
    legalReference: '缉私立案〔2026〕14号',
    until: at(DAY_MS),
    requestedAt: at(-daysAgo * DAY_MS),
  };
  await say(requester, request);
  // As if the gateway had taken it then.
  await own.database.query(
    `update access_request set received_at = received_at - $2 * interval '1 day', due_at = due_at - $2 * interval '1 day'
     where request_id = $1`,
    [request.requestId, daysAgo],
  );
  return request;
}
const answerTo = ({ requestId, requester, about, paths, purpose }: RequestStatement, until?: string) => ({
  type: 'access-decision' as const,
  requestId,
  request: '',
  owner: OWNER,
  requester,
  by: 'owner' as const,
  decidedAt: at(-DAY_MS),
  ...(until === undefined ? {} : { grant: { about, paths, purpose, until } }),
});
async function decide(request: RequestStatement, decision: Partial<DecisionStatement>, until?: string) {
  const statement = { ...answerTo(request, until), request: statementDigest(request), ...decision };
  await say(OWNER, statement as DecisionStatement);
}
async function make(): Promise<void> {
  // A fortnight is the time for an answer.
  made.set('overdue', (await ask(ASKER, 20)).requestId);
  const refused = await ask(ASKER, 5);
  await decide(refused, { decision: 'refused', reason: '与案件无关' });
  made.set('refused', refused.requestId);
  const expired = await ask(THIRD, 4);
  const soon = at(4_000);
  await decide(expired, { decision: 'granted-in-part', reason: '只限一时' }, soon);
  made.set('expired', expired.requestId);
  const granted = await ask(ASKER, 3);
  await decide(granted, { decision: 'granted' }, granted.until);
  made.set('granted', granted.requestId);
  made.set('open', (await ask(THIRD, 2)).requestId);
  for (; at(0) <= soon; await delay(20));
}

/** The newest first. */
const all = (): string[] => [...made.keys()].reverse();
const nameOf = ({ requestId }: AccessRequest): string | undefined => [...made].find(([, id]) => id === requestId)?.[0];
const unitToken = (unit: UnitId, ...roles: string[]): Promise<string> =>
  tokenOf('unit', `somebody-${unit}`, { unit, roles: ['unit', ...roles] });
async function listed(query = '', options: CallOptions = { role: 'coordinator' }): Promise<AccessRequests> {
  const response = await edge.call(`${PATH}${query}`, options);
  expect(response.status).toBe(200);
  return (await response.json()) as AccessRequests;
}
const idOf = (name: string): string => made.get(name) ?? name;

describe('the list of requests', () => {
  it.each<[string, string, readonly string[]]>([
    ['has all, the newest first', '', ['open', 'granted', 'expired', 'refused', 'overdue']],
    ['by state', '?state=open', ['open', 'overdue']],
    ['by what they are at their time, noted or not', '?state=expired', ['expired']],
    ['without those whose time is over among the granted', '?state=granted-in-part', []],
    ['by who asks', `?requester=${THIRD}`, ['open', 'expired']],
    ['by who is asked', `?owner=${THIRD}`, []],
    ['by who is asked, and who asks', `?owner=${OWNER}&requester=${ASKER}`, ['granted', 'refused', 'overdue']],
    ['of what was not answered in time', '?overdue=true', ['overdue']],
    ['whether that is over or not', '?overdue=false&state=open', ['open', 'overdue']],
    ['by all of it together', `?state=refused&requester=${ASKER}&overdue=true`, []],
  ])('%s', async (_what, query, expected) => {
    expect((await listed(query)).requests.map(nameOf)).toEqual(expected);
  });

  it('comes page by page: each request once, whatever the filter', async () => {
    for (const [filter, expected] of [
      ['', all()],
      [`&requester=${ASKER}`, ['granted', 'refused', 'overdue']],
    ] as const) {
      const names: (string | undefined)[] = [];
      let cursor: string | undefined;
      do {
        const page = await listed(`?limit=2${filter}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
        expect(page.requests.length).toBeLessThanOrEqual(2);
        names.push(...page.requests.map(nameOf));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(names).toEqual(expected);
    }
  });

  it('names every parameter that is at fault', async () => {
    const query = '?state=submitted&requester=LN&owner=&overdue=yes&limit=201&cursor=abc&what=1';
    const response = await edge.call(`${PATH}${query}`, { role: 'auditor' });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as Problem;
    expect(errors.map(({ pointer, code }) => `${pointer} ${code}`).sort()).toEqual([
      '/cursor bad-format',
      '/limit out-of-range',
      '/overdue bad-format',
      '/owner bad-format',
      '/requester bad-format',
      '/state bad-format',
      '/what unknown-member',
    ]);
  });

  it.each(['state=open&state=granted', `owner=${OWNER}&owner=${ASKER}`, 'overdue[x]=true', 'cursor=a&cursor=b'])(
    'takes no parameter twice: %s',
    async (query) => {
      expect((await edge.call(`${PATH}?${query}`, { role: 'auditor' })).status).toBe(400);
    },
  );
});

describe('one request', () => {
  it('is told with what its parties have signed', async () => {
    const response = await edge.call(`${PATH}/${idOf('refused')}`, { role: 'policy' });
    const { state, decision, said } = (await response.json()) as AccessDetails;
    expect({ state, decision }).toMatchObject({ state: 'refused', decision: { reason: '与案件无关', by: 'owner' } });
    expect(said.request.statement.requestId).toBe(idOf('refused'));
    expect(said.decision?.statement).toMatchObject({ request: statementDigest(said.request.statement) });
    expect(said.revocation).toBeUndefined();
  });

  it.each<[string, number]>([
    [uuidv7(), 404],
    ['1', 400],
    ['%00', 400],
  ])('%s: %i', async (id, status) => {
    expect((await edge.call(`${PATH}/${id}`, { role: 'auditor' })).status).toBe(status);
  });
});

describe('a unit', () => {
  it.each<[UnitId, string[], readonly string[]]>([
    [ASKER, [], ['granted', 'refused', 'overdue']],
    [THIRD, [], ['open', 'expired']],
    [OWNER, [], ['open', 'granted', 'expired', 'refused', 'overdue']],
    // What another role does not open it does not open for a unit either.
    [THIRD, ['firm'], ['open', 'expired']],
    [THIRD, ['auditor'], ['open', 'granted', 'expired', 'refused', 'overdue']],
  ])('%s %j sees what it asks and what it is asked, and of the rest not that it is there', async (unit, roles, own) => {
    const token = await unitToken(unit, ...roles);
    expect((await listed('', { token })).requests.map(nameOf)).toEqual(own);
    expect((await listed(`?requester=${ASKER}`, { token })).requests.map(nameOf)).toEqual(
      own.filter((name) => ['granted', 'refused', 'overdue'].includes(name)),
    );
    const answers = await Promise.all(
      all().map(async (name) => [name, (await edge.call(`${PATH}/${idOf(name)}`, { token })).status]),
    );
    expect(answers).toEqual(all().map((name) => [name, own.includes(name) ? 200 : 404]));
  });

  it('is told of what concerns others exactly what it is told of nothing', async () => {
    const token = await unitToken(ASKER);
    const problems = await Promise.all(
      [idOf('open'), uuidv7()].map(async (id) => (await edge.call(`${PATH}/${id}`, { token })).json()),
    );
    const [others, nothing] = problems.map((each) => ({ ...(each as Problem & { instance?: string }), instance: '' }));
    expect(others).toEqual(nothing);
  });
});

describe('a reminder', () => {
  const remind = (id: string, options: CallOptions): Promise<Response> =>
    edge.call(`${PATH}/${id}/reminders`, { method: 'POST', body: '{}', ...options });
  async function noticesOf(id: string): Promise<string[]> {
    const rows: { unit: string; notice: string }[] = await own.database.query(
      'select unit, notice from access_notice order by notice_id',
    );
    return rows
      .map(({ unit, notice }) => ({ unit, ...(JSON.parse(notice) as { notice: string; requestId: string }) }))
      .filter(({ requestId }) => requestId === id)
      .map(({ unit, notice }) => `${unit} ${notice}`);
  }

  it.each<[string, string, number]>([
    ['coordinator', 'open', 202],
    ['coordinator', 'overdue', 202],
    ['coordinator', 'refused', 409],
    ['coordinator', 'granted', 409],
    ['coordinator', 'expired', 409],
    ['coordinator', '0195f2f0-0000-7000-8000-000000000000', 404],
    ['coordinator', 'none', 400],
    ['policy', 'open', 403],
    ['policy-approver', 'open', 403],
    ['auditor', 'open', 403],
    ['firm', 'open', 403],
  ])('by a %s of what is %s: %i', async (role, name, status) => {
    const id = idOf(name);
    const before = await noticesOf(id);
    const asked = Date.now();
    const response = await remind(id, { role });
    expect(response.status).toBe(status);
    expect(await noticesOf(id)).toEqual(status === 202 ? [...before, `${OWNER} reminded`] : before);
    if (status !== 202) return;
    const { state, remindedAt } = (await response.json()) as { state: AccessState; remindedAt: string };
    expect(state).toBe('open');
    expect(Date.parse(remindedAt)).toBeGreaterThanOrEqual(asked);
  });

  it('is for no unit, not even the one that asks', async () => {
    expect((await remind(idOf('open'), { token: await unitToken(THIRD) })).status).toBe(403);
  });

  it('that is sent again with its key reminds once', async () => {
    const before = await noticesOf(idOf('open'));
    const headers = { 'Idempotency-Key': 'reminder-1' };
    const answers = [];
    for (let count = 0; count < 2; count += 1)
      answers.push(await (await remind(idOf('open'), { role: 'coordinator', headers })).json());
    expect(answers[1]).toEqual(answers[0]);
    expect(await noticesOf(idOf('open'))).toEqual([...before, `${OWNER} reminded`]);
  });

  it('has nothing to say', async () => {
    const response = await remind(idOf('open'), { role: 'coordinator', body: '{"text":"请尽快答复"}' });
    expect(response.status).toBe(400);
    expect(((await response.json()) as Problem).errors).toMatchObject([{ pointer: '/text', code: 'unknown-member' }]);
  });
});
