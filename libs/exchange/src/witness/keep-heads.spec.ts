import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { SignedHead } from '@clearance/contracts';
import { type DataSource, openDatabase } from '@clearance/platform';
import { type KeyRing, signHead, type SigningKey } from '@clearance/provenance';
import { dropDatabases, provisionDatabases, removeHome } from '@clearance/provision';
import { temporaryHome, testServers } from '@clearance/testing';
import { EXCHANGE_MIGRATIONS } from '../schema/migrations.ts';
import { conflictsTotal, keepHeads } from './keep-heads.ts';

const START = Date.parse('2026-11-21T08:00:00.000Z');
const newKey = (kid: string) => ({ kid, ...generateKeyPairSync('ed25519') });
const pairs = [newKey('gateway/1'), newKey('ln.customs/1')] as const;
const [GATEWAY, LN] = pairs.map(({ kid, privateKey }): SigningKey => ({ kid, suite: 'EdDSA', privateKey })) as [
  SigningKey,
  SigningKey,
];
const RING: KeyRing = new Map(
  pairs.map(({ kid, publicKey }) => [
    kid,
    { kid, owner: kid.split('/')[0]!, suite: 'EdDSA', publicKey, notBefore: START },
  ]),
);
/** The head of a row as it was signed so many seconds after the start. */
const head = (sequence: number, digit = 'a', second = sequence, key = GATEWAY): SignedHead =>
  signHead({ sequence, hash: digit.repeat(64), at: new Date(START + second * 1_000).toISOString() }, key);

const home = await temporaryHome();
const databases = { adminUrl: testServers().databaseUrl, prefix: `w_${randomBytes(5).toString('hex')}` };
let database: DataSource;
beforeAll(async () => {
  const urls = await provisionDatabases(home, ['ln.customs'], databases);
  database = await openDatabase({
    url: urls.get('ln.customs')!,
    migrations: EXCHANGE_MIGRATIONS,
    applicationName: 'keep-heads.spec',
    poolSize: 4,
  });
}, 60_000);
afterAll(async () => {
  await database?.destroy();
  await dropDatabases(['ln.customs'], databases);
  await removeHome(home);
}, 60_000);

let said: Record<string, unknown>[];
beforeEach(async () => {
  said = [];
  conflictsTotal.reset();
  await database.query('alter table ledger_witness disable trigger user');
  await database.query('truncate ledger_witness');
  await database.query('alter table ledger_witness enable trigger user');
});

const message = (...heads: unknown[]) => ({ subject: 'heads', data: Buffer.from(JSON.stringify({ heads })) });
const keep = (...messages: { subject: string; data: Uint8Array }[]) => {
  const log = pino({}, { write: (line: string) => void said.push(JSON.parse(line)) });
  return keepHeads({ id: 'ln.customs', database, keyRing: () => RING, rereadKeys: async () => RING, log }, messages);
};
const kept = async (): Promise<SignedHead[]> =>
  (await database.query('select statement from ledger_witness order by sequence, hash')).map(
    ({ statement }: { statement: string }) => JSON.parse(statement),
  );
const conflicts = async (): Promise<number> => (await conflictsTotal.get()).values[0]?.value ?? 0;
const relations = (): unknown[] => said.map(({ relation }) => relation);

describe('a unit', () => {
  it('keeps every head that the gateway signed, once, in whatever order they come', async () => {
    const verdicts = await keep(message(head(5)), message(head(9), head(7)), message(head(5), head(5)));
    expect(verdicts).toEqual([{ verdict: 'done' }, { verdict: 'done' }, { verdict: 'done' }]);
    await keep(message(head(7)));
    expect(await kept()).toEqual([head(5), head(7), head(9)]);
    expect([await conflicts(), said]).toEqual([0, []]);
  });

  it.each<[string, SignedHead, string]>([
    ['another row in a place that it knows', head(7, 'b'), 'fork'],
    ['another row in a place that it knows, much later', head(7, 'b', 900), 'fork'],
    ['a shorter ledger after a longer one', head(6, 'b', 900), 'rollback'],
    ['a shorter ledger than any, after all', head(1, 'b', 900), 'rollback'],
    ['a longer ledger before a shorter one', head(12, 'b', 8), 'rollback'],
  ])('keeps %s as evidence, and says so', async (_what, contradicting, relation) => {
    const known = [head(5), head(7), head(9)];
    await keep(message(...known));
    expect(await keep(message(contradicting))).toEqual([{ verdict: 'done' }]);
    expect(await kept()).toHaveLength(4);
    expect(await kept()).toEqual(expect.arrayContaining([...known, contradicting]));
    // Given again, it is not news.
    await keep(message(contradicting));
    expect([relations(), await conflicts()]).toEqual([[relation], 1]);
  });

  it('sees two contradicting heads that come to two of its processes at once', async () => {
    await Promise.all([keep(message(head(7))), keep(message(head(7, 'b'))), keep(message(head(7, 'c')))]);
    expect(await kept()).toHaveLength(3);
    expect(await conflicts()).toBe(2);
  });

  it('sees two contradicting heads in one message', async () => {
    await keep(message(head(7), head(7, 'b')));
    expect(relations()).toEqual(['fork']);
  });

  it.each([
    ['signed by a unit', head(5, 'a', 5, LN), 'wrong-owner'],
    ['whose place was changed', { ...head(5), sequence: 6 }, 'signature-invalid'],
    ['from before the key', head(5, 'a', -1), 'key-not-valid'],
  ])('keeps no head %s, and the good one beside it', async (_what, forged, code) => {
    expect(await keep(message(forged, head(4)))).toEqual([
      { verdict: 'poison', cause: 'unverifiable', detail: `1 of 2 heads refused: ${code}` },
    ]);
    expect(await kept()).toEqual([head(4)]);
  });

  it.each([
    ['no JSON', '{'],
    ['no heads', '{"heads":[]}'],
    ['a head with more in it', JSON.stringify({ heads: [{ ...head(5), note: 1 }] })],
  ])('calls a message with %s malformed', async (_what, text) => {
    const verdicts = await keep({ subject: 'heads', data: Buffer.from(text) }, message(head(4)));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['poison', 'done']);
    expect(await kept()).toEqual([head(4)]);
  });

  it.each(['update ledger_witness set hash = hash', 'delete from ledger_witness', 'truncate ledger_witness'])(
    'does not forget: %s',
    async (statement) => {
      await keep(message(head(5)));
      await expect(database.query(statement)).rejects.toThrow('heads of the ledger are only ever added');
    },
  );
});
