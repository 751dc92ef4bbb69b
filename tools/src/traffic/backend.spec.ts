import { readFile } from 'node:fs/promises';
import type { Problem, ResultContent, UnitId } from '@clearance/contracts';
import { setupMesh } from '@clearance/testing';
import type { TestMesh } from '@clearance/testing';
import {
  amend,
  connectBackend,
  disconnectBackend,
  events,
  find,
  requestRecognition,
  revoke,
  submit,
  submitBatch,
} from './backend.ts';
import type { Backend, BackendEvent } from './backend.ts';
import { trade } from './scenario.ts';
import { unitOnTheWire } from './unit-service.fixture.ts';
import type { UnitOnTheWire } from './unit-service.fixture.ts';

const UNIT: UnitId = 'ln.customs';

/** Contents that ln.customs may issue, in the scenario's order. */
function contentsOf(unit: UnitId, count: number): ResultContent[] {
  const contents: ResultContent[] = [];
  for (const step of trade('backend', Date.UTC(2026, 10, 21))) {
    if (step.action === 'submit' && step.unit === unit && contents.push(step.content) >= count) break;
  }
  return contents;
}

async function next(stream: AsyncIterator<BackendEvent>): Promise<BackendEvent> {
  const { value, done } = await stream.next();
  if (done === true) throw new Error('the events ended');
  return value as BackendEvent;
}

describe('an agency’s backend, on real NATS with the unit’s own credentials', () => {
  let mesh: TestMesh;
  let unit: UnitOnTheWire;
  let backend: Backend;
  const [first, second, third] = contentsOf(UNIT, 3) as [ResultContent, ResultContent, ResultContent];

  beforeAll(async () => {
    mesh = await setupMesh({ units: [UNIT], databases: false });
    unit = await unitOnTheWire({
      url: mesh.natsUrl,
      creds: await readFile(mesh.home.credsFile(UNIT, 'sync')),
      unit: UNIT,
    });
    backend = await connectBackend({
      url: mesh.natsUrl,
      creds: await readFile(mesh.home.credsFile(UNIT, 'backend'), 'utf8'),
      unit: UNIT,
      timeout: 2_000,
    });
  }, 60_000);

  afterAll(async () => {
    if (backend !== undefined) await disconnectBackend(backend);
    await unit?.close();
    await mesh?.cleanup();
  });

  it('submits, amends, revokes and finds a result', async () => {
    const submitted = await submit(backend, first);
    if (!submitted.ok) throw new Error(JSON.stringify(submitted.problem));
    const { resultId } = submitted.value;
    expect(submitted.value).toMatchObject({ version: 1, status: 'issued' });
    expect(await submit(backend, first)).toEqual(submitted);
    expect(await amend(backend, resultId, { ...first, remarks: '更正' })).toMatchObject({
      ok: true,
      value: { version: 2, status: 'amended' },
    });
    expect(await revoke(backend, resultId, '重复录入')).toMatchObject({
      ok: true,
      value: { version: 3, status: 'revoked' },
    });
    expect(await find(backend, { reference: first.reference })).toMatchObject({
      ok: true,
      value: { results: [{ resultId }] },
    });
  });

  it('returns the problem document of a refusal', async () => {
    const refused = await submit(backend, { ...second, kind: 'border.crew' } as ResultContent);
    expect(refused).toMatchObject({ ok: false, problem: { status: 400, code: 'invalid' } });
    const { errors } = (refused as { problem: Problem }).problem;
    expect(errors.length).toBeGreaterThan(0);
    expect(errors[0]).toMatchObject({
      pointer: expect.any(String),
      message: { zh: expect.any(String), en: expect.any(String) },
    });
    expect(await revoke(backend, '01939d2e-0000-7000-8000-000000000000', '无')).toMatchObject({
      ok: false,
      problem: { code: 'unknown' },
    });
  });

  it('gets one outcome per content of a batch, the bad one not stopping the good', async () => {
    const reply = await submitBatch(backend, [second, { ...third, reference: '' }, third]);
    expect(reply).toMatchObject({
      ok: true,
      value: [{ ok: true }, { ok: false, problem: { code: 'invalid' } }, { ok: true }],
    });
  });

  it('asks for a recognition', async () => {
    const reply = await requestRecognition(backend, {
      reference: 'DLC-1',
      location: 'CNDLC',
      checks: ['x-ray'],
      consignment: { containers: ['CSQU3054383'] },
    });
    expect(reply).toMatchObject({ ok: true, value: { reference: 'DLC-1', outcome: 'recognised' } });
  });

  it('reports a subject that nobody answers as not ready', async () => {
    await unit.close();
    expect(await submit(backend, first)).toMatchObject({ ok: false, problem: { status: 503, code: 'not-ready' } });
    unit = await unitOnTheWire({
      url: mesh.natsUrl,
      creds: await readFile(mesh.home.credsFile(UNIT, 'sync')),
      unit: UNIT,
    });
  });

  it('follows events in order without a name, from now on, until told to stop', async () => {
    await unit.receive('before', first, 'nm.customs');
    const stopping = new AbortController();
    const stream = await events(backend, { types: ['result.>'], signal: stopping.signal });
    await unit.receive('one', first, 'nm.customs');
    await unit.receive('two', second, 'nm.customs');
    const iterator = stream[Symbol.asyncIterator]();
    expect(await next(iterator)).toMatchObject({
      type: 'result.received',
      about: 'one',
      body: { resultId: 'one', issuer: 'nm.customs' },
    });
    expect((await next(iterator)).about).toBe('two');
    stopping.abort();
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
  });

  it('keeps its place under a name: what was not acknowledged comes again, what was does not', async () => {
    const firstRun = new AbortController();
    const before = (await events(backend, { durable: 'archive', signal: firstRun.signal }))[Symbol.asyncIterator]();
    const acknowledged = await next(before);
    acknowledged.ack();
    await backend.connection.flush();
    firstRun.abort();
    await before.next();

    const secondRun = new AbortController();
    const after = (await events(backend, { durable: 'archive', signal: secondRun.signal }))[Symbol.asyncIterator]();
    const seen = new Set<string>();
    await unit.receive('last', third, 'hl.customs');
    for (let event = await next(after); event.about !== 'last'; event = await next(after)) {
      seen.add(event.id);
      event.ack();
    }
    expect(seen.has(acknowledged.id)).toBe(false);
    secondRun.abort();
    await after.next();
  });
});
