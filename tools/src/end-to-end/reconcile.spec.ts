import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import pg from 'pg';
import { type DifferenceReport, type ResultContent, unitsOf, type UnitId } from '@clearance/contracts';
import { borderCrew, customsExamination, inspectionQuarantine, testServers } from '@clearance/testing';
import { amend, revoke, submitBatch } from '../traffic/backend.ts';
import { ask } from './gateway-http.ts';
import { type Journal, openJournal } from './journal.ts';
import { runMeshCommand } from './run-mesh-command.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(180_000);

let mesh: TestLocalMesh;
const journals = new Map<UnitId, Journal>();
beforeAll(async () => {
  mesh = await startTestMesh(testServers().databaseUrl);
}, 240_000);
afterAll(async () => {
  for (const journal of journals.values()) journal.close();
  await mesh?.cleanup();
}, 120_000);

const BUILDERS: readonly (readonly [UnitId, (reference: string) => ResultContent])[] = [
  ['ln.customs', customsExamination],
  ['ln.inspection', inspectionQuarantine],
  ['ln.border', borderCrew],
];
const PER_UNIT = 10;
const units = (): UnitId[] => unitsOf(mesh.mesh);

/** Submits, amends the first two of each unit's results and revokes the second: 13 versions of 10 results each. */
async function submitAll(): Promise<Map<UnitId, string[]>> {
  const ids = new Map<UnitId, string[]>();
  for (const [unit, build] of BUILDERS) {
    const contents = Array.from({ length: PER_UNIT }, (_, number) => build(`reconcile-${number}`));
    const batch = await submitBatch(mesh.backend(unit), contents);
    if (!batch.ok) throw new Error(JSON.stringify(batch.problem));
    const accepted = batch.value.map((outcome) => {
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
      return outcome.value.resultId;
    });
    for (const number of [0, 1]) {
      const amended = { ...contents[number]!, conclusion: 'conditional' } as ResultContent;
      expect(await amend(mesh.backend(unit), accepted[number]!, amended)).toMatchObject({ ok: true });
    }
    expect(await revoke(mesh.backend(unit), accepted[1]!, 'issued by mistake')).toMatchObject({ ok: true });
    ids.set(unit, accepted);
  }
  return ids;
}
const VERSIONS = BUILDERS.length * (PER_UNIT + 3);

interface Held {
  result_id: string;
  version: number;
  token: string;
}
/** Everything that a unit holds, by `id version`: the part of the token that its issuer signed. */
async function heldBy(unit: UnitId): Promise<Map<string, string>> {
  const rows = await mesh.query<Held>(
    unit,
    'select result_id, version, token from result union all select result_id, version, token from result_history',
  );
  return new Map(rows.map((row) => [`${row.result_id} ${row.version}`, row.token.split('~')[0]!]));
}
const everythingSettled = (versions = VERSIONS): Promise<true> =>
  eventually(async () => {
    const open = await Promise.all(
      units().map((unit) =>
        mesh.query(unit, "select 1 from offer_outbox where next_offer_at < now() + interval '1 day'"),
      ),
    );
    const settled = await mesh.query('gateway', 'select 1 from settlement where settled_at is not null');
    return open.every((rows) => rows.length === 0) && settled.length === versions ? true : undefined;
  }, 'everything settled');

interface Reconciled {
  ok: boolean;
  pairs: number;
  versions: number;
  differences: DifferenceReport[];
  repaired: number;
  remaining: DifferenceReport[];
  onTheirWay: number;
  unreachable: UnitId[];
}
const reconcile = (...options: string[]) =>
  runMeshCommand<Reconciled>(mesh, 'reconcile', '--older-than', 'PT0S', ...options);
/** `code issuer receiver count`, in order. */
const told = (differences: readonly DifferenceReport[]): string[] =>
  differences.map(({ code, issuer, receiver, count }) => `${code} ${issuer} ${receiver ?? '-'} ${count}`).sort();

describe('reconciliation', () => {
  let ids: Map<UnitId, string[]>;
  const id = (unit: UnitId, number: number): string => ids.get(unit)![number]!;
  /** What everybody held when all was well. */
  let before: Map<string, string>;

  beforeAll(async () => {
    ids = await submitAll();
    await everythingSettled();
    before = await heldBy('ln.customs');
    expect(before.size).toBe(VERSIONS);
    for (const unit of units()) {
      expect(await heldBy(unit)).toEqual(before);
      journals.set(unit, await openJournal(mesh.backend(unit)));
    }
  }, 180_000);

  it('finds nothing while everybody has everything', async () => {
    const { code, answer, stderr } = await reconcile();
    expect({ stderr, code, ...answer }).toMatchObject({
      code: 0,
      ok: true,
      versions: VERSIONS,
      differences: [],
      remaining: [],
      repaired: 0,
      onTheirWay: 0,
      unreachable: [],
    });
    // Yesterday and today, every unit with every other one.
    expect(answer.pairs).toBe(2 * 12 * 11);
  });

  describe('after losses, a forgery and an alteration', () => {
    let forged: string;
    const drop = (unit: UnitId | 'gateway', table: string, resultId: string, version: number): Promise<unknown[]> =>
      mesh.query(unit, `delete from ${table} where result_id = $1 and version = $2 returning 1`, [resultId, version]);

    beforeAll(async () => {
      const lost = [
        // Copies: one, the newest version of an amended one, an older version of it, a revocation; and one that two lose.
        await drop('hl.customs', 'result', id('ln.customs', 3), 1),
        await drop('jl.border', 'result', id('ln.customs', 0), 2),
        await drop('nm.inspection', 'result_history', id('ln.inspection', 0), 1),
        await drop('hl.border', 'result', id('ln.border', 1), 3),
        await drop('hl.customs', 'result', id('ln.border', 4), 1),
        await drop('jl.customs', 'result', id('ln.border', 4), 1),
        // Of the gateway's, a version and with it all its receipts; the ledger cannot be deleted from.
        await drop('gateway', 'settlement', id('ln.inspection', 5), 1),
        await drop('gateway', 'settlement', id('ln.inspection', 1), 2),
        // Of an issuer's own.
        await drop('ln.border', 'result', id('ln.border', 7), 1),
      ];
      expect(lost.map((rows) => rows.length)).toEqual(lost.map(() => 1));
      // An issuer restored to when it had not heard of a settlement, and will not offer again before tomorrow.
      await mesh.query(
        'ln.customs',
        `insert into offer_outbox (result_id, version, item, next_offer_at)
         select result_id, version, json_build_object('token', token)::text, now() + interval '2 days' from result where result_id = $1`,
        [id('ln.customs', 5)],
      );
      await mesh.query('ln.customs', 'update result set settled_at = null where result_id = $1', [id('ln.customs', 5)]);
      // The gateway restored to when it had not heard of a receipt.
      await mesh.query(
        'gateway',
        `update settlement set settled_at = null, waiting = '{nm.border}', receipts = (receipts::jsonb - 'nm.border')::text
         where result_id = $1`,
        [id('ln.customs', 6)],
      );
      forged = '019aa5a1-7c5b-7000-8000-00000000f0f0';
      await mesh.query(
        'jl.inspection',
        `insert into result (result_id, version, status, issuer, own, kind, issued_at, content, withheld, token, key_id)
         select $1, version, status, issuer, own, kind, issued_at, content, withheld, token, key_id from result where result_id = $2`,
        [forged, id('ln.customs', 4)],
      );
      await mesh.query(
        'hl.inspection',
        `update result set token = (select token from result where result_id = $2) where result_id = $1`,
        [id('ln.inspection', 6), id('ln.inspection', 7)],
      );
    });

    const ALARMS = [
      'not-disclosed ln.customs jl.inspection 1',
      'other-token ln.inspection hl.inspection 1',
      'unknown-at-issuer ln.border - 1',
    ];
    const REPAIRABLE = [
      'not-offered ln.inspection - 2',
      'not-received ln.border hl.border 1',
      'not-received ln.border hl.customs 1',
      'not-received ln.border jl.customs 1',
      'not-received ln.customs hl.customs 1',
      'not-received ln.customs jl.border 1',
      'not-received ln.inspection nm.inspection 1',
      'not-settled ln.customs nm.border 1',
      'not-settled-at-issuer ln.customs - 1',
    ];

    it('tells what differs, and changes nothing when it is not to repair', async () => {
      const first = await reconcile('--no-repair');
      expect(told(first.answer.differences)).toEqual([...ALARMS, ...REPAIRABLE].sort());
      expect(first).toMatchObject({ code: 1, answer: { ok: false, repaired: 0 } });
      const lost = first.answer.differences.find(
        ({ code, receiver }) => code === 'not-received' && receiver === 'jl.border',
      );
      expect(lost!.examples).toEqual([{ resultId: id('ln.customs', 0), version: 2 }]);
      expect(lost!.message.zh).toContain('副本');
      expect((await heldBy('jl.border')).has(`${id('ln.customs', 0)} 2`)).toBe(false);
    });

    it('repairs what can be repaired, and nothing else', async () => {
      const { code, answer, stderr } = await reconcile('--wait', 'PT2M');
      expect({ stderr, found: told(answer.differences) }).toEqual({
        stderr: expect.any(String),
        found: [...ALARMS, ...REPAIRABLE].sort(),
      });
      expect({ code, repaired: answer.repaired, onTheirWay: answer.onTheirWay }).toEqual({
        code: 1,
        repaired: 10,
        onTheirWay: 0,
      });
      expect(told(answer.remaining)).toEqual(ALARMS);
      for (const { alarm, repaired } of answer.remaining) if (alarm) expect(repaired).toBe(0);

      await everythingSettled();
      for (const unit of units()) {
        const held = await heldBy(unit);
        const expected = new Map(before);
        if (unit === 'ln.border') expected.delete(`${id('ln.border', 7)} 1`);
        if (unit === 'jl.inspection') expected.set(`${forged} 1`, before.get(`${id('ln.customs', 4)} 1`)!);
        if (unit === 'hl.inspection')
          expected.set(`${id('ln.inspection', 6)} 1`, before.get(`${id('ln.inspection', 7)} 1`)!);
        expect({ unit, held }).toEqual({ unit, held: expected });
      }
      const heads = await mesh.query<{ version: number; status: string }>(
        'hl.border',
        'select version, status from result where result_id = $1',
        [id('ln.border', 1)],
      );
      expect(heads).toEqual([{ version: 3, status: 'revoked' }]);
    });

    it('tells backends of what is new to them, and of nothing twice', async () => {
      // What is still under way would be told after this.
      await eventually(async () => {
        const pending = await Promise.all(units().map((unit) => mesh.query(unit, 'select 1 from event_outbox')));
        return pending.every((rows) => rows.length === 0) ? true : undefined;
      }, 'all events told');
      const events = [...journals].flatMap(([unit, journal]) =>
        journal.all.map((event) => `${unit} ${event.type} ${event.about}`),
      );
      // A copy that was lost is new to its receiver again; the broker drops the event's repetition while it remembers it.
      const possible = [
        `hl.customs result.received ${id('ln.customs', 3)}`,
        `jl.border result.amended ${id('ln.customs', 0)}`,
        `hl.border result.revoked ${id('ln.border', 1)}`,
        `hl.customs result.received ${id('ln.border', 4)}`,
        `jl.customs result.received ${id('ln.border', 4)}`,
        // Its database did not know that it was settled.
        `ln.customs result.settled ${id('ln.customs', 5)}`,
      ];
      expect(new Set(events).size).toBe(events.length);
      expect(events.filter((event) => !possible.includes(event))).toEqual([]);
    });

    it('finds the alarms again, and nothing more', async () => {
      const { code, answer } = await reconcile();
      expect(told(answer.differences)).toEqual(ALARMS);
      expect({ code, repaired: answer.repaired }).toEqual({ code: 1, repaired: 0 });
    });

    it('gives a unit everything again whose database is that of a backup', async () => {
      // More than one page of a list holds.
      const more = Array.from({ length: 1_000 }, (_, number) => customsExamination(`reconcile-more-${number}`));
      for (let start = 0; start < more.length; start += 500) {
        const batch = await submitBatch(mesh.backend('ln.customs'), more.slice(start, start + 500));
        expect(batch.ok && batch.value.every(({ ok }) => ok)).toBe(true);
      }
      const versions = VERSIONS + more.length;
      await everythingSettled(versions);
      const all = await heldBy('jl.customs');
      expect(all.size).toBe(versions);
      await mesh.query('hl.customs', 'truncate result, result_history, result_container');

      const { answer } = await reconcile('--wait', 'PT2M');
      const lost = answer.differences.filter(
        ({ code, receiver }) => code === 'not-received' && receiver === 'hl.customs',
      );
      expect(lost.reduce((sum, { count }) => sum + count, 0)).toBe(versions);
      expect(lost.every(({ examples }) => examples.length <= 20)).toBe(true);
      // One of them nobody can give again: its issuer has lost it.
      expect(answer.repaired).toBe(versions - 1);
      expect(told(answer.remaining)).toEqual([...ALARMS, 'not-received ln.border hl.customs 1'].sort());
      all.delete(`${id('ln.border', 7)} 1`);
      expect(await heldBy('hl.customs')).toEqual(all);
    });

    it('goes on without a unit service that does not answer, and names its units', async () => {
      await mesh.query('hl.customs', 'delete from result where result_id = $1', [id('ln.customs', 8)]);
      await mesh.services.get('border-sync')!.stop();
      const { code, answer } = await reconcile();
      expect(answer.unreachable).toEqual(
        units()
          .filter((unit) => unit.endsWith('.border'))
          .sort(),
      );
      expect(told(answer.differences)).toContain('not-received ln.customs hl.customs 1');
      expect(code).toBe(1);
      await eventually(
        async () => ((await heldBy('hl.customs')).has(`${id('ln.customs', 8)} 1`) ? true : undefined),
        'the copy is back',
      );
    });
  });
});

describe('who may ask, and how', () => {
  const path = '/api/v1/reconciliations';
  it.each([
    ['coordinator', 200],
    ['auditor', 403],
    ['policy', 403],
    ['firm', 403],
  ] as const)('reconciliation, by %s: %i', async (role, status) => {
    const answer = await ask(mesh, path, {
      role,
      method: 'POST',
      body: { repair: false, from: '2020-01-01', to: '2020-01-01' },
    });
    expect(answer.status).toBe(status);
  });

  it.each([
    ['no word of repair', {}, ['/repair missing']],
    ['a day that is none', { repair: true, from: '2026-02-30' }, ['/from bad-format']],
    ['more than a month', { repair: true, from: '2026-01-01', to: '2026-03-01' }, ['/to out-of-range']],
    ['the end before the beginning', { repair: true, from: '2026-01-02', to: '2026-01-01' }, ['/to out-of-range']],
    ['a duration that is none', { repair: true, olderThan: '2 minutes' }, ['/olderThan bad-format']],
    ['an unknown member', { repair: true, force: true }, ['/force unknown-member']],
  ])('refuses %s', async (_what, body, expected) => {
    const answer = await ask(mesh, path, { role: 'coordinator', method: 'POST', body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
    expect(answer.body.errors.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(expected);
  });

  it('one run at a time', async () => {
    const connectionString = (await readFile(mesh.home.databaseUrlFile('gateway'), 'utf8')).trim();
    const other = new pg.Client({ connectionString });
    await other.connect();
    await other.query('select pg_advisory_lock(7205760)');
    const asked = { role: 'coordinator', method: 'POST', body: { repair: false } } as const;
    const answer = await ask(mesh, path, asked);
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict', detail: expect.stringContaining('对账') } });
    await other.end();
    expect((await ask(mesh, path, asked)).status).toBe(200);
  });
});

describe('stragglers', () => {
  interface Stragglers {
    stragglers: { unit: UnitId; waiting: number; ageSeconds: number }[];
    results: { resultId: string; version: number; issuer: UnitId; waitingFor: UnitId[] }[];
    cursor?: string;
  }
  it.each([
    ['coordinator', 200],
    ['auditor', 200],
    ['policy', 403],
    ['firm', 403],
  ] as const)('by %s: %i', async (role, status) => {
    expect((await ask(mesh, '/api/v1/stragglers', { role })).status).toBe(status);
  });

  it.each([
    ['unit=nobody', ['/unit bad-format']],
    ['olderThan=5', ['/olderThan bad-format']],
    ['limit=0', ['/limit out-of-range']],
    ['limit=501&cursor=x&page=2', ['/page unknown-member', '/limit out-of-range', '/cursor bad-format']],
  ])('refuses %s', async (query, expected) => {
    const answer = await ask(mesh, `/api/v1/stragglers?${query}`, { role: 'auditor' });
    expect(answer.body.errors.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(expected);
  });

  it('are the units that are away, with what they have not confirmed', async () => {
    // The border units' service was stopped above.
    const borders = units().filter((unit) => unit.endsWith('.border'));
    const batch = await submitBatch(mesh.backend('jl.customs'), [
      customsExamination('straggling', { office: '1501', location: 'CNCGQ' }),
    ]);
    expect(batch).toMatchObject({ ok: true, value: [{ ok: true }] });
    const found = await eventually(async () => {
      const { answer } = await runMeshCommand<Stragglers>(mesh, 'stragglers', '--older-than', 'PT0S');
      const names = answer.stragglers.map(({ unit }) => unit).sort();
      return names.length === borders.length ? answer : undefined;
    }, 'only the border units are waited for');
    expect(found.stragglers.map(({ unit, waiting }) => [unit, waiting]).sort()).toEqual(
      borders.map((unit) => [unit, 1]).sort(),
    );
    expect(found.results.map(({ issuer, waitingFor }) => [issuer, [...waitingFor].sort()])).toEqual([
      ['jl.customs', [...borders].sort()],
    ]);
    const metrics = await eventually(async () => {
      const text = await (await fetch(`${mesh.httpUrl}/metrics`)).text();
      return text.includes('clearance_waiting_receipts{unit="hl.border"} 1') ? text : undefined;
    }, 'the metric tells it too');
    expect(metrics).toMatch(/clearance_oldest_waiting_seconds\{unit="hl.border"\} \d+/);
    expect(metrics).toContain('clearance_waiting_receipts{unit="hl.customs"} 0');
  });
});
