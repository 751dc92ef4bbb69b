import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import type { ExportEnd, ExportLine, ResultView, UnitId } from '@clearance/contracts';
import { consumersOf } from '@clearance/contracts';
import type { ExportVerification } from '@clearance/provenance';
import { borderCrew, customsExamination, testServers } from '@clearance/testing';
import { meshProgram } from '../mesh/program.ts';
import { amend, decideAccess, find, requestAccess, submit } from '../traffic/backend.ts';
import { settledDisclosures } from './disclosures.ts';
import { ask } from './gateway-http.ts';
import { type CommandResult, printedByMesh, runMeshCommand } from './run-mesh-command.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(120_000);

const CREW = 'border.crew';
const BIRTH = '/border/persons/0/birthDate';
let mesh: TestLocalMesh;
let crew: string;
let examination: string;

beforeAll(async () => {
  mesh = await startTestMesh(testServers().databaseUrl);
  const submitted = async (unit: UnitId, content: Parameters<typeof submit>[1]): Promise<string> => {
    const outcome = await submit(mesh.backend(unit), content);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
    return outcome.value.resultId;
  };
  crew = await submitted('ln.border', borderCrew('questions-crew'));
  examination = await submitted('ln.customs', customsExamination('questions-examination'));
  await Promise.all([crew, examination].map((id) => settledDisclosures(mesh, id)));
  // So that there are two heads at least.
  await signed();
  const changed = customsExamination('questions-examination', { validUntil: '2037-12-21T00:00:00Z' });
  const amended = await amend(mesh.backend('ln.customs'), examination, changed);
  if (!amended.ok) throw new Error(JSON.stringify(amended.problem));
  await settledDisclosures(mesh, examination, 2);
  await signed();
}, 300_000);
afterAll(() => mesh?.cleanup(), 120_000);

/** Waits until the end of the ledger is signed. */
async function signed(): Promise<void> {
  await eventually(async () => {
    const [end] = await mesh.query<{ signed: boolean }>(
      'gateway',
      'select max(s.sequence) = (select sequence from ledger_head) as signed from signed_head s',
    );
    return end?.signed ? true : undefined;
  }, 'the end of the ledger is signed');
}

const auditor = <T>(path: string) => ask<T>(mesh, `/api/v1/ledger/${path}`, { role: 'auditor' });
const run = <T>(...words: string[]): Promise<CommandResult<T>> => runMeshCommand<T>(mesh, 'ledger', ...words);
const inHome = (name: string): string => join(mesh.home.root, name);

/** The tool as a person runs it: what it prints, and how it ends. */
const printed = (...words: string[]) => printedByMesh(mesh, ['ledger', ...words]);

interface WhoSaw {
  answers: {
    version: number;
    consumer: UnitId;
    ever: string;
    views: { receiptAt: string | null; verdict: string }[];
  }[];
}

describe('who saw a field', () => {
  it('is what each unit really has', async () => {
    const { status, body } = await auditor<WhoSaw>(`who-saw?resultId=${crew}&path=${encodeURIComponent(BIRTH)}`);
    expect(status).toBe(200);
    expect(body.answers.map(({ consumer }) => consumer)).toEqual(
      consumersOf(mesh.mesh)
        .filter((unit) => unit !== 'ln.border')
        .sort(),
    );
    for (const { consumer, ever, views } of body.answers) {
      const found = await find(mesh.backend(consumer), { resultId: crew });
      if (!found.ok) throw new Error(found.problem.detail);
      const { content } = found.value.results[0] as ResultView & { content: { border: { persons: object[] } } };
      expect([consumer, ever]).toEqual([consumer, 'birthDate' in content.border.persons[0]! ? 'shown' : 'withheld']);
      expect(views.every(({ receiptAt }) => receiptAt !== null)).toBe(true);
    }
    expect(new Set(body.answers.map(({ ever }) => ever))).toEqual(new Set(['shown', 'withheld']));
  });

  it('is told of every version, or of one', async () => {
    const all = await auditor<WhoSaw>(`who-saw?resultId=${examination}&path=/goods/*/value&consumer=hl.border`);
    expect(all.body.answers.map(({ version }) => version)).toEqual([1, 2]);
    const one = await auditor<WhoSaw>(`who-saw?resultId=${examination}&path=&consumer=hl.border&version=2`);
    expect(one.body.answers.map(({ version }) => version)).toEqual([2]);
  });
});

interface Page {
  rows: { resultId: string; ledger: { sequence: number } }[];
  cursor?: string;
}

describe('what a unit was shown, and what was withheld', () => {
  it('is paged by cursor', async () => {
    const whole = await auditor<Page>('shown?consumer=hl.border');
    expect(whole.body.cursor).toBeUndefined();
    expect(new Set(whole.body.rows.map(({ resultId }) => resultId))).toEqual(new Set([crew, examination]));
    const rows: Page['rows'] = [];
    let cursor: string | undefined;
    do {
      const page: Page = (await auditor<Page>(`shown?consumer=hl.border&limit=1${cursor ? `&cursor=${cursor}` : ''}`))
        .body;
      rows.push(...page.rows);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(rows).toEqual(whole.body.rows);
  });

  it('is what the summary counts', async () => {
    const entry = await entryOf();
    const rows = await auditor<{ rows: { consumers: string[]; withheld: object[] }[] }>(`withheld?entry=${entry}`);
    const { body } = await auditor<{ rows: number; views: number; counts: { path: string; views: number }[] }>(
      `withheld/summary?entry=${entry}`,
    );
    expect(body.rows).toBe(rows.body.rows.length);
    expect(body.views).toBe(rows.body.rows.reduce((sum, { consumers }) => sum + consumers.length, 0));
    expect(body.counts.map(({ path }) => path)).toContain('/border/persons/*/birthDate');
  });

  it.each([
    ['a token of nobody', 'shown?consumer=hl.border', undefined, 401],
    ['a token of a firm', 'shown?consumer=hl.border', 'firm', 403],
    ['a policy maker', 'export?question=rows', 'policy', 403],
    ['a coordinator', 'rows', 'coordinator', 200],
    ['what is no question', 'export?question=all', 'auditor', 400],
    ['a result that nobody has', 'who-saw?resultId=019aa5a1-7c5b-7000-8000-ffffffffffff&path=', 'auditor', 404],
    ['a field that there is not', () => `who-saw?resultId=${crew}&path=/good`, 'auditor', 400],
    ['a parameter twice', 'shown?consumer=hl.border&consumer=hl.customs', 'auditor', 400],
  ] as const)('%s is answered as it should be', async (_what, path, role, status) => {
    const address = `/api/v1/ledger/${typeof path === 'string' ? path : path()}`;
    const found = await ask(mesh, address, role === undefined ? {} : { role });
    expect(found.status).toBe(status);
    if (status !== 200) expect(found.headers.get('content-type')).toContain('application/problem+json');
  });

  it('is described: each route with its parameters, an example and its problems', async () => {
    const { body } = await ask<{ paths: Record<string, { get: { parameters: object[]; responses: object } }> }>(
      mesh,
      '/api/v1/openapi.json',
    );
    // Heads are no question of these: what is asked there is a page alone.
    const questions = /^\/api\/v1\/ledger\/(?!heads$)/;
    const routes = Object.entries(body.paths).filter(([path]) => questions.test(path));
    expect(routes.map(([path]) => path.slice('/api/v1/ledger/'.length)).sort()).toEqual([
      ...['export', 'rows', 'shown', 'who-saw', 'withheld', 'withheld/summary'],
    ]);
    for (const [path, { get }] of routes) {
      expect([path, Object.keys(get.responses)]).toEqual([
        path,
        expect.arrayContaining(['200', '400', '401', '403', '503']),
      ]);
      expect(get.parameters.length).toBeGreaterThan(2);
      expect(JSON.stringify(get.responses)).toContain('"example":');
    }
  });
});

/** The entry under which dates of birth are withheld from other agencies, by this list. */
async function entryOf(): Promise<string> {
  const { body } = await auditor<{ answers: { views: { withheld: { entry: string }[] }[] }[] }>(
    `who-saw?resultId=${crew}&path=${encodeURIComponent(BIRTH)}&consumer=hl.customs`,
  );
  return body.answers[0]!.views[0]!.withheld[0]!.entry;
}

describe('npm run mesh -- ledger', () => {
  it('answers the questions', async () => {
    const entry = await entryOf();
    const saw = await run<WhoSaw>('who-saw', crew, '--path', BIRTH, '--consumer', 'hl.customs');
    expect([saw.code, saw.answer.answers[0]?.ever]).toEqual([0, 'withheld']);
    const shown = await run<{ rows: object[]; more: boolean }>('shown', '--consumer', 'hl.customs', '--kind', CREW);
    expect([shown.code, shown.answer.rows.length, shown.answer.more]).toEqual([0, 1, false]);
    const withheld = await run<{ rows: object[] }>('withheld', '--entry', entry);
    expect([withheld.code, withheld.answer.rows.length]).toEqual([0, 1]);
    const summary = await run<{ counts: object[] }>('withheld', '--entry', entry, '--summary');
    expect(summary.answer.counts.length).toBeGreaterThan(0);
    const rows = await run<{ rows: object[]; more: boolean }>('rows', '--limit', '2');
    expect([rows.answer.rows.length, rows.answer.more]).toEqual([2, true]);
  });

  it('says what is wrong with a question, and what could not be done', async () => {
    const bad = await run<{ errors: { pointer: string }[] }>('withheld', '--entry', 'x', '--from', 'y');
    expect([bad.code, bad.answer.errors.map(({ pointer }) => pointer)]).toEqual([1, ['/entry', '/from']]);
    const text = await printed('who-saw', crew, '--path', '/good');
    expect([text.code, text.text]).toEqual([1, expect.stringMatching(/\/path .*所引用的.* \/ names one/)]);
    const away = await printed('rows', '--gateway', 'http://127.0.0.1:1');
    expect([away.code, away.stderr]).toEqual([2, expect.stringContaining('网关无应答 the gateway does not answer')]);
    const nowhere = await printed('export', 'rows', '--out', inHome('no/such/folder'));
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('the export broke off')]);
    const { commands } = (await meshProgram('ledger')).commands.find((verb) => verb.name() === 'ledger')!;
    expect(commands.map((verb) => [verb.name(), verb.options.some(({ long }) => long === '--json')])).toEqual(
      ['who-saw', 'shown', 'withheld', 'rows', 'export', 'verify'].map((verb) => [verb, true]),
    );
  });
});

describe('an export', () => {
  type Verified = ExportVerification & { proof?: { en: string } };
  const exported = async (name: string, ...words: string[]): Promise<string> => {
    const file = inHome(name);
    const { code, stderr } = await run<object>('export', ...words, '--out', file);
    if (code !== 0) throw new Error(stderr);
    return file;
  };
  const linesOf = async (file: string): Promise<ExportLine[]> =>
    (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ExportLine);

  it('of rows, of a selection and of a complete one is verified offline, and says what it proves', async () => {
    const entry = await entryOf();
    const [{ end }] = (await mesh.query<{ end: string }>('gateway', 'select sequence as end from ledger_head')) as [
      { end: string },
    ];
    const cases = [
      ['rows', ['rows'], { proves: 'range', rows: Number(end), skipped: 0, others: 0 }],
      ['places', ['withheld', '--entry', entry], { proves: 'places', rows: 1, skipped: Number(end) - 1, others: 0 }],
      ['complete', ['withheld', '--entry', entry, '--complete'], { proves: 'selection', rows: 1, skipped: 0 }],
    ] as const;
    for (const [name, words, expected] of cases) {
      const file = await exported(`${name}.jsonl`, ...words);
      const { code, answer } = await run<Verified>('verify', file);
      expect([name, code, answer]).toEqual([name, 0, expect.objectContaining({ ok: true, unsigned: 0, ...expected })]);
    }
  });

  it('is compared with the heads that a unit keeps', async () => {
    const heads = inHome('heads.jsonl');
    const kept = await eventually(async () => {
      const { answer } = await runMeshCommand<{ heads: number }>(
        mesh,
        'verify',
        'heads',
        '--unit',
        'jl.border',
        '--out',
        heads,
      );
      return answer.heads >= 2 ? answer.heads : undefined;
    }, 'jl.border keeps heads');
    const file = await exported('witnessed.jsonl', 'rows');
    const { answer } = await run<Verified>('verify', file, '--witness', heads);
    expect(answer).toMatchObject({ ok: true, witnessed: kept });
    const text = await readFile(heads, 'utf8');
    await writeFile(heads, text.replace(/"hash":"[0-9a-f]{64}"/, `"hash":"${'0'.repeat(64)}"`));
    const forged = await run<Verified>('verify', file, '--witness', heads);
    expect([forged.code, forged.answer.findings[0]?.code]).toEqual([1, 'head-invalid']);
  });

  // What else may be done to an export is tried where it is judged, in libs/provenance.
  it('is found out when a row is left out, or it is given the head of another', async () => {
    const lines = await linesOf(await exported('whole.jsonl', 'rows'));
    const { head } = (await linesOf(await exported('short.jsonl', 'rows', '--last', '1'))).at(-1) as ExportEnd;
    const file = inHome('tampered.jsonl');
    const foundIn = async (tampered: ExportLine[]): Promise<string[]> => {
      await writeFile(file, `${tampered.map((line) => JSON.stringify(line)).join('\n')}\n`);
      const { code, answer } = await run<Verified>('verify', file);
      expect([code, answer.ok]).toEqual([1, false]);
      return [...new Set(answer.findings.map((finding) => finding.code))];
    };
    expect(await foundIn(lines.toSpliced(2, 1))).toEqual(['out-of-place', 'row-altered', 'count-differs']);
    expect(await foundIn(lines.with(-1, { ...(lines.at(-1) as ExportEnd), head }))).toEqual(['head-mismatch']);
    const { text } = await printed('verify', file);
    expect(text).toContain('导出不成立 the export does not hold');
  });

  it('is CSV for whoever asks for it, by option or by Accept', async () => {
    const entry = await entryOf();
    const file = await exported('withheld.csv', 'withheld', '--entry', entry, '--format', 'csv', '--bom');
    const text = await readFile(file, 'utf8');
    expect(text.startsWith('\uFEFFsequence,decidedAt,consumer,')).toBe(true);
    expect(text).toContain(`,${crew},1,issued,ln.border,${CREW},`);
    const token = (await readFile(mesh.home.tokenFile('auditor'), 'utf8')).trim();
    const response = await fetch(`${mesh.httpUrl}/api/v1/ledger/export?question=withheld&entry=${entry}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/csv' },
    });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="ledger-withheld.csv"');
    expect(`\uFEFF${await response.text()}`).toBe(text);
  });

  it('is refused while others are being written, and again possible when they are given up', async () => {
    const token = (await readFile(mesh.home.tokenFile('auditor'), 'utf8')).trim();
    const open = async (): Promise<number> => {
      const response = await fetch(`${mesh.httpUrl}/api/v1/ledger/export?question=rows`, {
        headers: { authorization: `Bearer ${token}` },
      });
      await response.text();
      return response.status;
    };
    // However many were asked for at once: each is answered or told to wait, and none stays counted.
    const statuses = await Promise.all(Array.from({ length: 12 }, open));
    expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
    expect(await open()).toBe(200);
  });
});

/** Has the crew's documents granted to a unit, and waits until they were shown and a signed head says so. */
async function grantedTo(requester: UnitId): Promise<string> {
  const asked = await requestAccess(mesh.backend(requester), {
    ...{ reference: 'questions-access', resultId: crew, paths: ['/border/persons/*/documentNumber'] },
    ...{ purpose: 'counter-smuggling', legalReference: '立案〔2026〕14号' },
    until: new Date(Date.now() + 86_400_000).toISOString(),
  });
  if (!asked.ok) throw new Error(JSON.stringify(asked.problem));
  const { requestId } = asked.value;
  const answered = (): Promise<boolean> =>
    decideAccess(mesh.backend('ln.border'), { requestId, decision: 'grant' }).then(({ ok }) => ok);
  await eventually(async () => ((await answered()) ? true : undefined), 'the owner has been asked');
  await eventually(
    async () => (await auditor<{ rows: unknown[] }>(`shown?consumer=${requester}&grant=${requestId}`)).body.rows[0],
    'it is shown under the grant',
  );
  await signed();
  return requestId;
}

describe('docs/auditing.md', () => {
  /** What differs from run to run: ids, times, digests and numbers. */
  const masked = (text: string): string =>
    text
      .replaceAll(mesh.home.root, '')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|RESULT_ID|REQUEST_ID/g, 'ID')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/\b[0-9a-f]{64}\b|(?<=")[\w-]{43,}(?:\.\.[\w-]+)?(?=")/g, 'DIGEST')
      .replaceAll(/[0-9a-f]{4,64}…/g, 'DIGEST')
      .replaceAll(/\d+/g, '0')
      .replaceAll(/ +/g, ' ');

  it('shows what the tool says', async () => {
    const guide = await readFile(fileURLToPath(new URL('../../../docs/auditing.md', import.meta.url)), 'utf8');
    const examples = [...guide.matchAll(/^```sh\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm)];
    expect(examples.length).toBeGreaterThan(2);
    let requestId: string | undefined;
    const outputs: string[] = [];
    for (const [, commands = ''] of examples) {
      let said = '';
      for (const line of commands.trim().split('\n')) {
        // Once it is granted, what the examples before it show is more.
        if (line.includes('REQUEST_ID')) requestId ??= await grantedTo('hl.customs');
        const words = line
          .replace('npm run mesh -- ledger ', '')
          .replace('RESULT_ID', crew)
          .replace('REQUEST_ID', requestId ?? '')
          .split(' ');
        const file = (word: string): string => (/\.jsonl$/.test(word) ? inHome(word) : word.replaceAll("'", ''));
        const { code, text } = await printed(...words.map(file));
        expect([line, code]).toEqual([line, 0]);
        said += text.replaceAll(`${mesh.home.root}/`, '');
      }
      outputs.push(masked(said));
    }

    expect(outputs).toEqual(examples.map(([, , shown = '']) => masked(shown)));
  });
});
