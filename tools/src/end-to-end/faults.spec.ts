import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import pg from 'pg';
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { unitsOf, type UnitId } from '@clearance/contracts';
import { CHAIN_START, verifyChain } from '@clearance/provenance';
import { borderCrew, customsExamination, inspectionQuarantine, testServers } from '@clearance/testing';
import { submit } from '../traffic/backend.ts';
import { accountFor, wellAccounted } from './account.ts';
import { type FaultMesh, startFaultMesh } from './fault-mesh.ts';
import { readiness, type ReadinessCheck } from './gateway-http.ts';
import { type Accepted, type Issuer, type Load, startLoad } from './load.ts';
import { countedAtGateway, recountFromUnits } from './recount-catalogue.ts';
import { eventually } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(240_000);

let mesh: FaultMesh;
beforeAll(async () => {
  mesh = await startFaultMesh('PT2S', testServers().natsServer);
}, 240_000);
afterAll(() => mesh?.cleanup(), 120_000);

const ISSUERS: readonly Issuer[] = [
  ['ln.customs', customsExamination],
  ['ln.inspection', inspectionQuarantine],
  ['ln.border', borderCrew],
];
let loads: Load[] = [];
function loadOf(name: string, issuers = ISSUERS): Load {
  const load = startLoad(mesh, name, issuers);
  loads.push(load);
  return load;
}

/** Everything that was accepted while the broker kept its storage: each of it must have given its events. */
const withEvents: Accepted[] = [];

const units = (): UnitId[] => unitsOf(mesh.mesh);
const unitServices = () => [...mesh.services.values()].filter(({ name }) => name !== 'gateway');
const notReady = async (url: string): Promise<ReadinessCheck[] | undefined> => {
  const found = await readiness(url).catch(() => undefined);
  return found?.status === 503 ? found.checks.filter(({ ok }) => !ok) : undefined;
};
async function everythingReady(): Promise<void> {
  for (const service of mesh.services.values()) await service.ready(60_000);
}
async function stillLive(): Promise<void> {
  for (const { name, url } of mesh.services.values()) {
    const answer = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(20_000) });
    expect({ name, status: answer.status }).toEqual({ name, status: 200 });
  }
}
async function expectAll(accepted: readonly Accepted[]): Promise<void> {
  expect(await accountFor(mesh, accepted)).toEqual(wellAccounted(accepted.length, units().length));
}
const pids = () => [...mesh.services.values()].map((service) => service.pid());

describe('nothing that was accepted is lost, and nothing is there twice', () => {
  afterEach(async () => {
    // What a failed test began must not weigh on the next.
    for (const load of loads) load.abandon();
    loads = [];
    await everythingReady();
  });

  it('when the database stops while results are submitted', async () => {
    const before = pids();
    const load = loadOf('database');
    await load.more(40);
    await mesh.stopDatabase();

    const refused = await eventually(
      () => (load.refusals.includes('503 not-ready') ? load.refusals : undefined),
      'submissions are refused',
    );
    expect(new Set(refused)).toEqual(new Set(['503 not-ready']));
    expect(await submit(mesh.backend('ln.customs'), customsExamination('database-away'))).toMatchObject({
      ok: false,
      problem: { status: 503, code: 'not-ready', detail: expect.any(String) },
    });
    for (const service of unitServices()) {
      const checks = await eventually(() => notReady(service.url), `${service.name} is not ready`);
      const agency = service.name.replace('-sync', '');
      expect(checks.map(({ name }) => name).sort()).toEqual(
        units()
          .filter((unit) => unit.endsWith(`.${agency}`))
          .map((unit) => `${unit} database`)
          .sort(),
      );
      for (const { detail } of checks) expect(detail).toEqual(expect.any(String));
    }
    expect(
      (await eventually(() => notReady(mesh.httpUrl), 'the gateway is not ready')).map(({ name }) => name),
    ).toEqual(['database']);
    await stillLive();

    await mesh.startDatabase();
    await load.more(40);
    const accepted = await load.stop();
    await everythingReady();
    await expectAll(accepted);
    withEvents.push(...accepted);
    expect(pids()).toEqual(before);
  });

  it('when the broker is killed and comes back', async () => {
    const before = pids();
    const load = loadOf('broker');
    await load.more(40);
    await mesh.killBroker();
    for (const service of unitServices()) {
      const checks = await eventually(() => notReady(service.url), `${service.name} is not ready`);
      expect(checks.every(({ name }) => name.endsWith(' broker'))).toBe(true);
    }
    const gateway = await eventually(() => notReady(mesh.httpUrl), 'the gateway is not ready');
    expect(gateway.map(({ name }) => name)).toContain('broker');
    await stillLive();
    await mesh.startBroker();
    await load.more(40);
    const accepted = await load.stop();
    await expectAll(accepted);
    withEvents.push(...accepted);
    expect(pids()).toEqual(before);
  });

  it('when a unit cannot store its copies and is killed over them: it has confirmed nothing', async () => {
    const waitingFor = async (resultId: string) => {
      const [row] = await mesh.query<{ waiting: string[] }>(
        'gateway',
        'select waiting from settlement where result_id = $1',
        [resultId],
      );
      return row?.waiting;
    };
    const onlyFor = (resultId: string, unit: UnitId) =>
      eventually(
        async () => ((await waitingFor(resultId))?.join() === unit ? true : undefined),
        `${resultId} waits for ${unit} alone`,
      );
    const connectionString = (await readFile(mesh.home.databaseUrlFile('hl.border'), 'utf8')).trim();
    const holder = new pg.Client({ connectionString });
    await holder.connect();
    const accepted: Accepted[] = [];
    const submitted = async (reference: string): Promise<string> => {
      const outcome = await submit(mesh.backend('ln.customs'), customsExamination(reference));
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
      accepted.push({ ...outcome.value, unit: 'ln.customs', reference });
      return outcome.value.resultId;
    };
    try {
      await holder.query('begin');
      await holder.query('lock table result in access exclusive mode');
      const first = await submitted('not-stored-1');
      await onlyFor(first, 'hl.border');
      await eventually(async () => {
        const blocked = await mesh.query('hl.border', `select 1 from pg_stat_activity where wait_event_type = 'Lock'`);
        return blocked.length > 0 ? true : undefined;
      }, 'hl.border is about to store its copy');
      await onlyFor(await submitted('not-stored-2'), 'hl.border');
      expect(await waitingFor(first)).toEqual(['hl.border']);
      expect(await mesh.query('ln.customs', 'select 1 from offer_outbox where result_id = $1', [first])).toHaveLength(
        1,
      );
      await mesh.services.get('border-sync')!.crash();
    } finally {
      await holder.query('rollback').catch(() => undefined);
      await holder.end();
    }
    await expectAll(accepted);
    withEvents.push(...accepted);
  });

  it('and every other backend is told of each result once: one event id, however often it is delivered', async () => {
    const ids = new Set(withEvents.map(({ resultId }) => resultId));
    expect(ids.size).toBeGreaterThan(100);
    for (const unit of units()) {
      const owed = withEvents.filter((each) => each.unit !== unit).map(({ resultId }) => resultId);
      const own = withEvents.filter((each) => each.unit === unit).map(({ resultId }) => resultId);
      const told = await eventually(async () => {
        const events = await eventsOf(unit);
        const of = (type: string) => events.filter((event) => event.type === type && ids.has(event.about));
        const [received, settled] = [of('result.received'), of('result.settled')];
        const enough = received.length >= owed.length && settled.length >= own.length;
        return enough ? { received, settled } : undefined;
      }, `${unit}: events of ${owed.length} results`);
      // After a consumer's own deduplication by `ce-id` each is there once.
      const once = (events: readonly StreamedEvent[]): string[] =>
        [...new Map(events.map((event) => [event.id, event])).values()].map(({ about }) => about).sort();
      expect({ unit, received: once(told.received) }).toEqual({ unit, received: [...owed].sort() });
      expect({ unit, settled: once(told.settled) }).toEqual({ unit, settled: [...own].sort() });
    }
  });

  it('when the broker loses its storage with offers in it', async () => {
    const gateway = mesh.services.get('gateway')!;
    const load = loadOf('storage');
    await load.more(20);
    // The gateway stands still: what is accepted now is in the broker and in the units' databases only.
    process.kill(gateway.pid()!, 'SIGSTOP');
    try {
      await load.more(60);
      await mesh.killBroker('losing-storage');
      await mesh.startBroker();
    } finally {
      process.kill(gateway.pid()!, 'SIGCONT');
    }
    await load.more(20);
    const accepted = await load.stop();
    await expectAll(accepted);
    const [{ again }] = (await mesh.query<{ again: string }>(
      'gateway',
      `select count(*) as again from (select result_id, version from ledger group by result_id, version, entry::json->>'tokenDigest' having count(*) > 1) as twice`,
    )) as [{ again: string }];
    // Offered again and again, written down once: a view of a version for its consumers is one disclosure.
    expect(Number(again)).toBe(0);
  });

  it('when the broker loses its storage with copies, receipts and settlements in it', async () => {
    const load = loadOf('storage-2');
    await load.more(20);
    // Half of the receivers stand still: their copies are in the broker only.
    const still = ['border-sync', 'inspection-sync'].map((name) => mesh.services.get(name)!);
    const customs = loadOf('storage-3', ISSUERS.slice(0, 1));
    for (const service of still) process.kill(service.pid()!, 'SIGSTOP');
    try {
      await customs.more(20);
      await mesh.killBroker('losing-storage');
      await mesh.startBroker();
    } finally {
      for (const service of still) process.kill(service.pid()!, 'SIGCONT');
    }
    await load.more(20);
    await expectAll([...(await load.stop()), ...(await customs.stop())]);
  });

  it('when services start before their broker and database are there: they wait, say so, and join', async () => {
    const load = loadOf('before');
    await load.more(10);
    const accepted = await load.stop();
    await mesh.killBroker();
    await mesh.stopDatabase();
    const before = pids();
    await Promise.all([...mesh.services.values()].map((service) => service.crash()));

    for (const service of unitServices()) {
      const checks = await eventually(() => notReady(service.url), `${service.name} waits`);
      const agency = service.name.replace('-sync', '');
      expect(checks).toEqual(
        units()
          .filter((unit) => unit.endsWith(`.${agency}`))
          .map((name) => ({ name, ok: false, detail: 'waiting for its broker and database' })),
      );
    }
    expect(await eventually(() => notReady(mesh.httpUrl), 'the gateway waits')).toEqual([
      { name: 'gateway', ok: false, detail: 'waiting for its broker and database' },
    ]);
    await stillLive();
    const waiting = pids();
    for (const [index, pid] of waiting.entries()) expect(pid).not.toBe(before[index]);

    // The broker alone is not enough.
    await mesh.startBroker();
    for (const service of mesh.services.values())
      expect(await eventually(() => notReady(service.url), `${service.name} still waits`)).not.toEqual([]);
    await mesh.startDatabase();
    await everythingReady();
    expect(pids()).toEqual(waiting);
    const later = loadOf('after');
    await later.more(20);
    await expectAll([...accepted, ...(await later.stop())]);
  });

  it('and through all of it the ledger stayed one chain', async () => {
    const rows = await mesh.query<{ entry: string; hash: string }>(
      'gateway',
      'select entry, hash from ledger order by sequence',
    );
    expect(rows.length).toBeGreaterThan(200);
    expect(
      verifyChain(
        rows.map(({ entry, hash }) => ({ row: JSON.parse(entry) as object, hash })),
        CHAIN_START,
      ),
    ).toMatchObject({ ok: true });
  });

  it('and each version was counted once for the catalogue', async () => {
    const counted = await countedAtGateway(mesh);
    expect(counted.reduce((sum, { results }) => sum + results, 0)).toBeGreaterThan(200);
    expect(counted).toEqual(await recountFromUnits(mesh));
  });
});

interface StreamedEvent {
  id: string;
  type: string;
  about: string;
}

/** All events that a unit's stream holds now, in the order of the stream. */
async function eventsOf(unit: UnitId): Promise<StreamedEvent[]> {
  const { connection } = mesh.backend(unit);
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const { name } = await manager.consumers.add('EVENTS', {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.All,
    inactive_threshold: 60_000_000_000,
  });
  const found: StreamedEvent[] = [];
  try {
    const { num_pending } = await manager.consumers.info('EVENTS', name);
    const consumer = await jetstream(connection).consumers.get('EVENTS', name);
    while (found.length < num_pending) {
      const messages = await consumer.fetch({
        max_messages: Math.min(500, num_pending - found.length),
        expires: 5_000,
      });
      for await (const { subject, headers } of messages) {
        const header = (key: string): string => headers?.get(key) ?? '';
        found.push({ id: header('ce-id'), type: subject.slice('events.'.length), about: header('ce-subject') });
      }
    }
  } finally {
    await manager.consumers.delete('EVENTS', name);
  }
  return found;
}
