import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Recognition, type ResultContent, type ResultReceipt, type UnitId, unitsOf } from '@clearance/contracts';
import { customsExamination, inspectionQuarantine } from '@clearance/testing';
import { REPOSITORY } from '../local-mesh/paths.ts';
import { amend, requestRecognition, revoke, submit } from '../traffic/backend.ts';
import { containerNumber } from '../traffic/identifiers.ts';
import { seededRandom } from '../traffic/random.ts';
import { settledDisclosures } from './disclosures.ts';
import { ask } from './gateway-http.ts';
import { allCounted, countedIndicators, recountIndicators } from './recount-indicators.ts';
import { printedByMesh, runMeshCommand } from './run-mesh-command.ts';
import { eventually } from './test-local-mesh.ts';
import { mesh } from './traced-mesh.fixture.ts';

const LN: UnitId = 'ln.customs';
const CIQ: UnitId = 'ln.inspection';
const HL: UnitId = 'hl.customs';

const random = seededRandom('coordination');
/** Goods of a test's own: a box, a declaration, a bill. */
interface Goods {
  container: string;
  declarationNumber: string;
  transportDocument: string;
}
function newGoods(): Goods {
  return {
    container: containerNumber(random),
    declarationNumber: `090220261${random.digits(9)}`,
    transportDocument: `COSU${random.digits(10)}`,
  };
}

/** What a content says of goods: in the place of the example's box and papers. */
function about<C extends ResultContent>(content: C, { container, declarationNumber, transportDocument }: Goods): C {
  const text = JSON.stringify({ ...content, declarationNumber, transportDocument });
  return JSON.parse(text.replaceAll('CSQU3054383', container)) as C;
}

async function issued(unit: UnitId, content: ResultContent): Promise<ResultReceipt> {
  const outcome = await submit(mesh.backend(unit), content);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  await settledDisclosures(mesh, outcome.value.resultId);
  return outcome.value;
}

async function recognised(unit: UnitId, reference: string, { container }: Goods): Promise<Recognition> {
  const outcome = await requestRecognition(mesh.backend(unit), {
    ...{ reference, location: 'CNHRB', checks: ['x-ray', 'weighing'], consignment: { containers: [container] } },
    sealsObserved: [{ container, number: 'H1234567', condition: 'intact' }],
  });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}

interface Found {
  consignments: { consignmentId: string; results: number; issuers: UnitId[]; containers: string[] }[];
}
interface Timeline {
  consignment: Found['consignments'][number] & { unsettled: number };
  results: { resultId: string; version: number; kind: string | null; traceId: string | null }[];
  steps: {
    step: string;
    at: string;
    unit: UnitId;
    resultId?: string;
    version?: number;
    withheldFrom?: UnitId[];
    recognitionId?: string;
    outcome?: string;
    recognised?: string[];
    required?: { check: string; reasons: string[] }[];
  }[];
}
const search = async (query: Record<string, string>): Promise<Found['consignments']> => {
  const path = `/api/v1/consignments?${new URLSearchParams(query).toString()}`;
  const { status, body } = await ask<Found>(mesh, path, { role: 'coordinator' });
  expect(status).toBe(200);
  return body.consignments;
};
/** The timeline of a result's consignment, once it is as expected: it is kept behind the decisions. */
const timeline = (resultId: string, holds: (timeline: Timeline) => boolean): Promise<Timeline> =>
  eventually(async () => {
    const path = `/api/v1/consignments/${resultId}/timeline`;
    const { status, body } = await ask<Timeline>(mesh, path, { role: 'coordinator' });
    return status === 200 && holds(body) ? body : undefined;
  }, `the timeline of ${resultId}`);
const count = (steps: Timeline['steps'], step: string): number => steps.filter((each) => each.step === step).length;

interface Rebuild {
  rebuildId: string;
  finishedAt: string | null;
  total: number | null;
  done: number;
  waiting: number;
}

/** All that the gateway keeps for coordinators; but for when it was offered, which stands nowhere else. */
async function everything(): Promise<Record<'versions' | 'consignments' | 'members' | 'recognitions', unknown[]>> {
  const [versions, consignments, members, recognitions] = await Promise.all(
    [
      'select v.*, null as offered_at from coordinated_version v order by result_id, version',
      'select * from consignment order by consignment_id',
      'select result_id, version, consignment_id from traveller order by result_id',
      'select recognition_id, unit, state, report, keys from coordinated_recognition order by recognition_id',
    ].map((sql) => mesh.query('gateway', sql)),
  );
  return { versions: versions!, consignments: consignments!, members: members!, recognitions: recognitions! };
}

/** Times of a step, as the databases that hold it say them. */
const timesOf = ({ steps }: Timeline, step: string, version = 1): string[] =>
  steps.filter((each) => each.step === step && each.version === version).map(({ at }) => at).sort(); // prettier-ignore

/** The indicators are what the databases give when they are counted anew, one place after the other. */
async function expectRecounted(conflicts: Record<string, number> = {}): Promise<void> {
  const counted = await countedIndicators(mesh);
  const { hoursPerCheck } = await allCounted(mesh, '');
  expect(counted).toEqual(await recountIndicators(mesh, hoursPerCheck, conflicts));
  expect(counted.length).toBeGreaterThan(1);
}

describe('a consignment', () => {
  it('is found by what it travels with, over the units that have to do with it, and tells from examination to recognition', async () => {
    const goods = newGoods();
    const scan = await issued(LN, about(customsExamination(`scan-${goods.container}`), goods));
    const quarantine = await issued(CIQ, about(inspectionQuarantine(`quarantine-${goods.container}`), goods));
    await issued(LN, about(customsExamination(`other-${goods.container}`), newGoods()));
    const decision = await recognised(HL, `together-${goods.container}`, goods);

    const told = await timeline(
      quarantine.resultId,
      ({ steps }) => count(steps, 'received') === 22 && count(steps, 'recognised') === 1,
    );
    expect(told.consignment).toMatchObject({
      ...{ consignmentId: scan.resultId, results: 2, issuers: [LN, CIQ], containers: [goods.container], unsettled: 0 },
    });
    const { container, declarationNumber, transportDocument } = goods;
    const questions: Record<string, string>[] = [
      ...[{ container }, { declarationNumber }, { transportDocument }, { resultId: scan.resultId }],
    ];
    for (const question of questions) expect(await search(question)).toEqual([told.consignment]);
    expect(await search({ container, issuer: HL })).toEqual([]);
    expect(await search({ container: containerNumber(random) })).toEqual([]);

    // Each time is the one that the database has which it happened in.
    const [settlement] = await mesh.query<{ receipts: string; settled_at: Date }>(
      'gateway',
      'select receipts, settled_at from settlement where result_id = $1',
      [scan.resultId],
    );
    const ofScan = { ...told, steps: told.steps.filter(({ resultId }) => resultId === scan.resultId) };
    expect(timesOf(ofScan, 'received')).toEqual(Object.values(JSON.parse(settlement!.receipts) as object).sort());
    expect(timesOf(ofScan, 'settled')).toEqual([settlement!.settled_at.toISOString()]);
    expect(timesOf(ofScan, 'submitted')).toEqual([scan.issuedAt]);
    const { disclosures } = await settledDisclosures(mesh, scan.resultId);
    const decided = ofScan.steps.filter(({ step }) => step === 'decided');
    expect(decided.map(({ at }) => at)).toEqual([...new Set(disclosures.map(({ decidedAt }) => decidedAt))]);
    expect(decided[0]!.withheldFrom).toEqual(
      disclosures.filter(({ withheld }) => withheld.length > 0).map(({ consumer }) => consumer).sort(), // prettier-ignore
    );
    const recognition = told.steps.find(({ step }) => step === 'recognised')!;
    expect(recognition).toMatchObject({
      ...{ at: decision.decidedAt, unit: HL, recognitionId: decision.recognitionId, outcome: decision.outcome },
      recognised: decision.checks.filter((check) => check.decision === 'recognised').map(({ type }) => type),
      required: decision.checks.flatMap((check) =>
        check.decision === 'required' ? [{ check: check.type, reasons: check.reasons.map(({ code }) => code) }] : [],
      ),
    });
    expect(recognition.recognised).toContain('x-ray');
    // The same, as the operator's tool prints it: a line a step.
    const shown = await printedByMesh(mesh, ['consignments', 'show', scan.resultId]);
    expect(shown.code).toBe(0);
    expect(shown.text.split('\n').filter((line) => /^\d{4}-\d\d-\d\dT/.test(line))).toHaveLength(told.steps.length);
    expect(shown.text).toContain(`${decision.decidedAt}  互认 recognised  ${HL}`);
    const found = await runMeshCommand<Found>(mesh, 'consignments', 'find', '--container', container);
    expect(found).toMatchObject({ code: 0, answer: { consignments: [told.consignment] } });
    // Whatever happens to a version happens after it was submitted, and its trace can be looked for.
    const order = ['submitted', 'offered', 'decided', 'received', 'settled'].map((step) => timesOf(ofScan, step)[0]!);
    expect(order).toEqual([...order].sort());
    expect(told.results.every(({ traceId }) => /^[0-9a-f]{32}$/.test(traceId ?? ''))).toBe(true);
  });

  it('tells that a result was amended and revoked, and that what relied on it is reopened', async () => {
    const goods = newGoods();
    const content = about(customsExamination(`revoked-${goods.container}`), goods);
    const { resultId } = await issued(LN, content);
    const decision = await recognised(HL, `relied-${goods.container}`, goods);
    expect(await amend(mesh.backend(LN), resultId, { ...content, remarks: '更正' })).toMatchObject({ ok: true });
    expect(await revoke(mesh.backend(LN), resultId, '误录')).toMatchObject({ ok: true });
    const { steps, results } = await timeline(
      resultId,
      (told) => count(told.steps, 'settled') === 3 && count(told.steps, 'reopened') === 1,
    );
    expect(results.map(({ version }) => version)).toEqual([1, 2, 3]);
    const reopened = steps.find(({ step }) => step === 'reopened')!;
    expect(reopened).toMatchObject({ unit: HL, recognitionId: decision.recognitionId, resultId });
    expect(reopened.version).toBeGreaterThan(1);
    expect(count(steps, 'examined')).toBe(1);
    await expectRecounted();
  });

  it('is right after the gateway was away in the middle, whatever was decided and recognised meanwhile', async () => {
    const goods = newGoods();
    const gateway = mesh.services.get('gateway')!;
    const first = await issued(LN, about(customsExamination(`before-${goods.container}`), goods));
    await gateway.stop();
    const outcome = await submit(mesh.backend(CIQ), about(inspectionQuarantine(`away-${goods.container}`), goods));
    expect(outcome.ok).toBe(true);
    const decision = await recognised(HL, `away-${goods.container}`, goods);
    gateway.startAgain();
    await gateway.ready(120_000);
    const told = await timeline(
      first.resultId,
      ({ consignment, steps }) => consignment.results === 2 && count(steps, 'recognised') === 1,
    );
    expect(told.steps.find(({ step }) => step === 'recognised')!.at).toBe(decision.decidedAt);
    const waiting = await mesh.query(HL, 'select 1 from recognition_report');
    expect(waiting).toEqual([]);
    await expectRecounted();
  });

  it('is made anew from the ledger and from the units, as it was, whatever has become of what was kept', async () => {
    const kept = await eventually(async () => {
      const [row] = await mesh.query<{ open: number }>(
        'gateway',
        'select count(*)::integer as open from coordinated_version where not joined',
      );
      return row!.open === 0 ? await everything() : undefined;
    }, 'everything joined');
    expect(kept.consignments.length).toBeGreaterThan(3);
    const tampered = kept.versions[0]! as { result_id: string };
    await mesh.query('gateway', `update coordinated_version set containers = '{DLCU2045117}', location = 'CNMLX',
      joined = false where result_id = $1`, [tampered.result_id]); // prettier-ignore
    await mesh.query('gateway', 'delete from coordinated_version where result_id <> $1 and version = 1', [tampered.result_id]); // prettier-ignore
    await mesh.query('gateway', 'delete from coordinated_recognition');

    const path = '/api/v1/consignments/rebuilds';
    const asking = { role: 'coordinator', method: 'POST', body: { reason: '试验' } } as const;
    const begun = await ask<Rebuild>(mesh, path, asking);
    expect(begun.status).toBe(202);
    expect((await ask(mesh, path, asking)).status).toBe(409);
    // It goes on where it was when its gateway is killed in the middle.
    await mesh.services.get('gateway')!.crash();
    await mesh.services.get('gateway')!.ready(120_000);
    const ended = await eventually(async () => {
      const { body } = await ask<Rebuild>(mesh, `${path}/${begun.body.rebuildId}`, { role: 'coordinator' });
      return body.finishedAt !== null && body.waiting === 0 ? body : undefined;
    }, 'the rebuild');
    expect(ended).toMatchObject({ missing: 0, unreachable: [], done: ended.total });
    const again = await eventually(async () => {
      const now = await everything();
      return now.recognitions.length === kept.recognitions.length ? now : undefined;
    }, 'the recognitions reported again');
    expect(again).toEqual(kept);
    const byTool = await runMeshCommand<Rebuild>(mesh, 'consignments', 'rebuild', '--reason', '试验');
    expect(byTool).toMatchObject({ code: 0, answer: { ok: true, missing: 0, waiting: 0, done: ended.done } });
    expect(await everything()).toEqual(kept);
    await expectRecounted();
  });

  it('shows of a result no more than everybody may see: of one that is withheld whole, only that it is there', async () => {
    const goods = newGoods();
    const content = about(customsExamination(`military-${goods.container}`, { handling: 'military' }), goods);
    const { resultId } = await issued(LN, content);
    const told = await timeline(resultId, ({ steps }) => count(steps, 'settled') === 1);
    expect(told.consignment).toMatchObject({ results: 1, containers: [] });
    expect(told.results).toMatchObject([{ resultId, kind: null }]);
    expect(await search({ container: goods.container })).toEqual([]);
    const rows = await mesh.query<{ row: string }>('gateway', 'select v::text as row from coordinated_version v');
    expect(rows.filter(({ row }) => row.includes(goods.container) || row.includes(goods.declarationNumber))).toEqual(
      [],
    );
    await expectRecounted();
  });

  it('is asked for in full words: everything wrong with a question is said at once', async () => {
    const path = '/api/v1/consignments?container=X&declarationNumber=1&resultId=2&issuer=me&transportDocument=%00';
    const { status, body } = await ask(mesh, path, { role: 'coordinator' });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/container',
      '/declarationNumber',
      '/issuer',
      '/resultId',
      '/transportDocument',
    ]);
    const unknown = '/api/v1/consignments/019aa5a1-7c5b-7000-8000-000000000001/timeline';
    expect((await ask(mesh, unknown, { role: 'coordinator' })).status).toBe(404);
    expect((await ask(mesh, '/api/v1/consignments', { role: 'firm' })).status).toBe(403);
  });
});

interface Conflicts {
  conflicts: {
    consignmentId: string;
    check: string;
    container: string | null;
    conformant: { resultId: string; issuer: UnitId }[];
    nonConformant: { resultId: string; issuer: UnitId }[];
    port: string | null;
    unit: UnitId;
  }[];
}

describe('the indicators', () => {
  const conflicts = async (query = ''): Promise<Conflicts['conflicts']> =>
    (await ask<Conflicts>(mesh, `/api/v1/conflicts${query}`, { role: 'coordinator' })).body.conflicts;

  it('name units that contradict each other about the same goods, until one of them takes it back', async () => {
    expect(await conflicts()).toEqual([]);
    const goods = newGoods();
    const found = about(customsExamination(`found-${goods.container}`), goods);
    const amiss = { ...found, conclusion: 'detained' as const, checks: found.checks.map((check) => ({ ...check, outcome: 'non-conformant' as const })) }; // prettier-ignore
    const bad = await issued(LN, amiss);
    const atManzhouli = {
      ...about(customsExamination(`clean-${goods.container}`), goods),
      office: '0601',
      location: 'CNMLX',
    };
    const good = await issued('nm.customs', atManzhouli);
    const [conflict, ...others] = await eventually(async () => {
      const [first, ...more] = await conflicts();
      return first === undefined ? undefined : [first, ...more];
    }, 'the conflict');
    expect(others).toEqual([]);
    expect(conflict).toMatchObject({
      ...{ consignmentId: bad.resultId, check: 'x-ray', container: goods.container, port: 'CNDLC', unit: LN },
      nonConformant: [{ resultId: bad.resultId, issuer: LN }],
      conformant: [{ resultId: good.resultId, issuer: 'nm.customs' }],
    });
    expect(await conflicts('?port=CNMLX')).toEqual([]);
    const day = new Date(Date.parse(bad.issuedAt) + 8 * 3_600_000).toISOString().slice(0, 10);
    await expectRecounted({ [`${day} CNDLC ${LN} 2 import`]: 1 });
    expect(await revoke(mesh.backend(LN), bad.resultId, '误判')).toMatchObject({ ok: true });
    await eventually(async () => ((await conflicts()).length === 0 ? true : undefined), 'no conflict any more');
    await expectRecounted();
  });

  it('are the sums of their parts, however they are told apart, and the same as CSV and in the report of the month', async () => {
    const { total, groups } = await allCounted(mesh, 'by=unit');
    expect(groups.map(({ unit }) => unit)).toContain(HL);
    for (const name of ['results', 'amendments', 'available'] as const) {
      expect(groups.reduce((sum, group) => sum + group[name], 0)).toBe(total[name]);
    }
    expect(groups.reduce((sum, { checks }) => sum + checks.recognised, 0)).toBe(total.checks.recognised);
    const customs = await allCounted(mesh, `unit=${LN}`);
    expect(customs.total).toEqual({ ...groups.find(({ unit }) => unit === LN), unit: undefined });
    const { body: csv } = await ask<string>(mesh, '/api/v1/indicators?by=unit&format=csv', { role: 'auditor' });
    const [header, ...records] = csv
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    const results = header!.indexOf('results');
    expect(records.map((cells) => [cells[header!.indexOf('unit')], Number(cells[results])])).toEqual([
      ...groups.map(({ unit, results: n }) => [unit, n]),
      ['', total.results],
    ]);
    const months = [...new Set((await allCounted(mesh, 'by=day')).groups.map(({ day }) => day!.slice(0, 7)))];
    const reports = await Promise.all(
      months.map((month) => ask<{ total: { results: number }; byUnit: { results: number }[]; byPort: { results: number }[]; complete: boolean }>(mesh, `/api/v1/reports/${month}`, { role: 'coordinator' })), // prettier-ignore
    );
    const sum = (numbers: { results: number }[]): number => numbers.reduce((all, { results: n }) => all + n, 0);
    expect(reports.map(({ status }) => status)).toEqual(months.map(() => 200));
    expect(sum(reports.map(({ body }) => body.total))).toBe(total.results);
    expect(sum(reports.flatMap(({ body }) => body.byUnit))).toBe(total.results);
    expect(sum(reports.flatMap(({ body }) => body.byPort))).toBe(total.results);
    expect(reports.at(-1)!.body.complete).toBe(false);
  });

  it('are told by the operator’s tool: every command of the guide, and every column is explained there', async () => {
    const guide = await readFile(join(REPOSITORY, 'docs/indicators.md'), 'utf8');
    const commands = guide.split('\n').filter((line) => line.startsWith('npm run mesh -- ')).map((line) => line.split(' ').slice(4)); // prettier-ignore
    expect(commands.length).toBeGreaterThan(3);
    for (const words of commands) {
      const { code, text } = await printedByMesh(mesh, words);
      expect([words, code, text]).toEqual([words, 0, expect.stringMatching(/results|rows/)]);
    }
    const written = await readFile(join(mesh.home.root, 'indicators.csv'), 'utf8');
    const columns = written.slice(1, written.indexOf('\r\n')).split(',');
    const dimensions = ['from', 'to', 'day', 'port', 'unit', 'mode', 'direction'];
    const shape = /^(sea|air|import|export|delay)(Measured|Within|P\d\d)$/;
    expect(columns.filter((name) => !dimensions.includes(name) && !shape.test(name) && !guide.includes(`\`${name}\``))).toEqual([]); // prettier-ignore
  });

  it('are asked for in full words, by those who may', async () => {
    const query = 'by=week&port=x&unit=me&mode=99&direction=up&from=1&format=xml&bom=1&more=2';
    const { status, body } = await ask(mesh, `/api/v1/indicators?${query}`, { role: 'auditor' });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }) => pointer).sort()).toEqual([
      ...['/bom', '/by', '/direction', '/format', '/from', '/mode', '/more', '/port', '/unit'],
    ]);
    expect((await ask(mesh, '/api/v1/reports/2026-13', { role: 'auditor' })).status).toBe(400);
    for (const path of ['indicators', 'conflicts', 'units', 'stream', 'reports/2026-11']) {
      expect((await ask(mesh, `/api/v1/${path}`, { role: 'firm' })).status).toBe(403);
    }
  });
});

describe('the units', () => {
  it('are there with what waits for them, and their keys', async () => {
    interface Units {
      list: string;
      units: {
        unit: UnitId;
        connected: boolean;
        queues: { stream: string; messages: number; consumers: number }[] | null;
        unconfirmed: { versions: number };
        keys: { state: string }[];
      }[];
    }
    const read = async (): Promise<Units> => (await ask<Units>(mesh, '/api/v1/units', { role: 'coordinator' })).body;
    const { units, list } = await read();
    expect(units.map(({ unit }) => unit).sort()).toEqual(unitsOf(mesh.mesh).sort());
    expect(units.every(({ connected, keys }) => connected && keys.some(({ state }) => state === 'valid'))).toBe(true);
    expect(units[0]!.queues!.map(({ stream }) => stream).sort()).toEqual(['COPIES', 'OFFERS', 'RECEIPTS']);
    expect(list).toBe('2026.11-1');
    // One that is away has copies waiting for it.
    await mesh.services.get('border-sync')!.stop();
    const { resultId } = await submit(mesh.backend(LN), customsExamination('units-away')).then((outcome) => {
      if (!outcome.ok) throw new Error(outcome.problem.detail);
      return outcome.value;
    });
    const away = await eventually(async () => {
      const now = (await read()).units.filter(({ unconfirmed }) => unconfirmed.versions > 0);
      return now.length === 4 ? now : undefined;
    }, 'four units that have not confirmed it');
    expect(away.every(({ unit, queues }) => unit.endsWith('.border') && queues!.some(({ stream, messages }) => stream === 'COPIES' && messages > 0))).toBe(true); // prettier-ignore
    mesh.services.get('border-sync')!.startAgain();
    await settledDisclosures(mesh, resultId);
  });

  it('are followed: the day’s numbers whenever they change, until the gateway stops', async () => {
    const token = (await readFile(mesh.home.tokenFile('coordinator'), 'utf8')).trim();
    const response = await fetch(`${mesh.httpUrl}/api/v1/stream`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const seen = (): number[] =>
      [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => {
        const { units } = JSON.parse(data!) as { units: { unit: UnitId; available: number }[] };
        return units.find(({ unit }) => unit === LN)?.available ?? 0;
      });
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) {
        const { value, done } = await reader.read();
        if (done) throw new Error('ended');
        text += value;
      }
    };
    await until(() => seen().length > 0);
    const [before] = seen();
    await issued(LN, about(customsExamination('followed'), newGoods()));
    await until(() => seen().at(-1)! > before!);
    const gateway = mesh.services.get('gateway')!;
    await gateway.stop();
    await expect(reader.read().then(async function rest({ done }): Promise<boolean> { return done || rest(await reader.read()); })).resolves.toBe(true); // prettier-ignore
    gateway.startAgain();
    await gateway.ready(120_000);
  });
});
