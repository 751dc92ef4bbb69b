import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { parseDocument } from 'yaml';
import { type ResultView, type Reviews, unitsOf, type UnitId } from '@clearance/contracts';
import type { Finding } from '@clearance/negative-list';
import { signDetached, signingKey } from '@clearance/provenance';
import { breakGlass } from '@clearance/provision';
import { customsExamination, testServers } from '@clearance/testing';
import { LIST_FILE } from '../local-mesh/paths.ts';
import { putInForce } from '../local-mesh/put-in-force.ts';
import { find, submit } from '../traffic/backend.ts';
import { settledDisclosures } from './disclosures.ts';
import { type Answer, ask, readiness } from './gateway-http.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(120_000);

let mesh: TestLocalMesh;
let defaultList: string;
beforeAll(async () => {
  defaultList = await readFile(LIST_FILE, 'utf8');
  mesh = await startTestMesh(testServers().databaseUrl, { reofferAfter: 'PT2S' });
}, 240_000);
afterAll(() => mesh?.cleanup(), 120_000);

/** The default list as another version, with one entry more: the transport document is shown to border units no longer. */
function listOf(version: string, effectiveFrom: Date, entry?: string): string {
  const list = parseDocument(defaultList);
  list.set('version', version);
  list.set('effectiveFrom', effectiveFrom.toISOString());
  if (entry !== undefined) {
    list.addIn(
      ['entries'],
      list.createNode({
        id: entry,
        title: { zh: '运输单证', en: 'Transport documents' },
        class: 'withheld',
        legalBasis: '《海关法》第七十二条第（五）项',
        owner: 'customs',
        match: { kinds: ['customs.*'] },
        fields: ['/transportDocument'],
        consumers: { only: ['*.border'] },
        validFrom: '2026-11-01',
        validUntil: '2036-10-31',
      }),
    );
  }
  return list.toString();
}

interface ListAnswer {
  version: string;
  state: string;
  effectiveFrom: string;
  warnings: Finding[];
  findings: Finding[];
  code: string;
  detail: string;
}
const keyOf = async (owner: 'policy' | 'ln.customs') =>
  signingKey(JSON.parse(await readFile(mesh.home.signingKeyFile(owner), 'utf8')));
/** Takes a list the way from its draft to its approval. @returns the answer that refused it, or the approval's */
async function post(document: string, signature?: string): Promise<Answer<ListAnswer>> {
  const made = signature ?? signDetached(new TextEncoder().encode(document), await keyOf('policy'));
  const drafted = await draft(document);
  if (drafted.status !== 201) return drafted as never;
  const { draftId } = drafted.body;
  const submitted = await act(draftId, 'submit', '"1"');
  return submitted.status === 200 ? act(draftId, 'approve', '"2"', { signature: made }) : submitted;
}
interface Draft {
  draftId: string;
  revision: number;
  state: string;
  document: string;
  authors: string[];
  version: string | null;
  findings: Finding[];
}
const draft = (document: string): Promise<Answer<Draft>> =>
  ask<Draft>(mesh, '/api/v1/drafts', { role: 'policy', method: 'POST', body: { document, reason: 'spec' } });
const act = <T = ListAnswer>(
  draftId: string,
  verb: 'submit' | 'return' | 'withdraw' | 'approve',
  ifMatch: string,
  more: object = {},
): Promise<Answer<T>> =>
  ask<T>(mesh, `/api/v1/drafts/${draftId}/${verb}`, {
    role: verb === 'approve' || verb === 'return' ? 'policy-approver' : 'policy',
    method: 'POST',
    ifMatch,
    body: { reason: verb, ...more },
  });
interface StoredList {
  version: string;
  effectiveFrom: string;
  inForce: boolean;
}
const lists = async (): Promise<StoredList[]> =>
  (await ask<{ lists: StoredList[] }>(mesh, '/api/v1/lists', { role: 'auditor' })).body.lists;
const inForce = async (): Promise<string | undefined> => (await lists()).find((list) => list.inForce)?.version;
const stored = () =>
  mesh.query<{ version: string }>(
    'gateway',
    'select version, document, signature, effective_from from negative_list order by effective_from',
  );

async function submitted(reference: string): Promise<string> {
  const outcome = await submit(mesh.backend('ln.customs'), customsExamination(reference));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value.resultId;
}
/** The lists under which a result was disclosed, once it is settled. */
async function decidedUnder(resultId: string): Promise<string[]> {
  const { disclosures } = await settledDisclosures(mesh, resultId);
  expect(disclosures).toHaveLength(11);
  return [...new Set(disclosures.map(({ listVersion }) => listVersion))];
}
const BORDER_UNITS: UnitId[] = ['hl.border', 'jl.border', 'ln.border', 'nm.border'];
/** Waits until a list has been applied to all that was given before it, and everybody concerned has confirmed. */
async function takenBack(version: string): Promise<void> {
  await eventually(async () => {
    const { body } = await ask<Reviews>(mesh, '/api/v1/reviews', { role: 'auditor' });
    return body.reviews.find(({ listVersion, state }) => listVersion === version && state === 'confirmed');
  }, `what ${version} withholds is taken back`);
}
async function atBorder(resultId: string): Promise<ResultView> {
  const found = await find(mesh.backend('hl.border'), { resultId });
  if (!found.ok || found.value.results[0] === undefined) throw new Error('not there');
  return found.value.results[0];
}

describe('a list that is refused', () => {
  let before: unknown;
  beforeEach(async () => {
    before = await stored();
  });
  afterEach(async () => {
    expect(await stored()).toEqual(before);
    expect(await inForce()).toBe('2026.11-1');
  });
  const now = new Date();

  it('because it does not lint: every finding, with its place in the file, in Chinese and English', async () => {
    const document = listOf('bad-1', now, 'NL-090')
      .replace('/transportDocument', '/transportDocumant')
      .replace('border.crew', 'border.krew');
    const lines = document.split('\n');
    const lineOf = (text: string): number => lines.findIndex((line) => line.includes(text)) + 1;
    const answer = await post(document);
    expect(answer).toMatchObject({ status: 400, body: { status: 400, code: 'invalid', detail: expect.any(String) } });
    const found = answer.body.findings.filter(({ severity }) => severity === 'error');
    expect(found.map(({ code, line }) => ({ code, line }))).toEqual(
      expect.arrayContaining([
        { code: 'unknown-kind', line: lineOf('border.krew') },
        { code: 'unknown-path', line: lineOf('/transportDocumant') },
      ]),
    );
    for (const { line, column, code, message } of found) {
      expect(lines[line - 1]!.length).toBeGreaterThanOrEqual(column - 1);
      expect({ code, column, message }).toEqual({
        code: expect.any(String),
        column: expect.any(Number),
        message: { zh: expect.stringMatching(/\p{Script=Han}/u), en: expect.any(String) },
      });
      expect(column).toBeGreaterThan(0);
    }
  });

  it.each([
    ['no YAML', 'a: [', 'syntax'],
    ['no list', 'kind: Something', 'not-a-list'],
    ['nothing', '\n', 'not-a-list'],
    ['a list with an anchor', 'apiVersion: &a clearance/v1\nkind: NegativeList\nversion: *a', 'alias'],
  ])('because it is %s', async (_what, document, code) => {
    const answer = await post(document);
    expect(answer.status).toBe(400);
    expect(answer.body.findings.map((finding) => finding.code)).toContain(code);
  });

  it('because of its signature: of other bytes, of another owner, or none', async () => {
    const document = listOf('bad-2', now);
    const bytes = new TextEncoder().encode(document);
    const wrong = {
      'signature-invalid': signDetached(new TextEncoder().encode(`${document}\n`), await keyOf('policy')),
      'wrong-owner': signDetached(bytes, await keyOf('ln.customs')),
      malformed: `${'a'.repeat(8)}..${'b'.repeat(8)}`,
    };
    for (const [code, signature] of Object.entries(wrong)) {
      const answer = await post(document, signature);
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect(answer.body.detail).toContain(code);
    }
  });

  it('because its version is taken by other content', async () => {
    expect(await post(listOf('2026.11-1', now))).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it.each([
    ['at the same time as', '2026-11-01T00:00:00+08:00'],
    ['before', '2026-10-01T00:00:00+08:00'],
  ])('because it would begin %s the one there is', async (_what, from) => {
    expect(await post(listOf('bad-3', new Date(from)))).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});

describe('a draft', () => {
  const signed = async (document: string) => ({
    signature: signDetached(new TextEncoder().encode(document), await keyOf('policy')),
  });
  const far = new Date('2099-01-01T00:00:00Z');

  it('may be unfinished, is told what is wrong with it, and cannot be submitted before that is mended', async () => {
    const begun = await draft(listOf('draft-1', far, 'NL-090').replace('/transportDocument', '/transportDocumant'));
    expect(begun).toMatchObject({ status: 201, body: { state: 'open', revision: 1 } });
    expect(begun.headers.get('etag')).toBe('"1"');
    expect(begun.body.findings.map(({ code }) => code)).toContain('unknown-path');
    const { draftId } = begun.body;
    const refused = await act(draftId, 'submit', '"1"');
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid' } });
    expect(refused.body.findings.map(({ code }) => code)).toContain('unknown-path');
    const edited = await ask<Draft>(mesh, `/api/v1/drafts/${draftId}`, {
      role: 'policy',
      method: 'PUT',
      ifMatch: '"1"',
      body: { document: listOf('draft-1', far, 'NL-090'), reason: 'a letter' },
    });
    expect(edited).toMatchObject({ status: 200, body: { revision: 2, state: 'open' } });
    expect(await act(draftId, 'submit', '"2"')).toMatchObject({ status: 200, body: { state: 'submitted' } });
    expect(await act(draftId, 'return', '"3"')).toMatchObject({ status: 200, body: { state: 'open' } });
    expect(await act(draftId, 'withdraw', '"4"')).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
    const history = await ask<{ events: { act: string; actor: string; reason: string }[] }>(
      mesh,
      `/api/v1/drafts/${draftId}/history`,
      { role: 'auditor' },
    );
    expect(
      history.body.events.map((event) => `${event.act} ${/[^#]*$/.exec(event.actor)![0]} ${event.reason}`),
    ).toEqual([
      'drafted local-policy spec',
      'edited local-policy a letter',
      'submitted local-policy submit',
      'returned local-policy-approver return',
      'withdrawn local-policy withdraw',
    ]);
  });

  it('is acted upon only as it was seen', async () => {
    const { draftId } = (await draft(listOf('draft-2', far))).body;
    expect((await act(draftId, 'submit', '"7"')).status).toBe(412);
    for (const [ifMatch, status] of [
      ['1', 400],
      ['W/"1"', 412],
      ['"2", "3"', 412],
    ] as const) {
      expect((await act(draftId, 'submit', ifMatch)).status).toBe(status);
    }
    const path = `/api/v1/drafts/${draftId}/submit`;
    const unseen = await ask(mesh, path, { role: 'policy', method: 'POST', body: { reason: 'x' } });
    expect(unseen.status).toBe(428);
    expect((await act(draftId, 'submit', '"1"')).status).toBe(200);
  });

  it('is approved by nobody who is no approver', async () => {
    const document = listOf('draft-3', far);
    const { draftId } = (await draft(document)).body;
    await act(draftId, 'submit', '"1"');
    const approval = { method: 'POST', ifMatch: '"2"', body: { reason: 'x', ...(await signed(document)) } } as const;
    const path = `/api/v1/drafts/${draftId}/approve`;
    for (const role of ['policy', 'coordinator', 'auditor', 'firm'] as const) {
      expect((await ask(mesh, path, { role, ...approval })).status).toBe(403);
    }
    expect(await stored()).toHaveLength(1);
  });
});

describe('a list that is accepted', () => {
  it('is the same list when the same file is put in force again', async () => {
    const before = await stored();
    const answer = await putInForce(mesh.home, mesh.httpUrl, defaultList);
    expect(answer).toMatchObject({ ok: true, version: '2026.11-1', state: 'in-force' });
    expect(await stored()).toEqual(before);
  });

  it('is in force at once, without a restart; what was decided before stays in the ledger as it was', async () => {
    const pids = [...mesh.services.values()].map((service) => service.pid());
    const earlier = await submitted('lists-1');
    expect(await decidedUnder(earlier)).toEqual(['2026.11-1']);
    const { disclosures: before } = await settledDisclosures(mesh, earlier);
    expect((await atBorder(earlier)).content.transportDocument).toBe('COSU6123456780');

    const answer = await post(listOf('2026.11-2', new Date(), 'NL-090'));
    expect(answer).toMatchObject({
      status: 200,
      body: { version: '2026.11-2', state: 'in-force', warnings: expect.any(Array) },
    });
    const later = await submitted('lists-2');
    expect(await decidedUnder(later)).toEqual(['2026.11-2']);
    expect(await inForce()).toBe('2026.11-2');
    expect((await readiness(mesh.httpUrl)).checks).toContainEqual({
      name: 'negative list',
      ok: true,
      detail: '2026.11-2',
    });

    // What it takes from border units, it takes back from them too, sooner or later (docs/lists.md), and from nobody else.
    await takenBack('2026.11-2');
    const { disclosures } = await settledDisclosures(mesh, earlier);
    const [stayed, added] = [true, false].map((old) =>
      disclosures.filter(({ listVersion }) => (listVersion === '2026.11-1') === old),
    );
    // A receipt is for what is held: of the view that was taken back there is none any more.
    const replaced = ({ consumer }: { consumer: UnitId }): boolean => BORDER_UNITS.includes(consumer);
    expect(stayed).toEqual(before.map((row) => (replaced(row) ? { ...row, receiptAt: null } : row)));
    expect(added!.map(({ consumer, listVersion }) => `${consumer} ${listVersion}`).sort()).toEqual(
      BORDER_UNITS.map((unit) => `${unit} 2026.11-2`),
    );
    for (const resultId of [earlier, later]) {
      const view = await atBorder(resultId);
      expect(view.content).not.toHaveProperty('transportDocument');
      expect(view.withheld).toContainEqual(
        expect.objectContaining({ path: '/transportDocument', entry: 'NL-090', access: 'none' }),
      );
    }
    expect([...mesh.services.values()].map((service) => service.pid())).toEqual(pids);
  });

  it('that is scheduled comes into force by itself, and not before its time', async () => {
    // Late enough for what has to happen before it, on a machine that is busy with other things.
    const from = new Date(Date.now() + 10_000);
    expect(await post(listOf('2026.11-3', from))).toMatchObject({
      status: 200,
      body: { state: 'scheduled', effectiveFrom: from.toISOString() },
    });
    expect(await inForce()).toBe('2026.11-2');
    expect(await post(listOf('2026.11-4', new Date(from.getTime() - 1)))).toMatchObject({ status: 409 });

    const before = await submitted('lists-3');
    await eventually(async () => ((await inForce()) === '2026.11-3' ? true : undefined), '2026.11-3 in force');
    const after = await submitted('lists-4');
    for (const [resultId, version] of [
      [before, '2026.11-2'],
      [after, '2026.11-3'],
    ] as const) {
      const { disclosures } = await settledDisclosures(mesh, resultId);
      // Each decision lies on its list's side of the instant.
      for (const { decidedAt, listVersion } of disclosures) {
        expect(listVersion).toBe(Date.parse(decidedAt) < from.getTime() ? '2026.11-2' : '2026.11-3');
      }
      const held = disclosures.filter(({ receiptAt }) => receiptAt !== null);
      expect([...new Set(held.map(({ listVersion }) => listVersion))]).toEqual([version]);
    }
  });

  it('an amended result is decided by the list of the day, its first version stays under its own but for what is taken back', async () => {
    const { resultId } = (await find(mesh.backend('ln.customs'), { reference: 'lists-1' }).then((found) =>
      found.ok ? found.value.results[0] : undefined,
    ))!;
    const reply = await mesh
      .backend('ln.customs')
      .connection.request(
        'results.amend',
        JSON.stringify({ resultId, content: customsExamination('lists-1', { conclusion: 'conditional' }) }),
        { timeout: 10_000 },
      );
    expect(reply.json()).toMatchObject({ version: 2 });
    const { disclosures } = await settledDisclosures(mesh, resultId, 2);
    const lists = (version: number, consumer: RegExp): string[] => [
      ...new Set(
        disclosures
          .filter((each) => each.version === version && consumer.test(each.consumer))
          .map(({ listVersion }) => listVersion),
      ),
    ];
    expect(lists(1, /customs|inspection/)).toEqual(['2026.11-1']);
    expect(lists(1, /border/)).toEqual(['2026.11-1', '2026.11-2']);
    expect(lists(2, /./)).toEqual(['2026.11-3']);
  });
});

describe('a list that comes while copies are on their way', () => {
  it('is the one by which units that have not confirmed are given another view; the ledger tells which they hold', async () => {
    const before = (await inForce())!;
    const border = mesh.services.get('border-sync')!;
    process.kill(border.pid()!, 'SIGSTOP');
    let resultId: string;
    try {
      resultId = await submitted('lists-on-the-way');
      const waiting = async () =>
        (
          await mesh.query<{ waiting: string[] }>('gateway', 'select waiting from settlement where result_id = $1', [
            resultId,
          ])
        )[0]?.waiting;
      await eventually(
        async () => ((await waiting())?.length === 4 ? true : undefined),
        'only border units have not confirmed',
      );
      expect(await post(listOf('2026.11-5', new Date(), 'NL-091'))).toMatchObject({
        status: 200,
        body: { state: 'in-force' },
      });
      // Their copies wait in their queues, and are not decided again until those are lost.
      for (const unit of BORDER_UNITS) await emptyQueue(unit);
      await eventually(async () => {
        const rows = await mesh.query('gateway', 'select 1 from ledger where result_id = $1', [resultId]);
        return rows.length === 3 ? true : undefined;
      }, 'decided anew');
    } finally {
      process.kill(border.pid()!, 'SIGCONT');
    }
    const { disclosures } = await settledDisclosures(mesh, resultId);
    const held = disclosures.filter(({ receiptAt }) => receiptAt !== null);
    expect(held.map(({ consumer }) => consumer).sort()).toEqual(others('ln.customs'));
    for (const { listVersion, consumer, tokenDigest } of held) {
      // The copy that came first is the one that stays: of a stopped service that may be one that was on the wire.
      if (!consumer.endsWith('.border')) expect({ consumer, listVersion }).toEqual({ consumer, listVersion: before });
      const [row] = await mesh.query<{ token: string; list_version: string }>(
        consumer as UnitId,
        'select token, list_version from result where result_id = $1',
        [resultId],
      );
      expect(row!.list_version).toBe(listVersion);
      expect(createHash('sha256').update(row!.token).digest('base64url')).toBe(tokenDigest);
    }
    const given = disclosures.filter(({ listVersion }) => listVersion === '2026.11-5');
    expect(given.map(({ consumer }) => consumer).sort()).toEqual(BORDER_UNITS);
    for (const { withheld } of given) expect(withheld.map(({ entry }) => entry)).toContain('NL-091');
  });

  const others = (issuer: UnitId): UnitId[] =>
    unitsOf(mesh.mesh)
      .filter((unit) => unit !== issuer)
      .sort();

  /** The broker loses what waits for a unit. */
  async function emptyQueue(unit: UnitId): Promise<void> {
    const creds = new TextEncoder().encode(await breakGlass(mesh.home, unit, Date.now()));
    const connection = await connect({ servers: mesh.natsUrl, authenticator: credsAuthenticator(creds) });
    try {
      await (await jetstreamManager(connection, { checkAPI: false })).streams.purge('COPIES');
    } finally {
      await connection.close();
    }
  }
});

describe('a stored list that was tampered with', () => {
  it('is not used by a gateway that starts: offers wait, readiness says so, and all goes on when it is mended', async () => {
    const gateway = mesh.services.get('gateway')!;
    const current = (await inForce())!;
    const [{ document }] = (await mesh.query<{ document: string }>(
      'gateway',
      'select document from negative_list where version = $1',
      [current],
    )) as [{ document: string }];
    // Somebody opens the value of goods to everybody.
    const changed = document.replace('/goods/*/value', '/goods/*/manufacturer');
    expect(changed).not.toBe(document);
    await mesh.query('gateway', 'update negative_list set document = $2 where version = $1', [current, changed]);

    await gateway.crash();
    const check = await eventually(async () => {
      const found = await readiness(gateway.url).catch(() => undefined);
      return found?.checks.find(({ name }) => name === 'negative list');
    }, 'the gateway answers again');
    expect(check).toMatchObject({ ok: false, detail: expect.stringContaining(current) });
    expect((await readiness(gateway.url)).status).toBe(503);
    expect(await inForce()).toBeUndefined();

    const resultId = await submitted('lists-tampered');
    // The gateway has tried it: its consumer gives the offer back.
    await eventually(async () => {
      const log = await readFile(mesh.home.logFile('gateway'), 'utf8');
      return log.includes('no negative list is in force; offers wait for one') ? true : undefined;
    }, 'the gateway says that offers wait');
    expect((await ask(mesh, `/api/v1/results/${resultId}/disclosures`, { role: 'auditor' })).status).toBe(404);
    expect(await mesh.query('gateway', 'select 1 from dead_letter')).toEqual([]);

    await mesh.query('gateway', 'update negative_list set document = $2 where version = $1', [current, document]);
    expect(await decidedUnder(resultId)).toEqual([current]);
    await gateway.ready(30_000);
  });
});
