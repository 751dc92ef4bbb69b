import { readFile } from 'node:fs/promises';
import {
  type Problem,
  type Recognition,
  type ResultContent,
  type ResultView,
  unitsOf,
  type UnitId,
} from '@clearance/contracts';
import { keyRing, verifyToken } from '@clearance/provenance';
import { borderCrew, customsExamination, inspectionQuarantine } from '@clearance/testing';
import { amend, find, findRecognitions, requestRecognition, revoke, submit, submitBatch } from '../traffic/backend.ts';
import { type Journal, openJournal } from './journal.ts';
import { mesh } from './shared-mesh.fixture.ts';

/** What differs between the agencies; the suite below is the same for the three of them. */
interface AgencyCase {
  agency: string;
  unit: UnitId;
  build: (reference: string, changes?: Partial<ResultContent>) => ResultContent;
  /** A kind of another agency. */
  foreign: (reference: string) => ResultContent;
  /** A check that this agency does not perform. */
  foreignCheck: ResultContent['checks'][number]['type'];
  /** Breaks one of the agency's own rules: the pointer at which it is told. */
  ruleBroken: { changes: (content: ResultContent) => Partial<ResultContent>; pointer: string };
  otherProvince: string;
}

const AGENCIES: AgencyCase[] = [
  {
    agency: '海关 customs',
    unit: 'ln.customs',
    build: customsExamination,
    foreign: inspectionQuarantine,
    foreignCheck: 'quarantine',
    ruleBroken: {
      changes: (content) => ({ checks: [{ ...content.checks[0]!, outcome: 'non-conformant' }] }),
      pointer: '/checks/0/outcome',
    },
    otherProvince: 'CNMLX',
  },
  {
    agency: '检验检疫 inspection',
    unit: 'ln.inspection',
    build: inspectionQuarantine,
    foreign: customsExamination,
    foreignCheck: 'x-ray',
    ruleBroken: { changes: () => ({ inspection: {} }), pointer: '/inspection/certificateNumber' },
    otherProvince: 'CNSFE',
  },
  {
    agency: '边检 border',
    unit: 'ln.border',
    build: borderCrew,
    foreign: customsExamination,
    foreignCheck: 'quarantine',
    ruleBroken: {
      changes: (content) => ({ border: { ...content.border, crewCount: 1 } }),
      pointer: '/border/persons',
    },
    otherProvince: 'CNMLX',
  },
];

describe.each(AGENCIES)('a unit of $agency', ({ unit, build, foreign, foreignCheck, ruleBroken, otherProvince }) => {
  const backend = () => mesh.backend(unit);
  const codes = (problem: Problem): string[] => problem.errors.map(({ pointer, code }) => `${pointer} ${code}`);
  let own: Journal;
  const others = new Map<UnitId, Journal>();

  beforeAll(async () => {
    own = await openJournal(backend());
    for (const other of unitsOf(mesh.mesh).filter((each) => each !== unit)) {
      others.set(other, await openJournal(mesh.backend(other)));
    }
  }, 60_000);
  afterAll(() => {
    own?.close();
    for (const journal of others.values()) journal.close();
  });

  const submitted = async (reference: string, changes?: Partial<ResultContent>) => {
    const outcome = await submit(backend(), build(reference, changes));
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
    return outcome.value;
  };
  const refusal = async (content: unknown): Promise<Problem> => {
    const outcome = await submit(backend(), content as ResultContent);
    if (outcome.ok) throw new Error('was accepted');
    return outcome.problem;
  };

  it('issues a valid result: UUIDv7, version 1, a digest of its content', async () => {
    const receipt = await submitted(`${unit}-1`);
    expect(receipt).toEqual({
      resultId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      version: 1,
      status: 'issued',
      digest: expect.stringMatching(/^sha-256:[\w-]{43}$/),
      issuedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('gives the same reference with the same content the same result, whatever the order of members', async () => {
    const first = await submitted(`${unit}-2`);
    const reordered = Object.fromEntries(Object.entries(build(`${unit}-2`)).reverse()) as unknown as ResultContent;
    expect(await submit(backend(), reordered)).toEqual({ ok: true, value: first });
  });

  it('answers 409 to the same reference with other content, and keeps the first', async () => {
    const first = await submitted(`${unit}-3`);
    expect(await refusal(build(`${unit}-3`, { conclusion: 'conditional' }))).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    const kept = await find(backend(), { reference: `${unit}-3` });
    expect(kept).toMatchObject({ ok: true, value: { results: [{ resultId: first.resultId, version: 1 }] } });
  });

  it('lists every violation of a bad content, in Chinese and English, and keeps nothing of it', async () => {
    const bad = {
      ...build(`${unit}-4`, { direction: 'sideways' as never, transportMode: 'X' as never }),
      surprise: true,
      conclusion: undefined,
    };
    const problem = await refusal(bad);
    expect(problem).toMatchObject({
      status: 400,
      code: 'invalid',
      type: expect.any(String),
      title: expect.any(String),
    });
    expect(codes(problem)).toEqual(
      expect.arrayContaining([
        '/surprise unknown-member',
        '/conclusion missing',
        '/direction not-in-list',
        '/transportMode not-in-list',
      ]),
    );
    for (const { message } of problem.errors)
      expect(message).toEqual({ zh: expect.any(String), en: expect.any(String) });
    expect(await find(backend(), { reference: `${unit}-4` })).toEqual({ ok: true, value: { results: [] } });
  });

  it("refuses another agency's kind, another province's place, a check that is not the agency's", async () => {
    expect(codes(await refusal(foreign(`${unit}-5`)))).toContainEqual('/kind wrong-agency');
    expect(codes(await refusal(build(`${unit}-6`, { location: otherProvince })))).toContainEqual(
      '/location wrong-province',
    );
    const checks = [{ ...build(`${unit}-7`).checks[0]!, type: foreignCheck }];
    expect(codes(await refusal(build(`${unit}-7`, { checks })))).toContainEqual('/checks/0/type check-not-of-agency');
  });

  it("refuses what breaks a rule of the agency's own", async () => {
    const content = build(`${unit}-8`);
    const problem = await refusal({ ...content, ...ruleBroken.changes(content) });
    expect(problem.errors.map(({ pointer }) => pointer)).toContain(ruleBroken.pointer);
  });

  it('answers malformed JSON, invalid UTF-8 and an oversized content clearly', async () => {
    const send = async (body: string | Uint8Array) => {
      const reply = await backend().connection.request('results.submit', body, { timeout: 30_000 });
      return { code: reply.headers?.get('Nats-Service-Error-Code'), problem: reply.json<Problem>() };
    };
    expect(await send('{"reference": ')).toMatchObject({ code: '400', problem: { code: 'malformed-json' } });
    expect(await send(new Uint8Array([0x22, 0xff, 0xfe, 0x22]))).toMatchObject({
      code: '400',
      problem: { code: 'malformed-json' },
    });
    const huge = JSON.stringify({ ...build(`${unit}-9`), reference: 'x'.repeat(300_000) });
    expect(await send(huge)).toMatchObject({ code: '413', problem: { code: 'too-large', status: 413 } });
  });

  it('takes a batch in order; bad items do not stop the good ones', async () => {
    const contents = [build(`${unit}-b1`), foreign(`${unit}-b2`), build(`${unit}-b3`), build(`${unit}-b1`)];
    const outcome = await submitBatch(backend(), contents);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
    expect(outcome.value.map((one) => one.ok)).toEqual([true, false, true, true]);
    const [first, , , again] = outcome.value;
    expect(again).toEqual(first);
    expect(outcome.value[1]).toMatchObject({ problem: { status: 400, code: 'invalid' } });
  });

  it('reaches all eleven others, each with a token that verifies by the public keys alone, and is settled', async () => {
    const { resultId } = await submitted(`${unit}-10`);
    const ring = keyRing(JSON.parse(await readFile(mesh.home.trustFile, 'utf8')));
    for (const [other, journal] of others) {
      const view = (await journal.about('result.received', resultId)).body as ResultView;
      expect({ other, issuer: view.issuer, verified: view.signature.verified }).toEqual({
        other,
        issuer: unit,
        verified: true,
      });
      const verification = verifyToken(view.signature.token, ring);
      expect(verification).toMatchObject({ ok: true, result: { claims: { resultId, issuer: unit, version: 1 } } });
      expect(verification.ok && verification.result.content).toEqual(view.content);
    }
    expect((await own.about('result.settled', resultId)).body).toMatchObject({ resultId, version: 1, issuer: unit });
    expect(await mesh.query(unit, 'select * from offer_outbox where result_id = $1', [resultId])).toEqual([]);
  });

  it('amends: version 2 with the new content everywhere, the old version kept in the history', async () => {
    const { resultId } = await submitted(`${unit}-11`);
    const amended = await amend(backend(), resultId, build(`${unit}-11`, { conclusion: 'conditional' }));
    expect(amended).toMatchObject({ ok: true, value: { resultId, version: 2, status: 'amended' } });
    for (const [other, journal] of others) {
      const event = await journal.about('result.amended', resultId);
      expect(event.body).toMatchObject({
        resultId,
        version: 2,
        status: 'amended',
        content: { conclusion: 'conditional' },
      });
      const history = await mesh.query<{ version: number }>(
        other,
        'select version from result_history where result_id = $1',
        [resultId],
      );
      expect(history.every(({ version }) => version === 1)).toBe(true);
    }
    expect(await amend(backend(), resultId, build(`${unit}-11`, { conclusion: 'conditional' }))).toMatchObject({
      ok: true,
      value: { version: 2 },
    });
    const other = build(`${unit}-11-other`, { conclusion: 'conditional' });
    expect(await amend(backend(), resultId, other)).toMatchObject({ ok: false, problem: { status: 400 } });
  });

  it("refuses to change an unknown result (404) or another unit's (403)", async () => {
    const unknown = '0195f2f0-0000-7000-8000-000000000000';
    expect(await revoke(backend(), unknown, '录入错误')).toMatchObject({
      ok: false,
      problem: { status: 404, code: 'unknown' },
    });
    const { resultId } = await submitted(`${unit}-12`);
    const [someone, journal] = [...others][0]!;
    await journal.about('result.received', resultId);
    expect(await revoke(mesh.backend(someone), resultId, 'x')).toMatchObject({
      ok: false,
      problem: { status: 403, code: 'forbidden' },
    });
  });

  it('revokes once and for all', async () => {
    const { resultId } = await submitted(`${unit}-13`);
    expect(await revoke(backend(), resultId, '录入错误')).toMatchObject({
      ok: true,
      value: { version: 2, status: 'revoked' },
    });
    expect(await revoke(backend(), resultId, '再次撤销')).toMatchObject({
      ok: true,
      value: { version: 2, status: 'revoked' },
    });
    expect(await amend(backend(), resultId, build(`${unit}-13`, { conclusion: 'conditional' }))).toMatchObject({
      ok: false,
      problem: { status: 409 },
    });
    for (const journal of others.values()) {
      expect((await journal.about('result.revoked', resultId)).body).toMatchObject({ version: 2, status: 'revoked' });
    }
  });

  it('finds by each identifier, and page by page without loss or repetition', async () => {
    const { resultId } = await submitted(`${unit}-14`);
    const ids = async (query: Parameters<typeof find>[1]) => {
      const outcome = await find(backend(), query);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
      return outcome.value.results.map((view) => view.resultId);
    };
    expect(await ids({ resultId })).toEqual([resultId]);
    expect(await ids({ reference: `${unit}-14`, issuer: unit })).toEqual([resultId]);
    const all = await ids({ issuer: unit, limit: 200 });
    const paged: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await find(backend(), { issuer: unit, limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      if (!page.ok) throw new Error(JSON.stringify(page.problem));
      paged.push(...page.value.results.map((view) => view.resultId));
      cursor = page.value.cursor;
      if (cursor === undefined) break;
    }
    expect(paged).toEqual(all);
    expect(new Set(paged).size).toBe(paged.length);
    expect(await find(backend(), { limit: 0, cursor: '!!', nothing: 1 } as never)).toMatchObject({
      ok: false,
      problem: {
        status: 400,
        errors: expect.arrayContaining([
          expect.objectContaining({ pointer: '/limit' }),
          expect.objectContaining({ pointer: '/nothing' }),
        ]),
      },
    });
  });

  it('decides a recognition once per reference, and lists every fault of a bad request', async () => {
    const request = {
      reference: `${unit}-MR-1`,
      location: 'CNDLC',
      checks: ['documentary' as const],
      consignment: { containers: ['CSQU3054383'] },
    };
    const first = await requestRecognition(backend(), request);
    if (!first.ok) throw new Error(JSON.stringify(first.problem));
    expect(await requestRecognition(backend(), request)).toEqual(first);
    expect(await requestRecognition(backend(), { ...request, location: 'CNYIK' })).toMatchObject({
      ok: false,
      problem: { status: 409 },
    });
    const bad = {
      ...request,
      reference: `${unit}-MR-2`,
      checks: ['tasting'],
      consignment: { containers: ['CSQU3054384'] },
    };
    const refused = await requestRecognition(backend(), bad as never);
    expect(refused).toMatchObject({ ok: false, problem: { status: 400 } });
    expect(refused.ok ? [] : refused.problem.errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/checks/0',
      '/consignment/containers/0',
    ]);
    const found = await findRecognitions(backend(), { reference: request.reference });
    expect(found).toMatchObject({ ok: true, value: { recognitions: [{ recognitionId: first.value.recognitionId }] } });
  });
});

describe('a recognition that relied on a result', () => {
  it('is reopened in every unit when the result is revoked, and the backends are told', async () => {
    const issuer = mesh.backend('ln.customs');
    const container = 'DLCU2045117';
    const seals = [{ number: 'S-778', condition: 'intact' as const }];
    const checks = [
      {
        type: 'x-ray' as const,
        outcome: 'conformant' as const,
        performedAt: new Date(Date.now() - 3_600_000).toISOString(),
        covers: { containers: [container] },
      },
    ];
    const content = customsExamination('reopened-1', { containers: [{ number: container, seals }], checks });
    const relying = ['hl.customs', 'jl.inspection'] as const;
    const journals = new Map<string, Journal>();
    for (const unit of relying) journals.set(unit, await openJournal(mesh.backend(unit)));
    const issued = await submit(issuer, content);
    if (!issued.ok) throw new Error(JSON.stringify(issued.problem));
    const recognitions = new Map<string, Recognition>();
    for (const unit of relying) {
      await journals.get(unit)!.about('result.received', issued.value.resultId);
      const decided = await requestRecognition(mesh.backend(unit), {
        reference: `reopened-${unit}`,
        location: unit === 'hl.customs' ? 'CNHRB' : 'CNCGQ',
        checks: ['x-ray'],
        consignment: { containers: [container] },
        sealsObserved: [{ container, number: 'S-778', condition: 'intact' }],
      });
      if (!decided.ok) throw new Error(JSON.stringify(decided.problem));
      expect(decided.value).toMatchObject({
        outcome: 'recognised',
        state: 'in-force',
        checks: [
          {
            type: 'x-ray',
            decision: 'recognised',
            arrangement: 'MRA-NE-03',
            by: [{ resultId: issued.value.resultId, version: 1, issuer: 'ln.customs' }],
          },
        ],
      });
      recognitions.set(unit, decided.value);
    }
    await revoke(issuer, issued.value.resultId, '图像调取错误');
    for (const unit of relying) {
      const { recognitionId } = recognitions.get(unit)!;
      const event = await journals.get(unit)!.about('recognition.reopened', recognitionId);
      expect(event.body).toMatchObject({
        recognitionId,
        state: 'reopened',
        reopened: { by: { resultId: issued.value.resultId, version: 2, status: 'revoked' } },
      });
      const found = await findRecognitions(mesh.backend(unit), { resultId: issued.value.resultId, state: 'reopened' });
      expect(found).toMatchObject({ ok: true, value: { recognitions: [{ recognitionId }] } });
      journals.get(unit)!.close();
    }
  });
});
