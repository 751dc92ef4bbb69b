import type { UnitId } from '@clearance/contracts';
import { type DataSource, insertRows, openDatabase } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { GATEWAY_MIGRATIONS } from '../schema/migrations.ts';
import { findStragglers, findUnconfirmed, type StragglerPlace, type StragglersQuery } from './find-stragglers.ts';
import { decodeCursor, encodeCursor } from './straggler-cursor.ts';

const LN: UnitId = 'ln.customs';
const HL: UnitId = 'hl.customs';
const JL: UnitId = 'jl.border';
const NOW = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;

let mesh: TestMesh;
let database: DataSource;
beforeAll(async () => {
  mesh = await setupMesh({ units: [LN] });
  const url = mesh.databaseUrls.get('gateway')!;
  const migrations = GATEWAY_MIGRATIONS;
  database = await openDatabase({ url, migrations, applicationName: 'test', poolSize: 2 });
}, 120_000);
afterAll(async () => {
  await database?.destroy();
  await mesh?.cleanup();
}, 60_000);

const idOf = (number: number): string => `019aa5a1-7c5b-7000-8000-${String(number).padStart(12, '0')}`;

/** A version that was given so many minutes ago, to all but those who wait for it. */
async function given(number: number, version: number, minutesAgo: number, waiting: UnitId[]): Promise<void> {
  const at = new Date(NOW - minutesAgo * MINUTE);
  const row = [
    idOf(number),
    version,
    LN,
    'customs.scan',
    at,
    'k',
    'd',
    [HL, JL],
    waiting,
    at,
    waiting.length > 0 ? null : at,
  ];
  await insertRows(
    database.manager,
    'settlement (result_id, version, issuer, kind, issued_at, key_id, signed_digest, entitled, waiting, disclosed_at, settled_at)',
    [row],
  );
}

const unconfirmed = async (query: StragglersQuery, limit: number): Promise<string[][]> => {
  const pages: string[][] = [];
  for (let after: StragglerPlace | undefined; ;) {
    const { results, next } = await findUnconfirmed(database, query, { now: NOW, limit, after });
    pages.push(
      results.map(({ resultId, version, waitingFor }) => `${Number(resultId.slice(-2))} v${version} ${waitingFor}`),
    );
    if (next === undefined) return pages;
    after = decodeCursor(encodeCursor(next));
    expect(after).toEqual(next);
  }
};

describe('stragglers', () => {
  beforeAll(async () => {
    await given(1, 1, 600, [HL]);
    await given(1, 2, 90, [HL, JL]);
    await given(2, 1, 90, [JL]);
    await given(3, 1, 1, [JL]);
    await given(4, 1, 900, []);
  });

  it('are told with how much is waited for and since when, the longest first', async () => {
    expect(await findStragglers(database, { olderThanMs: 0 }, NOW)).toEqual([
      { unit: HL, waiting: 2, oldestSince: '2026-11-21T02:00:00.000Z', ageSeconds: 36_000 },
      { unit: JL, waiting: 3, oldestSince: '2026-11-21T10:30:00.000Z', ageSeconds: 5_400 },
    ]);
  });

  it('are those who are waited for longer than asked', async () => {
    const found = await findStragglers(database, { olderThanMs: 5 * MINUTE }, NOW);
    expect(found.map(({ unit, waiting }) => [unit, waiting])).toEqual([
      [HL, 2],
      [JL, 2],
    ]);
    expect(await findStragglers(database, { olderThanMs: 601 * MINUTE }, NOW)).toEqual([]);
  });

  it('are one unit when one is asked for', async () => {
    const found = await findStragglers(database, { olderThanMs: 0, unit: JL }, NOW);
    expect(found.map(({ unit, waiting }) => [unit, waiting])).toEqual([[JL, 3]]);
  });

  it('are counted among the oldest only, when so many are to be looked at', async () => {
    const found = await findStragglers(database, { olderThanMs: 0 }, NOW, 2);
    expect(found.map(({ unit, waiting }) => [unit, waiting])).toContainEqual([HL, 2]);
    expect(found.reduce((sum, { waiting }) => sum + waiting, 0)).toBeLessThan(5);
  });

  it.each([1, 2, 3, 50])('have their versions told once each, the oldest first, in pages of %i', async (limit) => {
    const pages = await unconfirmed({ olderThanMs: 0 }, limit);
    expect(pages.every((page) => page.length <= limit)).toBe(true);
    expect(pages.flat()).toEqual([`1 v1 ${HL}`, `1 v2 ${HL},${JL}`, `2 v1 ${JL}`, `3 v1 ${JL}`]);
  });

  it('have only that told which the unit asked for has not confirmed, for so long', async () => {
    expect(await unconfirmed({ olderThanMs: 0, unit: HL }, 1)).toEqual([[`1 v1 ${HL}`], [`1 v2 ${HL},${JL}`]]);
    expect(await unconfirmed({ olderThanMs: 100 * MINUTE }, 10)).toEqual([[`1 v1 ${HL}`]]);
  });

  it('cost what is open, not what is settled', async () => {
    await database.query(
      `insert into settlement (result_id, version, issuer, kind, issued_at, key_id, signed_digest, entitled, waiting, disclosed_at, settled_at)
       select gen_random_uuid(), 1, 'ln.customs', 'customs.scan', now(), 'k', 'd', '{hl.customs}', '{}', now(), now() from generate_series(1, 20000)`,
    );
    await database.query('analyze settlement');
    const plan: { 'QUERY PLAN': string }[] = await database.query(
      `explain (analyze, costs off, timing off, buffers off)
       select unit, count(*), min(disclosed_at)
       from (select waiting, disclosed_at from settlement where settled_at is null and disclosed_at <= now()
             order by disclosed_at) s cross join lateral unnest(waiting) unit group by unit`,
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('settlement_open');
    expect(text).not.toContain('Seq Scan');
  });
});

describe('a cursor', () => {
  it.each([
    '',
    'AAAA',
    encodeCursor({ micros: '1', resultId: 'x', version: 1 }),
    `${encodeCursor({ micros: '1', resultId: idOf(1), version: 1 })}=`,
  ])('that is none of ours is refused: %j', (cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined();
  });
});
