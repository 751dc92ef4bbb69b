import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  consumersOf,
  parseUnitId,
  RESULT_KINDS,
  type ResultContent,
  type ResultKind,
  type UnitId,
  unitsOf,
} from '@clearance/contracts';
import { catalogueFields } from '@clearance/negative-list';
import { borderCrew, customsExamination, inspectionQuarantine } from '@clearance/testing';
import { printedByMesh } from './run-mesh-command.ts';
import { REPOSITORY } from '../local-mesh/paths.ts';
import { amend, find, revoke, submit } from '../traffic/backend.ts';
import { settledDisclosures } from './disclosures.ts';
import { ask } from './gateway-http.ts';
import { countedAtGateway, recountFromUnits } from './recount-catalogue.ts';
import { mesh } from './shared-mesh.fixture.ts';

const crews: string[] = [];
const examinations: string[] = [];

/** The checks of a content, performed so long ago. */
function examined<C extends ResultContent>(content: C, minutesAgo: number): C {
  const performedAt = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return { ...content, checks: content.checks.map((check) => ({ ...check, performedAt })) };
}

async function submitted(unit: UnitId, content: ResultContent): Promise<string> {
  const outcome = await submit(mesh.backend(unit), content);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value.resultId;
}

beforeAll(async () => {
  for (const minutes of [25, 25, 100, 25]) {
    const content = examined(customsExamination(`catalogue-${examinations.length}`), minutes);
    const { consignee: _consignee, ...without } = content;
    examinations.push(await submitted('ln.customs', minutes === 100 ? without : content));
  }
  for (const minutes of [4, 8]) {
    crews.push(await submitted('ln.border', examined(borderCrew(`catalogue-${minutes}`), minutes)));
  }
  const quarantine = await submitted('ln.inspection', examined(inspectionQuarantine('catalogue'), 25));
  const [first, second] = examinations as [string, string];
  const changed = examined(customsExamination('catalogue-0', { validUntil: '2037-12-21T00:00:00Z' }), 25);
  expect(await amend(mesh.backend('ln.customs'), first, changed)).toMatchObject({ ok: true });
  expect(await revoke(mesh.backend('ln.customs'), second, '重复录入')).toMatchObject({ ok: true });
  await Promise.all([...crews, ...examinations, quarantine].map((id) => settledDisclosures(mesh, id)));
  await Promise.all([first, second].map((id) => settledDisclosures(mesh, id, 2)));
}, 300_000);

interface Sharing {
  class: string;
  consumers: UnitId[];
  entries: string[];
  dependent: string[];
}
interface Catalogue {
  list: { version: string };
  from: string;
  to: string;
  entries: { id: string; class: string; legalBasis: string }[];
  resources: {
    issuer: UnitId;
    kind: string;
    results: number;
    amendments: number;
    revocations: number;
    amendmentsPerResult: number | null;
    delay: { measured: number; p50: number | null; p99: number | null };
    consumers: { consumer: UnitId; given: number; confirmed: number }[];
    exceptions: { entry: string; consumers: UnitId[] }[];
    fields: { path: string; present: number; share: number | null; sharing: Sharing[] }[];
  }[];
}

type Role = NonNullable<NonNullable<Parameters<typeof ask>[2]>['role']>;
const read = (query = '', role: Role = 'coordinator') => ask<Catalogue>(mesh, `/api/v1/catalogue${query}`, { role });
const CREW = 'issuer=ln.border&kind=border.crew';

describe('the figures of the catalogue', () => {
  it('are those that the units’ own databases give', async () => {
    const recounted = await recountFromUnits(mesh);
    expect(
      recounted.map(({ issuer, results, amendments, revocations }) => [issuer, results, amendments, revocations]),
    ).toEqual([
      ['ln.border', 2, 0, 0],
      ['ln.customs', 4, 1, 1],
      ['ln.inspection', 1, 0, 0],
    ]);
    expect(await countedAtGateway(mesh)).toEqual(recounted);
    const { body } = await read();
    const measured = new Map(body.resources.map((resource) => [`${resource.issuer} ${resource.kind}`, resource]));
    for (const { issuer, kind, results, amendments, revocations, delayed, present } of recounted) {
      const resource = measured.get(`${issuer} ${kind}`)!;
      expect(resource).toMatchObject({ results, amendments, revocations, delay: { measured: delayed } });
      expect(Object.fromEntries(resource.fields.flatMap(({ path, present: n }) => (n > 0 ? [[path, n]] : [])))).toEqual(present); // prettier-ignore
      expect(resource.consumers.map(({ consumer }) => consumer)).toEqual(
        consumersOf(mesh.mesh)
          .filter((unit) => unit !== issuer)
          .sort(),
      );
      const versions = results + amendments + revocations;
      for (const { given, confirmed } of resource.consumers) expect([given, confirmed]).toEqual([versions, versions]);
    }
    const { delay, amendmentsPerResult, fields } = measured.get('ln.customs customs.examination')!;
    expect([delay.p50, delay.p99, amendmentsPerResult]).toEqual([30 * 60, 2 * 3_600, 0.25]);
    const shares = Object.fromEntries(fields.map(({ path, share }) => [path, share]));
    expect([shares['/reference'], shares['/consignee/name'], shares['/revocation/reason']]).toEqual([1, 0.75, 1]);
  });

  it('are of the days that are asked for', async () => {
    const tomorrow = (await read()).body.to;
    const none = await read(`?from=${tomorrow}&to=9999-12-31`);
    expect(none.body.resources.filter(({ results, consumers }) => results > 0 || consumers.length > 0)).toEqual([]);
    expect(none.body.resources[0]!.fields[0]!.share).toBeNull();
    const all = await read(`?from=2026-01-01&to=${tomorrow}`);
    expect(all.body.resources.reduce((sum, { results }) => sum + results, 0)).toBe(7);
  });
});

describe('the classes of the catalogue', () => {
  it('are there for every field of every kind that a unit may issue', async () => {
    const { body } = await read();
    const expected = unitsOf(mesh.mesh).flatMap((unit) =>
      RESULT_KINDS.filter((kind) => kind.startsWith(`${parseUnitId(unit).role}.`)).map((kind) => `${unit} ${kind}`),
    );
    expect(body.resources.map(({ issuer, kind }) => `${issuer} ${kind}`)).toEqual(expected);
    for (const { issuer, kind, fields } of body.resources) {
      const others = consumersOf(mesh.mesh).filter((unit) => unit !== issuer);
      const each = fields.map(({ path, sharing }) => [path, ...sharing.flatMap(({ consumers }) => consumers).sort()]);
      expect(each).toEqual(catalogueFields(kind as ResultKind).map(({ path }) => [path, ...others.sort()]));
    }
    const named = body.resources.flatMap(({ fields, exceptions }) => [
      ...exceptions.map(({ entry }) => entry),
      ...fields.flatMap(({ sharing }) => sharing.flatMap(({ entries, dependent }) => [...entries, ...dependent])),
    ]);
    expect(body.entries.map(({ id }) => id).sort()).toEqual([...new Set(named)].sort());
  });

  it('are what each unit finds in its copy', async () => {
    const { body } = await read(`?${CREW}`);
    const [{ fields }] = body.resources as [Catalogue['resources'][number]];
    const classes = new Set<string>();
    for (const consumer of ['hl.customs', 'hl.border', 'jl.inspection'] as const) {
      const found = await find(mesh.backend(consumer), { resultId: crews[0]! });
      if (!found.ok) throw new Error(found.problem.detail);
      const held = JSON.stringify(found.value.results[0]!.content);
      for (const [path, value] of [
        ['/border/persons/*/birthDate', '1984-05-17'],
        ['/border/persons/*/name', 'IVANOV PETR'],
        ['/border/persons/*/documentNumber', 'RU7730192'],
      ] as const) {
        const { sharing } = fields.find((field) => field.path === path)!;
        const { class: is } = sharing.find(({ consumers }) => consumers.includes(consumer))!;
        classes.add(is);
        expect([consumer, path, held.includes(value)]).toEqual([consumer, path, is === 'unconditional']);
      }
    }
    expect(classes).toEqual(new Set(['conditional', 'unconditional']));
  });
});

describe('who may read the catalogue', () => {
  it.each<[string, Role, string, number]>([
    ...(['coordinator', 'policy', 'policy-approver', 'auditor'] as const).map(
      (role): [string, Role, string, number] => [...([`all of it: ${role}`, role, '', 200] as const)],
    ),
    ['not a firm', 'firm', '', 403],
    ['a unit: what it provides itself', 'ln.border', '?issuer=ln.border', 200],
    ['a unit: what it may use', 'ln.border', '?consumer=ln.border', 200],
    ['a unit: what others provide', 'ln.border', '?issuer=hl.customs', 200],
    ['a unit: not what others provide to others', 'ln.border', '?issuer=hl.customs&consumer=jl.customs', 403],
    ['a unit: not what others may use', 'ln.border', '?consumer=jl.customs', 403],
  ])('%s', async (_what, role, query, status) => {
    const answer = await read(query, role);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: 'forbidden' });
  });

  it('a unit sees of others what concerns itself alone', async () => {
    const { body } = await read('', 'ln.border');
    for (const { issuer, fields, consumers, exceptions } of body.resources) {
      const concerned = new Set([
        ...fields.flatMap(({ sharing }) => sharing.flatMap((one) => one.consumers)),
        ...exceptions.flatMap((one) => one.consumers),
        ...consumers.map(({ consumer }) => consumer),
      ]);
      expect([issuer, ...concerned]).toEqual(issuer === 'ln.border' ? [issuer] : [issuer, 'ln.border']);
    }
    const own = await read('?issuer=ln.border', 'ln.border');
    expect(own.body.resources[0]!.fields[0]!.sharing.flatMap(({ consumers }) => consumers)).toContain('hl.customs');
  });

  it('is told of every parameter that is at fault', async () => {
    const bad = 'issuer=x&consumer=y&kind=z&from=2026-02-30&to=1999-01-01&format=xml&bom=1&more=2';
    const { status, body } = await ask(mesh, `/api/v1/catalogue?${bad}`, { role: 'auditor' });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }) => pointer).sort()).toEqual([
      ...['/bom', '/consumer', '/format', '/from', '/issuer', '/kind', '/more', '/to'],
    ]);
    for (const [query, pointer] of [
      ['from=2026-11-02&to=2026-11-02', '/to'],
      ['from=9999-12-31', '/from'],
      ['kind=border.crew&kind=border.crew', '/kind'],
    ]) {
      const one = await ask(mesh, `/api/v1/catalogue?${query}`, { role: 'auditor' });
      expect([query, one.status, one.body.errors.map((error) => error.pointer)]).toEqual([query, 400, [pointer]]);
    }
  });
});

/** Records of a CSV file (RFC 4180). */
function recordsOf(text: string): string[][] {
  return text
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
        .slice(0, -1)
        .map(([, cell = '']) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)),
    );
}

/** The tool as a person runs it: what it prints, and how it ends. */
const printed = (...words: string[]) => printedByMesh(mesh, [...words]);

describe('the catalogue as CSV', () => {
  it('is given by Accept and by format, and says what JSON says', async () => {
    const token = (await readFile(mesh.home.tokenFile('auditor'), 'utf8')).trim();
    const response = await fetch(`${mesh.httpUrl}/api/v1/catalogue?${CREW}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/csv' },
    });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="catalogue.csv"');
    const text = await response.text();
    expect((await ask<string>(mesh, `/api/v1/catalogue?${CREW}&format=csv`, { role: 'auditor' })).body).toBe(text);

    const [columns, ...records] = recordsOf(text) as [string[], ...string[][]];
    expect(records.filter((record) => record.length !== columns.length)).toEqual([]);
    const cell = (record: string[], name: string): string => record[columns.indexOf(name)]!;
    const { body } = await read(`?${CREW}`);
    const [resource] = body.resources as [Catalogue['resources'][number]];
    expect(
      records.map((record) =>
        ['path', 'class', 'consumers', 'entries', 'dependentEntries', 'present', 'share'].map((name) =>
          cell(record, name),
        ),
      ),
    ).toEqual(
      resource.fields.flatMap(({ path, present, share, sharing }) =>
        sharing.map((one) => [
          ...[path, one.class, one.consumers.join(' '), one.entries.join(' '), one.dependent.join(' ')],
          ...[String(present), share === null ? '' : String(share)],
        ]),
      ),
    );
    const permit = records.find((record) => cell(record, 'entries') === 'NL-003')!;
    expect(cell(permit, 'legalBasis')).toBe(body.entries.find(({ id }) => id === 'NL-003')!.legalBasis);
    expect(cell(permit, 'listVersion')).toBe(body.list.version);
  });

  it('is refused by the tool too, with every reason', async () => {
    const refused = await printed('catalogue', '--kind', 'customs.raid', '--to', 'yesterday', '--csv', 'x.csv');
    expect([refused.code, refused.text]).toEqual([1, expect.stringMatching(/^400 .*\n\/kind .*\n\/to /)]);
  });
});

describe('docs/catalogue.md', () => {
  /** Days, and how many bytes an answer has, differ from run to run. */
  const masked = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\d/g, 'DAY').replaceAll(/\d+ 字节/g, 'N 字节');

  it('shows what the tool says', async () => {
    const guide = await readFile(join(REPOSITORY, 'docs/catalogue.md'), 'utf8');
    const examples = [...guide.matchAll(/^```sh\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm)];
    expect(examples.length).toBeGreaterThan(2);
    const outputs: string[] = [];
    for (const [, commands = ''] of examples) {
      let said = '';
      for (const line of commands.trim().split('\n')) {
        const { code, text } = await printed(...line.replace('npm run mesh -- ', '').split(' '));
        expect([line, code]).toEqual([line, 0]);
        said += text;
      }
      outputs.push(masked(said));
    }
    expect(outputs).toEqual(examples.map(([, , shown = '']) => masked(shown)));
    const written = await readFile(join(mesh.home.root, 'catalogue.csv'), 'utf8');
    const { body } = await ask<string>(mesh, '/api/v1/catalogue?format=csv', { role: 'auditor' });
    expect(written).toBe(`\uFEFF${body}`);
  });

  it('explains every column and every class', async () => {
    const guide = await readFile(join(REPOSITORY, 'docs/catalogue.md'), 'utf8');
    const { body } = await ask<string>(mesh, `/api/v1/catalogue?${CREW}&format=csv`, { role: 'auditor' });
    const words = [...recordsOf(body)[0]!, 'unconditional', 'conditional', 'withheld', 'depends'];
    expect(words.filter((word) => !guide.includes(`\`${word}\``))).toEqual([]);
  });
});

it('is described: its parameters, both forms with an example, and its problems', async () => {
  const { body } = await ask<{ paths: Record<string, { get: { parameters: { name: string }[]; responses: Record<string, { content?: Record<string, { example?: unknown }> }> } }> }>(mesh, '/api/v1/openapi.json'); // prettier-ignore
  const { parameters, responses } = body.paths['/api/v1/catalogue']!.get;
  expect(parameters.map(({ name }) => name).sort()).toEqual([
    'bom',
    'consumer',
    'format',
    'from',
    'issuer',
    'kind',
    'to',
  ]);
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '400', '401', '403', '413', '503']));
  const { content = {} } = responses['200']!;
  expect(Object.keys(content).sort()).toEqual(['application/json', 'text/csv']);
  for (const { example } of Object.values(content)) expect(example).toBeDefined();
});
