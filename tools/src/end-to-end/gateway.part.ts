import { createHash, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { SignJWT } from 'jose';
import { type ResultContent, type ResultView, unitsOf, type UnitId } from '@clearance/contracts';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '@clearance/provision';
import { CHAIN_START, verifyChain } from '@clearance/provenance';
import { borderCrew, customsExamination, inspectionQuarantine } from '@clearance/testing';
import { find, submit } from '../traffic/backend.ts';
import { type Disclosures, settledDisclosures } from './disclosures.ts';
import { type Answer, ask, readiness } from './gateway-http.ts';
import { mesh } from './shared-mesh.fixture.ts';
import { eventually } from './test-local-mesh.ts';

const disclosuresOf = (id: string) => `/api/v1/results/${id}/disclosures`;

async function submitted(unit: UnitId, content: ResultContent): Promise<string> {
  const outcome = await submit(mesh.backend(unit), content);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value.resultId;
}

/** A unit's own view of a result, once it has one. */
function viewAt(unit: UnitId, resultId: string): Promise<ResultView> {
  return eventually(async () => {
    const found = await find(mesh.backend(unit), { resultId });
    return found.ok ? found.value.results[0] : undefined;
  }, `${unit}: ${resultId}`);
}

const others = (unit: UnitId): UnitId[] => unitsOf(mesh.mesh).filter((each) => each !== unit);
/** All that a token discloses, in the clear. */
const disclosedBy = (token: string): string =>
  token
    .split('~')
    .slice(1)
    .map((part) => Buffer.from(part, 'base64url').toString('utf8'))
    .join('\n');

describe('who may ask the gateway', () => {
  let resultId: string;
  beforeAll(async () => {
    resultId = await submitted('ln.customs', customsExamination('gateway-roles'));
    await settledDisclosures(mesh, resultId);
  });

  it.each([
    ['no token', undefined],
    ['no JWT', 'abc'],
    ['three parts of nothing', 'a.b.c'],
    [
      'a token that is not signed',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ role: 'auditor', iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE })).toString('base64url')}.`,
    ],
  ])('answers 401 to %s', async (_what, token) => {
    const answer = await ask(mesh, disclosuresOf(resultId), token === undefined ? {} : { token });
    expect(answer).toMatchObject({ status: 401, body: { status: 401, code: 'forbidden', detail: expect.any(String) } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer, DPoP algs="ES256 /);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  describe('with a token of the right key', () => {
    interface Claims {
      role?: string;
      audience?: string;
      issuer?: string;
      expires?: number;
    }
    const signed = async ({
      role = 'auditor',
      audience = TOKEN_AUDIENCE,
      issuer = TOKEN_ISSUER,
      expires = 60,
    }: Claims) => {
      const jwk = JSON.parse(await readFile(mesh.home.tokenKeyFile, 'utf8'));
      return new SignJWT({ role })
        .setProtectedHeader({ alg: 'EdDSA', kid: jwk.kid })
        .setIssuer(issuer)
        .setSubject('somebody')
        .setAudience(audience)
        .setSubject('spec')
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + expires)
        .sign(createPrivateKey({ key: jwk, format: 'jwk' }));
    };
    it.each<[string, Claims, number]>([
      ['a good one', {}, 200],
      ['one that expired a moment ago, as another clock may have it', { expires: -30 }, 200],
      ['an expired one', { expires: -90 }, 401],
      ['one for another service', { audience: 'console' }, 401],
      ['one of another issuer', { issuer: 'someone' }, 401],
      ['one with a role that there is not', { role: 'admin' }, 403],
      ['a firm', { role: 'firm' }, 403],
    ])('%s', async (_what, claims, status) => {
      expect((await ask(mesh, disclosuresOf(resultId), { token: await signed(claims) })).status).toBe(status);
    });
  });

  it.each([
    ['coordinator', 200],
    ['auditor', 200],
    ['policy', 403],
    ['policy-approver', 403],
    ['firm', 403],
    ['hl.border', 403],
  ] as const)('disclosures, to %s: %i', async (role, status) => {
    const answer = await ask(mesh, disclosuresOf(resultId), { role });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: 'forbidden', status: 403 });
  });

  it.each([
    ['policy', 400],
    ['policy-approver', 403],
    ['coordinator', 403],
    ['auditor', 403],
    ['firm', 403],
  ] as const)('a draft, begun by %s: %i', async (role, status) => {
    expect((await ask(mesh, '/api/v1/drafts', { role, method: 'POST', body: {} })).status).toBe(status);
  });

  it('answers 401 to a draft begun by nobody, before it reads it', async () => {
    expect((await ask(mesh, '/api/v1/drafts', { method: 'POST', body: { document: 'x', reason: 'y' } })).status).toBe(
      401,
    );
  });

  it.each([
    ['no UUID', 'abc', 400, 'invalid'],
    ['something like SQL', encodeURIComponent("' or 1=1"), 400, 'invalid'],
    ['no text', '%ff', 400, 'invalid'],
    ['a result that there is not', '0195f2f0-0000-7000-8000-000000000000', 404, 'unknown'],
  ])('answers an id that is %s', async (_what, id, status, code) => {
    const answer = await ask(mesh, disclosuresOf(id), { role: 'auditor' });
    expect(answer).toMatchObject({
      status,
      body: { status, code, title: expect.any(String), type: expect.any(String) },
    });
  });

  it('takes an id in capitals for the same', async () => {
    const answer = await ask<Disclosures>(mesh, disclosuresOf(resultId.toUpperCase()), { role: 'auditor' });
    expect(answer).toMatchObject({ status: 200, body: { resultId } });
  });
});

describe('the journal of calls', () => {
  interface Calls {
    calls: { callId: string; at: string; subject: string; route: string; method: string; status: number }[];
    cursor?: string;
  }
  const journal = (query: Record<string, string>) =>
    ask<Calls>(mesh, `/api/v1/audit/calls?${new URLSearchParams(query).toString()}`, { role: 'auditor' });

  it('tells who drafted and who approved the list of the first start', async () => {
    for (const [subject, route, status] of [
      ['local-policy', '/api/v1/drafts', 201],
      ['local-policy', '/api/v1/drafts/{draftId}/submit', 200],
      ['local-policy-approver', '/api/v1/drafts/{draftId}/approve', 200],
    ] as const) {
      const answer = await journal({ subject: `${TOKEN_ISSUER}#${subject}`, route });
      expect(answer.status).toBe(200);
      expect(answer.body.calls.filter((call) => call.method === 'POST' && call.status === status)).toHaveLength(1);
    }
  });

  it('tells of its own reading, and is read in pages', async () => {
    const subject = `${TOKEN_ISSUER}#local-auditor`;
    const from = new Date().toISOString();
    const ids: (string | null)[] = [];
    for (let time = 0; time < 3; time += 1)
      ids.push((await ask(mesh, '/api/v1/lists', { role: 'auditor' })).headers.get('request-id'));
    const found = await eventually(async () => {
      const { body } = await journal({ subject, route: '/api/v1/lists', from });
      return body.calls.length === 3 ? body.calls : undefined;
    }, 'three calls in the journal');
    expect(found.map(({ callId }) => callId).reverse()).toEqual(ids);
    const first = await journal({ subject, route: '/api/v1/lists', from, limit: '2' });
    const rest = await journal({ subject, route: '/api/v1/lists', from, limit: '2', cursor: first.body.cursor! });
    expect([...first.body.calls, ...rest.body.calls]).toEqual(found);
    expect(rest.body.cursor).toBeUndefined();
    await eventually(async () => {
      const { body } = await journal({ subject, route: '/api/v1/audit/calls', from });
      return body.calls.length > 0 ? true : undefined;
    }, 'the journal tells of its own reading');
  });

  it.each([
    ['coordinator', 403],
    ['policy', 403],
    ['policy-approver', 403],
    ['firm', 403],
    ['ln.customs', 403],
    ['auditor', 200],
  ] as const)('to %s: %i', async (role, status) => {
    expect((await ask(mesh, '/api/v1/audit/calls', { role })).status).toBe(status);
  });

  it('lists everything that is wrong with a question', async () => {
    const answer = await ask(
      mesh,
      '/api/v1/audit/calls?from=yesterday&to=x&limit=501&cursor=%21&subject=a&subject=b&x=1',
      {
        role: 'auditor',
      },
    );
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ pointer }) => pointer).sort()).toEqual(
      ['/cursor', '/from', '/limit', '/subject', '/to', '/x'].sort(),
    );
  });
});

describe('a draft that is begun again with its idempotency key', () => {
  it.each([
    ['a-draft', 'spec', 201],
    ['a-refusal', '', 400],
  ])('is answered as the first time, %s, and 422 with another text', async (key, reason, status) => {
    const token = (await readFile(mesh.home.tokenFile('policy'), 'utf8')).trim();
    const begin = async (document: string) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      };
      const body = JSON.stringify({ document, reason });
      const response = await fetch(`${mesh.httpUrl}/api/v1/drafts`, { method: 'POST', headers, body });
      return {
        status: response.status,
        again: response.headers.get('idempotency-replayed'),
        etag: response.headers.get('etag'),
        body: await response.text(),
      };
    };
    const first = await begin('version: nonsense');
    expect(first).toMatchObject({ status, again: null });
    expect(await begin('version: nonsense')).toEqual({ ...first, again: 'true' });
    expect(await begin('version: other')).toMatchObject({ status: 422, again: null });
  });
});

describe('the disclosures of a result', () => {
  it('name all eleven consumers: what each was shown, under which list and entries, and when it confirmed', async () => {
    const resultId = await submitted('ln.customs', customsExamination('gateway-disclosures'));
    const found = await settledDisclosures(mesh, resultId);
    expect(found).toMatchObject({ resultId, issuer: 'ln.customs', kind: 'customs.examination' });
    expect(found.disclosures.map(({ consumer }) => consumer).sort()).toEqual(others('ln.customs').sort());
    for (const disclosure of found.disclosures) {
      const view = await viewAt(disclosure.consumer, resultId);
      expect(disclosure).toMatchObject({ version: 1, listVersion: '2026.11-1', withheld: view.withheld });
      expect(disclosure.tokenDigest).toBe(createHash('sha256').update(view.signature.token).digest('base64url'));
      expect(Date.parse(disclosure.receiptAt!)).toBeGreaterThanOrEqual(Date.parse(disclosure.decidedAt));
      const entries = disclosure.withheld.map(({ path, entry }) => `${path} ${entry}`);
      expect(entries.sort()).toEqual(
        disclosure.consumer.endsWith('.customs') ? [] : ['/customs/controlInstruction NL-020', '/goods/0/value NL-010'],
      );
    }
  });

  it('are as many rows of the ledger as there are distinct views', async () => {
    const customs = await submitted('ln.customs', customsExamination('gateway-views-1'));
    const crew = await submitted('ln.border', borderCrew('gateway-views-2'));
    for (const [resultId, views] of [
      [customs, 2],
      [crew, 2],
    ] as const) {
      const { disclosures } = await settledDisclosures(mesh, resultId);
      const rows = await mesh.query('gateway', 'select 1 from ledger where result_id = $1', [resultId]);
      expect(rows).toHaveLength(views);
      expect(new Set(disclosures.map(({ tokenDigest }) => tokenDigest)).size).toBe(views);
    }
  });

  it('were decided and written down before any unit had its copy', async () => {
    const resultId = await submitted('ln.inspection', inspectionQuarantine('gateway-order'));
    const { disclosures } = await settledDisclosures(mesh, resultId);
    for (const { consumer, decidedAt } of disclosures) {
      const [row] = await mesh.query<{ stored_at: Date }>(
        consumer,
        'select stored_at from result where result_id = $1',
        [resultId],
      );
      expect(row!.stored_at.getTime()).toBeGreaterThanOrEqual(Date.parse(decidedAt));
    }
  });
});

describe('the ledger', () => {
  const rows = () =>
    mesh.query<{ sequence: string; entry: string; hash: string }>(
      'gateway',
      'select sequence, entry, hash from ledger order by sequence',
    );

  it('holds no copy back for nothing, and lets none go before its row is committed', async () => {
    const connectionString = (await readFile(mesh.home.databaseUrlFile('gateway'), 'utf8')).trim();
    const auditor = new pg.Client({ connectionString });
    await auditor.connect();
    let resultId: string;
    try {
      await auditor.query('begin');
      await auditor.query('select 1 from ledger_head for update');
      resultId = await submitted('ln.customs', customsExamination('gateway-held'));
      // The gateway has decided, and waits for the head of the chain.
      await eventually(async () => {
        const waiting = await mesh.query(
          'gateway',
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%ledger_head%' and pid <> pg_backend_pid()`,
        );
        return waiting.length > 0 ? true : undefined;
      }, 'the gateway waits for the ledger');
      for (const unit of others('ln.customs')) {
        expect(await mesh.query(unit, 'select 1 from result where result_id = $1', [resultId])).toEqual([]);
      }
      expect((await ask(mesh, disclosuresOf(resultId), { role: 'auditor' })).status).toBe(404);
    } finally {
      await auditor.query('rollback').catch(() => undefined);
      await auditor.end();
    }
    expect((await settledDisclosures(mesh, resultId)).disclosures).toHaveLength(11);
  });

  it('is one chain from its first row to its head', async () => {
    const all = await rows();
    expect(all.length).toBeGreaterThan(0);
    expect(all.map(({ sequence }) => Number(sequence))).toEqual(all.map((_, index) => index + 1));
    const chain = all.map(({ entry, hash }) => ({ row: JSON.parse(entry) as object, hash }));
    expect(verifyChain(chain, CHAIN_START)).toEqual({ ok: true, head: all.at(-1)!.hash });
    const [head] = await mesh.query<{ sequence: string; hash: string }>(
      'gateway',
      'select sequence, hash from ledger_head',
    );
    expect(head).toEqual({ sequence: all.at(-1)!.sequence, hash: all.at(-1)!.hash });
    const tampered = chain.with(0, { ...chain[0]!, row: { ...chain[0]!.row, consumers: [] } });
    expect(verifyChain(tampered, CHAIN_START)).toEqual({ ok: false, firstBroken: 0 });
  });

  it.each([
    ['change', `update ledger set entry = '{}'`],
    ['change of no row at all', 'update ledger set hash = hash where false'],
    ['removal', 'delete from ledger where sequence = 1'],
    ['truncation', 'truncate ledger'],
  ])('refuses %s, at the database', async (_what, statement) => {
    const before = await rows();
    await expect(mesh.query('gateway', statement)).rejects.toThrow('the ledger is only ever added to');
    expect((await rows()).slice(0, before.length)).toEqual(before);
  });

  it('holds no personal data and nothing of a content', async () => {
    await settledDisclosures(mesh, await submitted('ln.border', borderCrew('gateway-ledger-clean')));
    const text = JSON.stringify([await rows(), await mesh.query('gateway', 'select * from settlement')]);
    for (const secret of [
      'RU7730192',
      'IVANOV',
      '李某某',
      '1984-05-17',
      '61200.00',
      '冻鳕鱼',
      'gateway-ledger-clean',
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('the negative list at work', () => {
  it('船员证件号：只有边检单位看到 document numbers of a crew are seen by border units and by nobody else', async () => {
    const resultId = await submitted('ln.border', borderCrew('gateway-crew'));
    await settledDisclosures(mesh, resultId);
    for (const unit of others('ln.border')) {
      const view = await viewAt(unit, resultId);
      const persons = view.content.border?.persons ?? [];
      const numbers = persons.map((person) => person.documentNumber);
      const stored = await mesh.query<{ content: string; token: string }>(
        unit,
        'select content, token from result where result_id = $1',
        [resultId],
      );
      const everything = stored.map(({ content, token }) => content + disclosedBy(token)).join();
      expect(persons.map(({ name }) => name)).toEqual(['IVANOV PETR', '李某某']);
      if (unit.endsWith('.border')) {
        expect(numbers).toEqual(['RU7730192', 'CN5520817']);
        expect(view.withheld).toEqual([]);
        expect(everything).toContain('RU7730192');
      } else {
        expect(numbers).toEqual([undefined, undefined]);
        for (const secret of ['RU7730192', 'CN5520817', '1984-05-17', '1991-09-02'])
          expect(everything).not.toContain(secret);
        expect(
          view.withheld
            .map(({ path, entry, access }) => ({ path, entry, access }))
            .sort((a, b) => (a.path < b.path ? -1 : 1)),
        ).toEqual(
          [0, 1].flatMap((person) =>
            ['birthDate', 'documentNumber'].map((field) => ({
              path: `/border/persons/${person}/${field}`,
              entry: 'NL-001',
              access: 'on-request',
            })),
          ),
        );
        for (const { legalBasis } of view.withheld) expect(legalBasis).toContain('《出境入境管理法》');
      }
    }
  });

  it.each([
    ['军品', 'military', 'NL-040', []],
    ['核材料', 'nuclear', 'NL-041', []],
    ['外交邮袋', 'diplomatic', 'NL-042', ['.customs', '.border']],
  ] as const)('%s：整份结果不予共享 a %s consignment arrives as a stub', async (_zh, handling, entry, seenBy) => {
    const resultId = await submitted('ln.customs', customsExamination(`gateway-${handling}`, { handling }));
    await settledDisclosures(mesh, resultId);
    for (const unit of others('ln.customs')) {
      const view = await viewAt(unit, resultId);
      expect(view).toMatchObject({
        resultId,
        version: 1,
        status: 'issued',
        issuer: 'ln.customs',
        signature: { verified: true },
      });
      if (seenBy.some((agency) => unit.endsWith(agency))) {
        expect(view.content).toMatchObject({ reference: `gateway-${handling}`, handling });
        continue;
      }
      expect(view.content).toEqual({});
      expect(view.withheld).toEqual([expect.objectContaining({ path: '', entry, access: 'none' })]);
      expect(disclosedBy(view.signature.token)).toBe('');
      expect(await find(mesh.backend(unit), { reference: `gateway-${handling}` })).toEqual({
        ok: true,
        value: { results: [] },
      });
    }
  });
});

describe('what operations see', () => {
  it('/livez and /readyz of every service, without a token', async () => {
    for (const { url, name } of mesh.services.values()) {
      const live = await fetch(`${url}/livez`);
      expect({ name, status: live.status, body: await live.json() }).toEqual({
        name,
        status: 200,
        body: { status: 'ok' },
      });
      const ready = await readiness(url);
      expect({ name, status: ready.status }).toEqual({ name, status: 200 });
      expect(ready.checks.filter(({ ok }) => !ok)).toEqual([]);
    }
    const { checks } = await readiness(mesh.httpUrl);
    expect(checks.map(({ name }) => name).sort()).toEqual(
      ['database', 'broker', 'negative list', ...unitsOf(mesh.mesh).map((unit) => `account ${unit}`)].sort(),
    );
    expect(checks.find(({ name }) => name === 'negative list')).toMatchObject({ detail: '2026.11-1' });
    const border = await readiness(mesh.services.get('border-sync')!.url);
    expect(border.checks.map(({ name }) => name).sort()).toEqual(
      ['ln', 'jl', 'hl', 'nm']
        .flatMap((province) => ['broker', 'database'].map((part) => `${province}.border ${part}`))
        .sort(),
    );
  });

  it('/metrics in Prometheus form: copies by kind and outcome, withheld fields by entry, and nothing personal', async () => {
    const answer = await ask<string>(mesh, '/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const figure = (line: RegExp): number => Number(line.exec(answer.body)?.[1] ?? NaN);
    expect(figure(/^clearance_disclosures_total\{kind="border\.crew",outcome="full"\} (\d+)$/m)).toBeGreaterThanOrEqual(
      3,
    );
    expect(
      figure(/^clearance_disclosures_total\{kind="border\.crew",outcome="in-part"\} (\d+)$/m),
    ).toBeGreaterThanOrEqual(8);
    expect(
      figure(/^clearance_disclosures_total\{kind="customs\.examination",outcome="withheld"\} (\d+)$/m),
    ).toBeGreaterThanOrEqual(22);
    expect(figure(/^clearance_withheld_total\{entry="NL-040"\} (\d+)$/m)).toBe(11);
    expect(figure(/^nodejs_eventloop_lag_p99_seconds\{service="gateway"\} ([\d.]+)$/m)).toBeGreaterThan(0);
    for (const service of mesh.services.values()) {
      const text = await (await fetch(`${service.url}/metrics`)).text();
      expect(text).not.toMatch(/RU7730192|IVANOV|090220261000000123|gateway-/);
    }
  });

  it('no log line holds personal data, a document number or a credential', async () => {
    for (const name of mesh.services.keys()) {
      const text = await readFile(mesh.home.logFile(name), 'utf8');
      expect(text.length).toBeGreaterThan(0);
      expect(text).not.toMatch(
        /RU7730192|IVANOV|李某某|090220261000000123|COSU6123456780|BEGIN |eyJ|postgres(ql)?:\/\//,
      );
    }
  });

  describe('OpenAPI 3.1', () => {
    interface OpenApi {
      openapi: string;
      paths: Record<
        string,
        Record<string, { summary?: string; security?: object[]; responses: Record<string, unknown> }>
      >;
      components: {
        securitySchemes: Record<string, { type: string; scheme: string }>;
        schemas: Record<string, { required: string[] }>;
      };
    }
    const describeApi = (): Promise<Answer<OpenApi>> => ask<OpenApi>(mesh, '/api/v1/openapi.json');
    const filled = (path: string): string => path.replace(/\{\w+\}/g, '0195f2f0-0000-7000-8000-000000000000');

    it('is there without a token, and describes every route', async () => {
      const { status, body } = await describeApi();
      expect(status).toBe(200);
      expect(body.openapi).toMatch(/^3\.1\./);
      expect(Object.keys(body.paths)).toEqual(
        expect.arrayContaining([
          '/api/v1/results/{id}/disclosures',
          '/api/v1/lists',
          '/api/v1/drafts',
          '/livez',
          '/readyz',
          '/metrics',
        ]),
      );
      expect(Object.keys(body.paths['/api/v1/drafts']!).sort()).toEqual(['get', 'post']);
      expect(body.components.securitySchemes['bearer']).toMatchObject({ type: 'http', scheme: 'bearer' });
    });

    /** What says how one comes by a token needs none. */
    const needsToken = (path: string): boolean => path.startsWith('/api/') && path !== '/api/v1/sign-in';

    it('has no path that is not served, and says truly which need a token', async () => {
      const { body } = await describeApi();
      for (const [path, methods] of Object.entries(body.paths)) {
        for (const [method, operation] of Object.entries(methods)) {
          const answer = await fetch(`${mesh.httpUrl}${filled(path)}`, { method: method.toUpperCase() });
          const status = needsToken(path) ? 401 : 200;
          expect({ path, method, status: answer.status }).toEqual({ path, method, status });
          const secured = (operation.security ?? []).some((requirement) => Object.keys(requirement).length > 0);
          expect({ path, secured }).toEqual({ path, secured: needsToken(path) });
        }
      }
    });

    it('says of every operation how it may be refused, and in which form', async () => {
      const { body } = await describeApi();
      const always = ['400', '401', '403', '429', '503'];
      for (const [path, methods] of Object.entries(body.paths).filter(([name]) => needsToken(name))) {
        for (const [method, { responses }] of Object.entries(methods)) {
          const refusals = Object.keys(responses).filter((status) => !status.startsWith('2'));
          expect({ path, method, refusals }).toEqual({
            path,
            method,
            refusals: expect.arrayContaining([
              ...always,
              ...(path.includes('{') ? ['404'] : []),
              ...(method === 'post' ? ['409', '413', '415'] : []),
            ]),
          });
          for (const status of refusals)
            expect(responses[status]).toHaveProperty('$ref', `#/components/responses/Refusal${status}`);
        }
      }
      expect(Object.keys(body.paths['/api/v1/drafts']!['post']!.responses)).toContain('422');
      const problem = body.components.schemas['Problem'];
      const answer = await ask(mesh, '/api/v1/lists');
      expect(Object.keys(answer.body).sort()).toEqual([...problem!.required].sort());
    });

    it('describes disclosures as they are', async () => {
      const { body } = await describeApi();
      const operation = body.paths['/api/v1/results/{id}/disclosures']!['get']!;
      expect(operation.responses).toHaveProperty('200.content.application/json.schema.required', [
        'resultId',
        'issuer',
        'kind',
        'disclosures',
      ]);
    });
  });

  it('answers a path that there is not with a problem, and an unknown method too', async () => {
    for (const [method, path, status, code] of [
      ['GET', '/api/v1/nothing', 404, 'unknown'],
      ['POST', '/livez', 405, 'method-not-allowed'],
      ['DELETE', '/api/v1/lists', 405, 'method-not-allowed'],
    ] as const) {
      const response = await fetch(`${mesh.httpUrl}${path}`, { method });
      expect({ path, status: response.status }).toEqual({ path, status });
      expect(await response.json()).toMatchObject({ status, code });
    }
  });

  it.each([
    ['no JSON', '{"document":', 'application/json', 400, 'malformed-json'],
    ['nothing', '', 'application/json', 400, 'invalid'],
    ['text', 'hello', 'text/plain', 415, 'unsupported-media-type'],
    ['a list of lists', '[]', 'application/json', 400, 'invalid'],
    ['an unknown charset', '{}', 'application/json; charset=klingon', 415, 'unsupported-media-type'],
    ['a form', 'document=1', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    [
      'more than it reads',
      JSON.stringify({ document: 'x'.repeat(13_000_000), signature: '' }),
      'application/json',
      413,
      'too-large',
    ],
  ])('answers a body that is %s', async (_what, body, type, status, code) => {
    const token = (await readFile(mesh.home.tokenFile('policy'), 'utf8')).trim();
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const response = await fetch(`${mesh.httpUrl}/api/v1/drafts`, { method: 'POST', headers, body });
    expect({ status: response.status, problem: await response.json() }).toMatchObject({
      status,
      problem: { status, code },
    });
  });
});
