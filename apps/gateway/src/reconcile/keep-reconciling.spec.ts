import { pino } from 'pino';
import { type DataSource, openDatabase } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import type { Gateway } from '../gateway.ts';
import { GATEWAY_MIGRATIONS } from '../schema/migrations.ts';
import { dayOf, keepReconciling } from './keep-reconciling.ts';
import { reconcile } from './reconcile.ts';
import { RECONCILIATION_LOCK, runAlone } from './run-alone.ts';

let mesh: TestMesh;
let database: DataSource;
beforeAll(async () => {
  mesh = await setupMesh({ units: ['ln.customs'] });
  const url = mesh.databaseUrls.get('gateway')!;
  const migrations = GATEWAY_MIGRATIONS;
  database = await openDatabase({ url, migrations, applicationName: 'test', poolSize: 4 });
}, 120_000);
afterAll(async () => {
  await database?.destroy();
  await mesh?.cleanup();
}, 60_000);

const NOON = Date.UTC(2026, 10, 21, 12);

/** A gateway of a mesh without units, and the runs that it has told of. */
function lonelyGateway(): { gateway: Gateway; runs: { from: string; to: string }[]; more: () => Promise<void> } {
  const runs: { from: string; to: string }[] = [];
  let tell: () => void = () => undefined;
  const write = (line: string): void => {
    const { msg, from, to } = JSON.parse(line) as { msg: string; from: string; to: string };
    if (msg === 'reconciled') runs.push({ from, to });
    tell();
  };
  const gateway = { database, consumers: [], now: () => NOON, log: pino({}, { write }) } as unknown as Gateway;
  return { gateway, runs, more: () => new Promise((resolve) => (tell = resolve)) };
}

describe('keepReconciling', () => {
  it('looks at yesterday and today, again and again, until it is stopped', async () => {
    const { gateway, runs, more } = lonelyGateway();
    const reconciling = keepReconciling(gateway, 5);
    while (runs.length < 3) await more();
    await reconciling.stop();
    const done = runs.length;
    expect(runs[0]).toEqual({ from: '2026-11-20', to: '2026-11-21' });
    // A round trip of its own kind: a run that went on beside it would have been told of by now.
    await reconcile(gateway, { from: '2026-11-01', to: '2026-11-01', repair: false, olderThanMs: 0 });
    expect(runs.slice(done)).toEqual([{ from: '2026-11-01', to: '2026-11-01' }]);
  });

  it('never does when it is not to', async () => {
    await keepReconciling({} as Gateway, 0).stop();
  });
});

describe('runAlone', () => {
  it('runs one at a time, and the next when that is over, however it ended', async () => {
    const { gateway } = lonelyGateway();
    const days = { from: '2026-11-20', to: '2026-11-21', repair: true, olderThanMs: 0 };
    const inside = await runAlone(database, RECONCILIATION_LOCK, () => reconcile(gateway, days));
    expect(inside).toBe('busy');
    await expect(
      runAlone(database, RECONCILIATION_LOCK, () => Promise.reject(new Error('ended badly'))),
    ).rejects.toThrow('ended badly');
    expect(await reconcile(gateway, days)).toMatchObject({ from: '2026-11-20', pairs: 0, differences: [] });
  });
});

describe('dayOf', () => {
  it.each([
    [Date.UTC(2026, 10, 21), '2026-11-21'],
    [Date.UTC(2026, 10, 21) - 1, '2026-11-20'],
  ])('%i is in %s', (instant, day) => {
    expect(dayOf(instant)).toBe(day);
  });
});
