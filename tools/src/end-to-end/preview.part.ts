import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import type { PreviewReport, Recognition } from '@clearance/contracts';
import { patternOf } from '@clearance/negative-list';
import { testServers } from '@clearance/testing';
import { ASKED } from '../bench/recognition/consignments.ts';
import { LIST_FILE } from '../local-mesh/paths.ts';
import { putInForce } from '../local-mesh/put-in-force.ts';
import { ask } from './gateway-http.ts';
import { startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';
import { mesh, now, recognitions as before } from './travelled-mesh.fixture.ts';
import { playTravelling, travelling } from './travelling-consignments.ts';

let replay: TestLocalMesh;
let current: string;
beforeAll(async () => {
  current = await readFile(LIST_FILE, 'utf8');
  replay = await startTestMesh(testServers().databaseUrl);
}, 240_000);
afterAll(() => replay?.cleanup(), 120_000);

/** The list in force with two entries more and one fewer. */
function draftText(): string {
  const list = parseDocument(current);
  list.set('version', '2026.11-draft');
  list.set('effectiveFrom', new Date(now).toISOString());
  const entries = (list.toJS() as { entries: { id: string }[] }).entries;
  list.deleteIn(['entries', entries.findIndex(({ id }) => id === 'NL-014')]);
  const entry = (id: string, fields: string[], only: string[], kinds: string[], when?: string): object => ({
    id,
    title: { zh: id, en: id },
    class: 'withheld',
    legalBasis: '《海关法》第七十二条第（五）项',
    owner: 'customs',
    match: { kinds },
    fields,
    consumers: { only },
    ...(when === undefined ? {} : { when }),
  });
  const few = 'content.containers.size() == 1';
  list.addIn(
    ['entries'],
    list.createNode(entry('NL-200', ['/containers/*/seals'], ['*.customs'], ['customs.scan'], few)),
  );
  list.addIn(['entries'], list.createNode(entry('NL-201', ['/goods/*/origin'], ['*.inspection'], ['customs.*'])));
  return list.toString();
}

const recognised = (answers: readonly Recognition[]): string[] =>
  answers.flatMap(({ reference, checks }) =>
    checks.flatMap(({ type, decision }) => (decision === 'recognised' ? [`${reference} ${type}`] : [])),
  );

/** What the ledger says was withheld: versions by entry and consumer. */
async function withheldIn(on: TestLocalMesh): Promise<Map<string, Set<string>>> {
  const rows = await on.query<{ entry: string }>('gateway', 'select entry from ledger where result_id is not null');
  const found = new Map<string, Set<string>>();
  for (const { entry } of rows) {
    const record = JSON.parse(entry) as {
      kind: string;
      issuer: string;
      resultId: string;
      consumers: string[];
      withheld: { path: string; entry: string }[];
    };
    for (const consumer of record.consumers) {
      for (const { path, entry: id } of record.withheld) {
        const key = `${id} ${consumer} ${patternOf(path)}`;
        found.set(key, (found.get(key) ?? new Set()).add(record.resultId));
      }
    }
  }
  return found;
}

async function preview(
  draftId: string,
): Promise<{ report: PreviewReport; progress: { results: number }; state: string }> {
  const begun = await ask<{ previewId: string; state: string }>(mesh, `/api/v1/drafts/${draftId}/previews`, {
    role: 'policy',
    method: 'POST',
    body: { results: 100_000 },
  });
  expect(begun).toMatchObject({ status: 202, body: { state: 'running' } });
  const events = await ask<string>(mesh, `/api/v1/previews/${begun.body.previewId}/events`, { role: 'auditor' });
  expect(events.headers.get('content-type')).toContain('text/event-stream');
  const last = events.body.split('\n').findLast((line) => line.startsWith('data: '))!;
  return JSON.parse(last.slice('data: '.length)) as never;
}

it('what a preview counts is what happens when the same traffic comes under the activated list', async () => {
  expect(before.filter(({ outcome }) => outcome === 'recognised')).toHaveLength(before.length);
  const document = draftText();
  const drafted = await ask<{ draftId: string }>(mesh, '/api/v1/drafts', {
    role: 'policy',
    method: 'POST',
    body: { document, reason: 'preview' },
  });
  const { report, progress, state } = await preview(drafted.body.draftId);
  expect({ state, unreachable: report.unreachable }).toEqual({ state: 'done', unreachable: [] });

  expect(await putInForce(replay.home, replay.httpUrl, document)).toMatchObject({ ok: true, state: 'in-force' });
  const after = await playTravelling(replay, travelling(now));

  // Recognitions: the very ones that are lost, check by check.
  const lost = recognised(before).filter((check) => !recognised(after).includes(check));
  const lostReferences = new Set(lost.map((check) => check.split(' ')[0]));
  expect(lostReferences.size).toBeGreaterThan(2);
  expect(lostReferences.size).toBeLessThan(before.length);
  const { made, costs, gained, notReproduced, notWeighed } = report.recognitions;
  expect({ made, lost: report.recognitions.lost, gained, notReproduced, notWeighed }).toEqual({
    made: before.length,
    lost: lostReferences.size,
    gained: 0,
    notReproduced: 0,
    notWeighed: 0,
  });
  expect(costs).toHaveLength(1);
  const [cost] = costs;
  expect(cost).toMatchObject({
    entry: 'NL-200',
    path: '/containers/*/seals',
    recognitions: lostReferences.size,
    units: [{ unit: ASKED, count: lostReferences.size }],
  });
  const byType = Map.groupBy(lost, (check) => check.split(' ')[1]!);
  expect(new Map(cost!.checks.map(({ type, count }) => [type, count]))).toEqual(
    new Map([...byType].map(([type, checks]) => [type, checks.length])),
  );
  expect(report.verdict[0]!.en).toBe(
    `withholding /containers/*/seals from *.customs (NL-200) would have cost ${lostReferences.size} of ${made} recognitions`,
  );

  // Fields: of each entry, consumer and path as many results as the ledger then has.
  const [then, thereafter] = [await withheldIn(mesh), await withheldIn(replay)];
  const counted = (effect: 'withheld' | 'shown'): Map<string, number> =>
    new Map(
      report.entries.flatMap(({ entry, consumer, effect: is, fields }) =>
        is === effect
          ? fields.map(({ path, results }): [string, number] => [`${entry} ${consumer} ${path}`, results])
          : [],
      ),
    );
  const difference = (more: typeof then, less: typeof then): Map<string, number> =>
    new Map([...more].flatMap(([key, ids]) => (less.has(key) ? [] : [[key, ids.size] as const])));
  expect(counted('withheld')).toEqual(difference(thereafter, then));
  expect(counted('shown')).toEqual(difference(then, thereafter));
  expect(counted('withheld').size).toBeGreaterThan(6);
  expect(counted('shown').size).toBeGreaterThan(3);
  expect(report.results).toBe(progress.results);
  expect(report.results).toBe(travelling(now).flatMap(({ results }) => results).length);
});

it('is refused by lint, unknown, or only begun by those who may', async () => {
  const bad = await ask<{ draftId: string }>(mesh, '/api/v1/drafts', {
    role: 'policy',
    method: 'POST',
    body: { document: draftText().replace('/goods/*/origin', '/goods/*/origen'), reason: 'preview' },
  });
  const path = `/api/v1/drafts/${bad.body.draftId}/previews`;
  const refused = await ask<{ findings: { code: string }[] }>(mesh, path, { role: 'policy', method: 'POST', body: {} });
  expect(refused.status).toBe(400);
  expect(refused.body.findings.map(({ code }) => code)).toContain('unknown-path');
  const body = { since: 'yesterday', results: 0, more: 1 };
  expect(await ask(mesh, path, { role: 'coordinator', method: 'POST', body })).toMatchObject({
    status: 400,
    body: {
      errors: expect.arrayContaining([
        expect.objectContaining({ pointer: '/since' }),
        expect.objectContaining({ pointer: '/results' }),
        expect.objectContaining({ pointer: '/more' }),
      ]),
    },
  });
  const nowhere = '/api/v1/drafts/019aa5a1-7c5b-7000-8000-000000000000/previews';
  expect((await ask(mesh, nowhere, { role: 'policy', method: 'POST', body: {} })).status).toBe(404);
  for (const role of ['auditor', 'firm'] as const) {
    expect((await ask(mesh, path, { role, method: 'POST', body: {} })).status).toBe(403);
  }
});
