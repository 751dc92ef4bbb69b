import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { parseDocument } from 'yaml';
import { type ResultView, type Review, type ReviewDetails, unitsOf, type UnitId } from '@clearance/contracts';
import { tokenDigest } from '@clearance/provenance';
import { customsExamination, testServers } from '@clearance/testing';
import { LIST_FILE, REPOSITORY } from '../local-mesh/paths.ts';
import { putInForce } from '../local-mesh/put-in-force.ts';
import { amend, find, submit } from '../traffic/backend.ts';
import { settledDisclosures } from './disclosures.ts';
import { ask } from './gateway-http.ts';
import { openJournal } from './journal.ts';
import { maskedText, printedByMesh, runMeshCommand } from './run-mesh-command.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(180_000);

const LN: UnitId = 'ln.customs';
const HL: UnitId = 'hl.border';
/** What the stricter list takes back. */
const CONSIGNEE = '大连某水产有限公司';

let mesh: TestLocalMesh;
let defaultList: string;
let borders: UnitId[];
beforeAll(async () => {
  defaultList = await readFile(LIST_FILE, 'utf8');
  mesh = await startTestMesh(testServers().databaseUrl, { reofferAfter: 'PT2S' });
  borders = unitsOf(mesh.mesh).filter((unit) => unit.endsWith('.border'));
}, 240_000);
afterAll(() => mesh?.cleanup(), 120_000);

/** The default list as another version, with more entries: what border units are shown of customs' results no longer. */
function listOf(version: string, ...entries: { id: string; fields: string[]; validFrom?: string }[]): string {
  const list = parseDocument(defaultList);
  list.set('version', version);
  list.set('effectiveFrom', new Date().toISOString());
  for (const entry of entries) {
    list.addIn(
      ['entries'],
      list.createNode({
        title: { zh: '收货人', en: 'Consignee' },
        class: 'withheld',
        legalBasis: '《海关法》第七十二条第（五）项',
        owner: 'customs',
        match: { kinds: ['customs.*'] },
        consumers: { only: ['*.border'] },
        ...entry,
      }),
    );
  }
  return list.toString();
}
const NO_CONSIGNEE = { id: 'NL-300', fields: ['/consignee', '/transportDocument'] };

async function activate(document: string): Promise<void> {
  expect(await putInForce(mesh.home, mesh.httpUrl, document)).toMatchObject({ ok: true, state: 'in-force' });
}
async function submitted(reference: string): Promise<string> {
  const outcome = await submit(mesh.backend(LN), { ...customsExamination(reference) });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value.resultId;
}
async function seenBy(unit: UnitId, request: object): Promise<ResultView[]> {
  const found = await find(mesh.backend(unit), request);
  if (!found.ok) throw new Error(JSON.stringify(found.problem));
  return found.value.results;
}
const reviews = async (): Promise<Review[]> =>
  (await ask<{ reviews: Review[] }>(mesh, '/api/v1/reviews', { role: 'auditor' })).body.reviews;
const review = async (reviewId: string): Promise<ReviewDetails> =>
  (await ask<ReviewDetails>(mesh, `/api/v1/reviews/${reviewId}`, { role: 'coordinator' })).body;
/** Waits until the newest review under a list is as far as that. */
const reviewUnder = (listVersion: string | null, state: Review['state']): Promise<Review> =>
  eventually(
    async () => (await reviews()).find((each) => each.listVersion === listVersion && each.state === state),
    `a review under ${listVersion ?? 'the list in force'} that is ${state}`,
  );
/** Everything that a unit's tables hold of a result, and what the tokens in it disclose. */
async function heldBy(unit: UnitId, resultId: string): Promise<string> {
  const rows = await mesh.query<{ row: string }>(
    unit,
    `select to_json(r)::text as row from result r where result_id = $1
     union all select to_json(h)::text from result_history h where result_id = $1`,
    [resultId],
  );
  const text = rows.map(({ row }) => row).join('\n');
  const disclosed = text.split(/[~"\\]/).map((part) => Buffer.from(part, 'base64url').toString());
  return [text, ...disclosed].join('\n');
}

describe('a stricter list that comes into force', () => {
  let first: string;
  let amended: string;

  it('takes back what border units were given: every version, every index, proved by receipts', async () => {
    first = await submitted('recall-1');
    amended = await submitted('recall-2');
    const again = await amend(mesh.backend(LN), amended, customsExamination('recall-2', { conclusion: 'conditional' }));
    expect(again).toMatchObject({ ok: true, value: { version: 2 } });
    await settledDisclosures(mesh, first);
    await settledDisclosures(mesh, amended, 2);
    for (const unit of borders) expect(await heldBy(unit, amended)).toContain(CONSIGNEE);
    const journals = await Promise.all(borders.map((unit) => openJournal(mesh.backend(unit))));

    await activate(listOf('2026.12-1', NO_CONSIGNEE));
    const recall = await reviewUnder('2026.12-1', 'confirmed');
    expect(recall).toMatchObject({
      mode: 'recall',
      versions: 3,
      decided: 3,
      changed: 3,
      copies: 3 * borders.length,
      waiting: 0,
      refused: 0,
      requestedBy: null,
    });
    for (const unit of borders) {
      for (const resultId of [first, amended]) {
        const held = await heldBy(unit, resultId);
        expect(held).not.toContain(CONSIGNEE);
        expect(held).not.toContain('COSU6123456780');
        expect(held).toContain('NL-300');
      }
      expect(await seenBy(unit, { transportDocument: 'COSU6123456780' })).toEqual([]);
      const [view] = await seenBy(unit, { resultId: amended });
      expect(view).toMatchObject({ version: 2, signature: { verified: true } });
    }
    // Others keep what they may see, and are not troubled.
    const [kept] = await seenBy('hl.customs', { resultId: first });
    expect(kept!.content.consignee).toMatchObject({ name: CONSIGNEE });
    for (const journal of journals) {
      await journal.about('result.restricted', first);
      await eventually(
        () => (journal.all.filter(({ type }) => type === 'result.restricted').length === 3 ? true : undefined),
        'three restrictions are told',
      );
      expect(JSON.stringify(journal.all)).not.toContain(CONSIGNEE);
      journal.close();
    }
    const guide = await readFile(join(REPOSITORY, 'docs/lists.md'), 'utf8');
    const [, said = ''] = /^```text recalls\n([\s\S]*?)^```$/m.exec(guide) ?? [];
    const { text } = await printedByMesh(mesh, ['lists', 'recalls']);
    expect(maskedText(text)).toBe(maskedText(said));
    // The ledger names both decisions, and the digest of what each unit has confirmed to hold.
    const { disclosures } = await settledDisclosures(mesh, first);
    const ofBorder = disclosures.filter(({ consumer }) => consumer === HL);
    expect(ofBorder.map(({ listVersion }) => listVersion)).toEqual(['2026.11-1', '2026.12-1']);
    const [row] = await mesh.query<{ token: string }>(HL, 'select token from result where result_id = $1', [first]);
    const [settlement] = await mesh.query<{ held: string }>(
      'gateway',
      'select held from settlement where result_id = $1',
      [first],
    );
    expect((JSON.parse(settlement!.held) as Record<string, string>)[HL]).toBe(tokenDigest(row!.token));
  });

  it('is told as long as a unit is away, and ends when it is back', async () => {
    const service = mesh.services.get('border-sync')!;
    const late = await submitted('recall-3');
    await settledDisclosures(mesh, late);
    process.kill(service.pid()!, 'SIGSTOP');
    try {
      await activate(listOf('2026.12-2', NO_CONSIGNEE, { id: 'NL-301', fields: ['/conveyance'] }));
      const { reviewId } = await eventually(
        async () => (await reviews()).find((each) => each.listVersion === '2026.12-2' && each.decided === 4),
        'all is decided anew',
      );
      const details = await review(reviewId);
      expect(details).toMatchObject({ state: 'under-way', waiting: 4 * borders.length, issuers: [] });
      expect(details.stragglers.map(({ unit, waiting }) => [unit, waiting]).sort()).toEqual(
        borders.map((unit) => [unit, 4]).sort(),
      );
      const listed = await runMeshCommand<ReviewDetails>(mesh, 'lists', 'recall', reviewId);
      expect(listed).toMatchObject({ code: 0, answer: { ok: true, state: 'under-way' } });
    } finally {
      process.kill(service.pid()!, 'SIGCONT');
    }
    await reviewUnder('2026.12-2', 'confirmed');
    const [view] = await seenBy(HL, { resultId: late });
    expect(view!.content.conveyance).toBeUndefined();
  });

  it('that comes while no gateway runs is made up for when one does', async () => {
    const from = Date.now() + 3_000;
    const list = parseDocument(listOf('2026.12-3', NO_CONSIGNEE, { id: 'NL-302', fields: ['/goods/*/description'] }));
    list.set('effectiveFrom', new Date(from).toISOString());
    expect(await putInForce(mesh.home, mesh.httpUrl, list.toString())).toMatchObject({ ok: true, state: 'scheduled' });
    await mesh.services.get('gateway')!.stop();
    await eventually(() => (Date.now() > from ? true : undefined), 'the list has begun');
    mesh.services.get('gateway')!.startAgain();
    await mesh.services.get('gateway')!.ready(60_000);
    const recall = await reviewUnder('2026.12-3', 'confirmed');
    expect(recall.changed).toBe(4);
    const [view] = await seenBy(HL, { resultId: first });
    expect(view!.content.goods?.[0]?.description).toBeUndefined();
    // This list shows the conveyance again, and nobody has asked for it.
    expect(view!.content.conveyance).toBeUndefined();
    expect(view!.withheld.map(({ entry }) => entry)).toEqual(expect.arrayContaining(['NL-301', 'NL-302']));
    const file = join(mesh.home.root, 'evidence.json');
    expect(await runMeshCommand(mesh, 'evidence', first, '--consumer', HL, '--out', file)).toMatchObject({ code: 0 });
    const bundle = JSON.parse(await readFile(file, 'utf8')) as { ledger: { entry: { keeps?: true } } };
    expect(bundle.ledger.entry.keeps).toBe(true);
    expect(await runMeshCommand(mesh, 'verify', 'bundle', file)).toMatchObject({ code: 0, answer: { ok: true } });
  });

  it('takes back when only an entry of it begins', async () => {
    const from = new Date(Date.now() + 4_000).toISOString();
    const entries = [NO_CONSIGNEE, { id: 'NL-303', fields: ['/goods/*/origin'], validFrom: from }];
    await activate(listOf('2026.12-4', ...entries));
    const begun = await eventually(
      async () => (await reviews()).find(({ at, state }) => at === from && state === 'confirmed'),
      'the entry has begun, and what it withholds is taken back',
    );
    expect(begun).toMatchObject({ mode: 'recall', listVersion: '2026.12-4', changed: 4 });
    const [view] = await seenBy(HL, { resultId: first });
    expect(view!.content.goods?.[0]?.origin).toBeUndefined();
    expect(view!.withheld.map(({ entry }) => entry)).toContain('NL-303');
  });
});

describe('a looser list that comes into force', () => {
  let resultId: string;
  it('gives nothing by itself', async () => {
    [{ resultId }] = (await seenBy(LN, { reference: 'recall-1' })) as [ResultView];
    await activate(listOf('2027.01-1'));
    const fresh = await submitted('recall-5');
    await settledDisclosures(mesh, fresh);
    expect((await seenBy(HL, { resultId: fresh }))[0]!.content.consignee).toBeDefined();
    expect((await seenBy(HL, { resultId }))[0]!.content.consignee).toBeUndefined();
  });

  it('gives a unit what it asks for, and no other', async () => {
    const body = { resultIds: [resultId], consumers: [HL], reason: '布控需要' };
    const journal = await openJournal(mesh.backend(HL));
    const asked = await ask<ReviewDetails>(mesh, '/api/v1/catch-ups', { role: HL, method: 'POST', body });
    expect(asked).toMatchObject({ status: 202, body: { mode: 'catch-up', reason: '布控需要' } });
    const { reviewId } = asked.body;
    await eventually(async () => ((await review(reviewId)).state === 'confirmed' ? true : undefined), 'caught up');
    expect(await review(reviewId)).toMatchObject({ versions: 1, changed: 1, copies: 1 });
    const { body: event } = await journal.about('result.extended', resultId);
    expect((event as ResultView).content.consignee).toMatchObject({ name: CONSIGNEE });
    expect((await seenBy(HL, { resultId }))[0]!.content.consignee).toMatchObject({ name: CONSIGNEE });
    expect(await seenBy(HL, { transportDocument: 'COSU6123456780' })).not.toEqual([]);
    expect((await seenBy('jl.border', { resultId }))[0]!.content.consignee).toBeUndefined();
    journal.close();
  });

  it.each<[string, object, number, string]>([
    ['for others', { consumers: ['jl.border'], reason: 'x' }, 403, 'forbidden'],
    ['for everybody', { reason: 'x' }, 403, 'forbidden'],
    ['without a reason', { consumers: ['hl.border'] }, 400, 'invalid'],
    [
      'of a kind that there is not',
      { consumers: ['hl.border'], reason: 'x', kinds: ['customs.nothing'] },
      400,
      'invalid',
    ],
  ])('gives a unit nothing that asks %s', async (_what, body, status, code) => {
    expect(await ask(mesh, '/api/v1/catch-ups', { role: HL, method: 'POST', body })).toMatchObject({
      status,
      body: { code },
    });
  });

  it('gives everybody what may be seen, at the time that a coordinator has chosen', async () => {
    const notBefore = new Date(Date.now() + 2_000).toISOString();
    const asked = await runMeshCommand<ReviewDetails>(
      mesh,
      ...['lists', 'catch-up', '--kind', 'customs.examination', '--at', notBefore, '--reason', '清单放宽'],
    );
    expect(asked).toMatchObject({ code: 0, answer: { state: 'scheduled', at: notBefore, versions: 0 } });
    const { reviewId } = asked.answer;
    await eventually(async () => ((await review(reviewId)).state === 'confirmed' ? true : undefined), 'caught up');
    for (const unit of borders) {
      const [view] = await seenBy(unit, { resultId });
      expect(view!.content).toMatchObject({ consignee: { name: CONSIGNEE }, transportDocument: 'COSU6123456780' });
    }
    // Nobody is given twice what they hold.
    const repeated = await ask<ReviewDetails>(mesh, '/api/v1/catch-ups', {
      role: 'coordinator',
      method: 'POST',
      body: { reason: '再次' },
    });
    await eventually(
      async () => ((await review(repeated.body.reviewId)).state === 'confirmed' ? true : undefined),
      'nothing to catch up',
    );
    expect(await review(repeated.body.reviewId)).toMatchObject({ changed: 0, copies: 0 });
  });

  it('leaves coordinators with no more than who is shown least by now: the same as making all of it anew gives', async () => {
    // One unit alone was given more, others less, some the same again.
    const kept = () => mesh.query('gateway', `select v.*, null as offered_at from coordinated_version v order by result_id, version`); // prettier-ignore
    const joined = () => mesh.query('gateway', 'select 1 from coordinated_version where not joined');
    await eventually(async () => ((await joined()).length === 0 ? true : undefined), 'everything joined');
    const before = await kept();
    expect(before.length).toBeGreaterThan(1);
    const rebuilt = await runMeshCommand(mesh, 'consignments', 'rebuild', '--reason', '试验');
    expect(rebuilt).toMatchObject({ code: 0, answer: { ok: true, missing: 0 } });
    expect(await kept()).toEqual(before);
  });

  it('leaves an account that adds up', async () => {
    expect(await runMeshCommand(mesh, 'verify', 'ledger')).toMatchObject({ code: 0, answer: { ok: true } });
  });
});
