import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { UnitId } from '@clearance/contracts';
import { type DataSource, openDatabase } from '@clearance/platform';
import { type KeyRing, listRecordOf, signDetached, type SigningKey } from '@clearance/provenance';
import { dropDatabases, provisionDatabases, removeHome } from '@clearance/provision';
import { temporaryHome, testServers } from '@clearance/testing';
import { GATEWAY_MIGRATIONS } from '../schema/migrations.ts';
import { appendLedger } from '../ledger/append-ledger.ts';
import { type Lists, openLists } from './lists.ts';

const CONSUMERS: UnitId[] = ['ln.customs', 'ln.inspection'];
const NOW = Date.parse('2026-11-21T00:00:00Z');
const day = (date: number): Date => new Date(Date.UTC(2026, 10, date));

const APPROVAL = { authors: ['drafter'], approvedBy: 'approver' };

const pair = generateKeyPairSync('ed25519');
const POLICY: SigningKey = { kid: 'policy/1', suite: 'EdDSA', privateKey: pair.privateKey };
const RING: KeyRing = new Map([
  [POLICY.kid, { kid: POLICY.kid, owner: 'policy', suite: 'EdDSA', publicKey: pair.publicKey, notBefore: 0 }],
]);

const documentOf = (version: string, effectiveFrom: Date): string =>
  JSON.stringify({
    apiVersion: 'clearance/v1',
    kind: 'NegativeList',
    version,
    effectiveFrom: effectiveFrom.toISOString(),
    entries: [],
  });

const home = await temporaryHome();
const databases = { adminUrl: testServers().databaseUrl, prefix: `l_${randomBytes(5).toString('hex')}` };
let database: DataSource;
beforeAll(async () => {
  const urls = await provisionDatabases(home, ['gateway'], databases);
  database = await openDatabase({
    url: urls.get('gateway')!,
    migrations: GATEWAY_MIGRATIONS,
    applicationName: 'lists.spec',
    poolSize: 3,
  });
}, 60_000);
afterAll(async () => {
  await database?.destroy();
  await dropDatabases(['gateway'], databases);
  await removeHome(home);
}, 60_000);
beforeEach(async () => {
  await database.query('delete from negative_list');
  await database.query('alter table ledger disable trigger ledger_append_only');
  await database.query('truncate ledger, ledger_head');
  await database.query('alter table ledger enable trigger ledger_append_only');
});

/** Stores a list as an accepted one is stored; `changes` is what somebody with access to the database made of it. */
async function store(
  version: string,
  effectiveFrom: Date,
  changes: Record<string, unknown> = {},
  key: SigningKey = POLICY,
): Promise<void> {
  const document = documentOf(version, effectiveFrom);
  const signature = signDetached(Buffer.from(document), key);
  const row = {
    version,
    document,
    signature,
    effective_from: effectiveFrom,
    received_at: day(1),
    authors: APPROVAL.authors,
    approved_by: APPROVAL.approvedBy,
    ...changes,
  };
  const receivedAt = day(1).getTime();
  const signed = { version, document, signature, effectiveFrom: effectiveFrom.getTime(), receivedAt };
  const record = listRecordOf({ ...signed, ...APPROVAL });
  await appendLedger(database.manager, [record]);
  await database.query('insert into negative_list values ($1, $2, $3, $4, $5, $6, $7)', [
    row.version,
    row.document,
    row.signature,
    row.effective_from,
    row.received_at,
    row.authors,
    row.approved_by,
  ]);
}
/** What the gateways know of keys; a test may revoke one. */
let ring: KeyRing;
beforeEach(() => (ring = RING));
const revoke = (revokedAt: Date): KeyRing =>
  new Map([[POLICY.kid, { ...RING.get(POLICY.kid)!, revokedAt: revokedAt.getTime() }]]);
const open = (now = NOW, source: Pick<DataSource, 'query'> = database): Lists =>
  openLists({
    database: source as DataSource,
    consumers: CONSUMERS,
    keyRing: () => ring,
    now: () => now,
    log: pino({ level: 'silent' }),
  });
async function opened(now = NOW): Promise<Lists> {
  const lists = open(now);
  await lists.reload();
  return lists;
}

describe('openLists', () => {
  it('has none when there is none', async () => {
    const lists = await opened();
    expect([lists.inForce(NOW), lists.refused()]).toEqual([undefined, []]);
  });

  it('reads the newest list that has begun, and those that are still to come', async () => {
    await store('1', day(1));
    await store('2', day(10));
    await store('3', day(25));
    const lists = await opened();
    expect(lists.inForce(NOW)?.version).toBe('2');
    expect(lists.inForce(day(25).getTime() - 1)?.version).toBe('2');
    expect(lists.inForce(day(25).getTime())?.version).toBe('3');
  });

  it('has also the list that is in force by the time of the database, when this clock is ahead of it or behind', async () => {
    const fromNow = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);
    await store('1', fromNow(-2));
    await store('2', fromNow(-1));
    await store('3', fromNow(1));
    for (const skew of [-1.5, 0, 2]) {
      const lists = await opened(fromNow(skew).getTime());
      expect([skew, lists.inForce(Date.now())?.version, lists.refused()]).toEqual([skew, '2', []]);
    }
  });

  it.each([
    ['its text was changed', { document: documentOf('2', day(10)).replace('"entries":[]', '"entries": []') }],
    ['another signature was put there', { signature: signDetached(Buffer.from('other'), POLICY) }],
    ['no signature is there', { signature: '' }],
    [
      'its time was brought forward',
      { document: documentOf('2', day(28)), signature: signDetached(Buffer.from(documentOf('2', day(28))), POLICY) },
    ],
    [
      "an older list's text was put in its place",
      { document: documentOf('1', day(10)), signature: signDetached(Buffer.from(documentOf('1', day(10))), POLICY) },
    ],
    ['a signed text that is no list', { document: 'x', signature: signDetached(Buffer.from('x'), POLICY) }],
    ['another is named as its author', { authors: ['somebody'] }],
    ['another is named as who approved it', { approved_by: 'somebody' }],
    ['it was received before the key was made', { received_at: new Date(-1) }],
  ])('does not use a list when %s, nor falls back to an older one', async (_what, changes) => {
    await store('1', day(1));
    await store('2', day(10), changes);
    const lists = await opened();
    expect([lists.inForce(NOW), lists.refused()]).toEqual([undefined, ['2']]);
  });

  it.each([
    ['was taken away', `delete from negative_list where version = '2'`],
    ['was put there without the ledger', `update negative_list set version = '2b' where version = '2'`],
  ])('does not fall back to an older list when the newest %s', async (_what, statement) => {
    await store('1', day(1));
    await store('2', day(10));
    await database.query(statement);
    const lists = await opened();
    expect(lists.inForce(NOW)).toBeUndefined();
    expect(lists.refused()).toContain('2');
  });

  it('does not use a list that the policy key signed but that the ledger does not have', async () => {
    await store('1', day(1));
    const document = documentOf('9', day(15));
    await database.query(`insert into negative_list values ($1, $2, $3, $4, $5, '{drafter}', 'approver')`, [
      '9',
      document,
      signDetached(Buffer.from(document), POLICY),
      day(15),
      day(1),
    ]);
    const lists = await opened();
    expect([lists.inForce(NOW), lists.refused()]).toEqual([undefined, ['9']]);
  });

  it('does not use a scheduled list that was tampered with, when its time comes; the others go on', async () => {
    await store('1', day(1));
    await store('2', day(25), { signature: 'x..y' });
    const lists = await opened();
    expect([lists.inForce(NOW)?.version, lists.refused()]).toEqual(['1', ['2']]);
    expect(lists.inForce(day(26).getTime())?.version).toBe('1');
  });

  describe('when the policy key is revoked', () => {
    it('has no list that was received from then on: neither it, nor at a new start, nor an older one', async () => {
      await store('1', day(1));
      await store('2', day(10));
      const lists = await opened();
      expect(lists.inForce(NOW)?.version).toBe('2');
      ring = revoke(day(1));
      // At once, without any reading of the table.
      expect(lists.inForce(NOW)).toBeUndefined();
      await lists.reload();
      expect([lists.inForce(NOW), lists.refused()]).toEqual([undefined, ['2']]);
      const started = await opened();
      expect([started.inForce(NOW), started.refused()]).toEqual([undefined, ['2']]);
    });

    it('goes on with a list that was received before', async () => {
      await store('1', day(1));
      const lists = await opened();
      ring = revoke(new Date(day(1).getTime() + 1));
      await lists.reload();
      expect([lists.inForce(NOW)?.version, lists.refused()]).toEqual(['1', []]);
      expect((await opened()).inForce(NOW)?.version).toBe('1');
    });

    it('decides again as soon as a list that another key signed is in force', async () => {
      await store('1', day(1));
      const lists = await opened();
      const next = generateKeyPairSync('ed25519');
      const key = {
        kid: 'policy/2',
        owner: 'policy',
        suite: 'EdDSA' as const,
        publicKey: next.publicKey,
        notBefore: 0,
      };
      ring = new Map([...revoke(day(1)), [key.kid, key]]);
      await lists.reload();
      expect(lists.inForce(NOW)).toBeUndefined();
      await store('2', day(12), {}, { kid: key.kid, suite: 'EdDSA', privateKey: next.privateKey });
      await lists.reload();
      expect([lists.inForce(NOW)?.version, lists.refused()]).toEqual(['2', []]);
    });
  });

  describe('while it runs', () => {
    it('keeps deciding by the list in force when a bad one is put beside it, until a good one replaces it', async () => {
      await store('1', day(1));
      const lists = await opened();
      await store('2', day(10), { signature: 'x..y' });
      await store('3', day(25));
      await lists.reload();
      expect([lists.inForce(NOW)?.version, lists.refused()]).toEqual(['1', ['2']]);
      expect(lists.inForce(day(25).getTime())?.version).toBe('3');
      await store('4', day(15));
      await lists.reload();
      expect([lists.inForce(NOW)?.version, lists.refused()]).toEqual(['4', []]);
    });

    it('is not misled by a change of the row that it has read', async () => {
      await store('1', day(1));
      const lists = await opened();
      await database.query(`update negative_list set document = 'x', signature = 'y'`);
      await lists.reload();
      expect(lists.inForce(NOW)?.version).toBe('1');
    });

    it('is not put back by an answer that was overtaken', async () => {
      await store('1', day(1));
      let release: () => void = () => undefined;
      let asked = 0;
      const slow = {
        query: (async (sql: string, parameters: unknown[]) => {
          const rows: unknown = await database.query(sql, parameters);
          if ((asked += 1) === 1) await new Promise<void>((resolve) => (release = resolve));
          return rows;
        }) as DataSource['query'],
      };
      const lists = open(NOW, slow);
      const first = lists.reload();
      while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
      await store('2', day(10));
      const second = lists.reload();
      // Time enough for the second answer, were it asked for now.
      for (let round = 0; round < 20; round += 1) await database.query('select 1');
      release();
      await Promise.all([first, second]);
      expect(lists.inForce(NOW)?.version).toBe('2');
    });

    it('keeps what it has when the database does not answer, and says so to its caller', async () => {
      await store('1', day(1));
      let broken = false;
      const query = ((sql: string, parameters: unknown[]) =>
        broken ? Promise.reject(new Error('away')) : database.query(sql, parameters)) as DataSource['query'];
      const lists = open(NOW, { query });
      await lists.reload();
      broken = true;
      await expect(lists.reload()).rejects.toThrow('away');
      expect(lists.inForce(NOW)?.version).toBe('1');
      broken = false;
      await lists.reload();
    });
  });
});
