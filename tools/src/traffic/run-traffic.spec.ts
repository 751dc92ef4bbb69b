import { readFile } from 'node:fs/promises';
import { unitsOf } from '@clearance/contracts';
import type { UnitId } from '@clearance/contracts';
import { setupMesh } from '@clearance/testing';
import type { TestMesh } from '@clearance/testing';
import { connectBackend, disconnectBackend } from './backend.ts';
import type { Backend } from './backend.ts';
import { noTraffic } from './counters.ts';
import { runTraffic } from './run-traffic.ts';
import { trade } from './scenario.ts';
import type { Step } from './steps.ts';
import { unitOnTheWire } from './unit-service.fixture.ts';
import type { UnitOnTheWire } from './unit-service.fixture.ts';

const START = Date.UTC(2026, 10, 21);

/** The first steps of a scenario that end whole stories: none is cut off in the middle. */
function wholeStories(seed: string, count: number): Step[] {
  const steps: Step[] = [];
  const ended = new Set<string>();
  for (const step of trade(seed, START)) {
    steps.push(step);
    if (step.ends) ended.add(step.story);
    if (ended.size >= count) break;
  }
  return steps.filter((step) => ended.has(step.story));
}

describe('the traffic of twelve backends, on real NATS', () => {
  let mesh: TestMesh;
  const units = new Map<UnitId, UnitOnTheWire>();
  const backends = new Map<UnitId, Backend>();
  /** Copies are handed on when a test says so: at once, or held back. */
  let handOn: (resultId: string, deliver: () => void) => void = (_, deliver) => deliver();

  beforeAll(async () => {
    mesh = await setupMesh({ databases: false });
    for (const unit of unitsOf(mesh.mesh)) {
      units.set(
        unit,
        await unitOnTheWire({
          url: mesh.natsUrl,
          creds: await readFile(mesh.home.credsFile(unit, 'sync')),
          unit,
          accepted: (resultId, content, issuer) =>
            handOn(resultId, () => {
              for (const [other, service] of units)
                if (other !== issuer) void service.receive(resultId, content, issuer);
            }),
        }),
      );
      const creds = await readFile(mesh.home.credsFile(unit, 'backend'), 'utf8');
      backends.set(unit, await connectBackend({ url: mesh.natsUrl, creds, unit }));
    }
  }, 120_000);

  afterAll(async () => {
    for (const backend of backends.values()) await disconnectBackend(backend);
    for (const unit of units.values()) await unit.close();
    await mesh?.cleanup();
  });

  beforeEach(() => {
    handOn = (_, deliver) => deliver();
    for (const unit of units.values()) unit.asked.length = 0;
  });

  const running = new AbortController();
  const base = { backends, seed: 'traffic', startAt: START, perMinute: 60_000, signal: running.signal };

  it('takes every step of the stories, each result accepted, each recognition asked when its copies are there', async () => {
    const steps = wholeStories('whole', 30);
    const of = (action: Step['action']): Step[] => steps.filter((step) => step.action === action);
    const counters = await runTraffic({ ...base, steps });
    expect(counters).toMatchObject({
      submitted: of('submit').length,
      accepted: of('submit').length,
      amended: of('amend').length,
      revoked: of('revoke').length,
      recognised: of('recognise').length,
      refused: {},
      skipped: 0,
      impatient: 0,
      retried: 0,
      waiting: 0,
    });
    const idOf = new Map<string, string>();
    for (const unit of units.values()) {
      for (const [resultId, { content }] of unit.results) idOf.set(content.reference, resultId);
    }
    const referenceOf = new Map(
      steps.flatMap((step) => (step.action === 'submit' ? [[step.key, step.content.reference]] : [])),
    );
    for (const step of steps) {
      if (step.action !== 'recognise') continue;
      const asked = units.get(step.unit)?.asked.find((one) => one.reference === step.request.reference);
      for (const key of step.after) expect(asked?.known).toContain(idOf.get(referenceOf.get(key) ?? ''));
    }
  }, 60_000);

  it('waits for copies that are late, and asks all the same when its patience ends', async () => {
    const steps = wholeStories('late', 12);
    const requests = steps.filter((step) => step.action === 'recognise').length;
    expect(requests).toBeGreaterThan(0);
    handOn = () => undefined;
    const counters = await runTraffic({ ...base, steps, patience: 300 });
    expect(counters.impatient).toBe(requests);
    expect(counters.recognised).toBe(requests);
  }, 60_000);

  it('puts off what a unit is not ready for, and loses nothing', async () => {
    const steps = wholeStories('slow', 12);
    for (const unit of units.values()) unit.refuseNext(2, 'slow-down');
    const counters = await runTraffic({ ...base, steps });
    expect(counters.retried).toBeGreaterThan(0);
    expect(counters.accepted).toBe(steps.filter((step) => step.action === 'submit').length);
    expect(counters.refused).toEqual({});
    for (const unit of units.values()) unit.refuseNext(0, 'slow-down');
  }, 60_000);

  it('leaves out what builds on a refused result, and tells of the refusal', async () => {
    const steps = wholeStories('refused', 40).filter((step, _, all) => {
      // One story in which another unit relies on a result, whose submission is broken here.
      const story = all.find((one) => one.action === 'recognise')?.story;
      return step.story === story;
    });
    const broken = steps.find((step) => step.action === 'recognise')?.after[0];
    const told: string[] = [];
    const counters = await runTraffic({
      ...base,
      steps: steps.map((step) =>
        step.action === 'submit' && step.key === broken
          ? { ...step, content: { ...step.content, reference: ' ' } }
          : step,
      ),
      onRefusal: (step, problem) => told.push(`${step.key} ${problem.code}`),
    });
    const building = steps.filter((step) => step.action !== 'submit' && step.after.includes(broken ?? ''));
    expect(told).toEqual([`${broken} invalid`]);
    expect(counters.skipped).toBe(building.length);
    expect(counters.accepted).toBe(steps.filter((step) => step.action === 'submit').length - 1);
  }, 60_000);

  it('goes on for ever at its pace until it is told to stop, then ends with nothing under way', async () => {
    const stopping = new AbortController();
    const counters = noTraffic();
    const ended = runTraffic({ ...base, seed: 'for ever', perMinute: 6_000, signal: stopping.signal, counters });
    // Fifty results at a hundred steps a second: seen by the last unit's events, not by waiting.
    await new Promise<void>((resolve) => {
      handOn = (_, deliver) => {
        deliver();
        if (counters.submitted >= 50) resolve();
      };
    });
    stopping.abort();
    const final = await ended;
    expect(final).toBe(counters);
    expect(final.accepted).toBe(final.submitted);
    expect(final.submitted).toBeLessThan(80);
  }, 60_000);

  it('ends with the fault when a backend’s connection is closed under it', async () => {
    const unit = 'nm.customs';
    const creds = await readFile(mesh.home.credsFile(unit, 'backend'), 'utf8');
    const doomed = await connectBackend({ url: mesh.natsUrl, creds, unit });
    const ended = runTraffic({
      ...base,
      seed: 'fault',
      perMinute: 60_000,
      backends: new Map([...backends, [unit as UnitId, doomed]]),
    });
    handOn = () => void doomed.connection.close();
    await expect(ended).rejects.toThrow();
  }, 60_000);
});
