import type { UnitId } from '@clearance/contracts';
import { textDigest } from '@clearance/provenance';
import { appendLedger } from '../ledger/append-ledger.ts';
import { ledgerDatabase, type LedgerDatabase } from '../ledger/ledger-database.fixture.ts';
import { findTurns, type FoundTurn } from './find-turns.ts';
import { openRecalls } from './open-reviews.ts';

const UNITS: UnitId[] = ['ln.customs', 'hl.customs', 'ln.border'];
const HOUR = 3_600_000;
const now = Date.now();
const ago = (hours: number): string => new Date(now - hours * HOUR).toISOString();
const SCANS = { results: [{ kind: 'customs.scan', issuers: ['hl.customs', 'ln.customs'] }] };
const CREWS = { results: [{ kind: 'border.crew', issuers: ['ln.border'] }] };

interface Entry {
  kind: string;
  validFrom?: string;
  validUntil?: string;
}
function documentOf(version: string, effectiveFrom: string, entries: readonly Entry[]): string {
  return JSON.stringify({
    apiVersion: 'clearance/v1',
    kind: 'NegativeList',
    version,
    effectiveFrom,
    entries: entries.map(({ kind, ...times }) => ({
      id: kind === 'customs.scan' ? 'NL-001' : 'NL-002',
      title: { zh: '条', en: 'entry' },
      class: 'withheld',
      legalBasis: '《海关法》第七十二条',
      owner: kind.split('.')[0],
      match: { kinds: [kind] },
      fields: ['/location'],
      ...times,
    })),
  });
}

let at: LedgerDatabase;
beforeAll(async () => {
  at = await ledgerDatabase();
}, 120_000);
afterAll(() => at?.drop(), 60_000);
beforeEach(async () => {
  await at.empty();
  await at.database.query('truncate review cascade');
});

/** Puts a list into the ledger and the table, as its approval does. */
async function scheduled(version: string, effectiveFrom: string, ...entries: Entry[]): Promise<void> {
  const document = documentOf(version, effectiveFrom, entries);
  await at.database.transaction((transaction) =>
    appendLedger(transaction, [
      {
        type: 'list',
        version,
        effectiveFrom,
        documentDigest: textDigest(document),
        signature: 'a..b',
        receivedAt: effectiveFrom,
        authors: ['author'],
        approvedBy: 'approver',
      },
    ]),
  );
  await at.database.query(
    `insert into negative_list (version, document, signature, effective_from, received_at, authors, approved_by)
     values ($1, $2, 'a..b', $3, $3, '{author}', 'approver')`,
    [version, document, effectiveFrom],
  );
}
const turns = async (): Promise<[string, string, FoundTurn['scope']][]> =>
  (await findTurns(at.database, UNITS, new Map())).map((turn) => [
    turn.listVersion,
    new Date(turn.at).toISOString(),
    turn.scope,
  ]);

it('the first list takes nothing back: before it nothing was shown', async () => {
  await scheduled('1', ago(10), { kind: 'customs.scan' });
  expect(await turns()).toEqual([]);
});

it('every list that has begun is compared with the one before it, also when nobody looked in between', async () => {
  await scheduled('1', ago(10));
  await scheduled('2', ago(5), { kind: 'customs.scan' });
  await scheduled('3', ago(4), { kind: 'customs.scan' }, { kind: 'border.crew' });
  await scheduled('4', new Date(now + HOUR).toISOString());
  expect(await turns()).toEqual([
    ['2', ago(5), SCANS],
    ['3', ago(4), CREWS],
  ]);
});

it('an entry that began under a list, and one that would have begun after it was superseded', async () => {
  await scheduled(
    '1',
    ago(10),
    { kind: 'customs.scan', validFrom: ago(8) },
    { kind: 'border.crew', validFrom: ago(2) },
  );
  await scheduled('2', ago(5), { kind: 'customs.scan', validUntil: ago(3) });
  expect(await turns()).toEqual([
    ['1', ago(8), SCANS],
    ['2', ago(5), { results: [] }],
    // The last instant still counts: it is over a millisecond later.
    ['2', new Date(now - 3 * HOUR + 1).toISOString(), { results: [] }],
  ]);
});

it('what was looked into is not looked into again, whoever did, and what is new is', async () => {
  await scheduled('1', ago(10));
  await scheduled('2', ago(5), { kind: 'customs.scan' });
  const gateway = { database: at.database, consumers: UNITS } as unknown as Parameters<typeof openRecalls>[0];
  await Promise.all([openRecalls(gateway, new Map()), openRecalls(gateway, new Map())]);
  expect(await at.database.query('select list_version, mode from review')).toEqual([
    { list_version: '2', mode: 'recall' },
  ]);
  expect(await turns()).toEqual([]);
  await scheduled('3', ago(1), { kind: 'customs.scan' }, { kind: 'border.crew' });
  expect(await turns()).toEqual([['3', ago(1), CREWS]]);
});

it.each([
  ['is gone', `delete from negative_list where version = '1'`],
  [
    'is not the one of the ledger',
    `update negative_list set document = replace(document, 'customs.scan', 'border.crew')
     where version = '1'`,
  ],
])(
  'a list whose text %s counts as one that withheld nothing: more is looked at, never less',
  async (_what, tampering) => {
    await scheduled('1', ago(10), { kind: 'customs.scan' });
    await scheduled('2', ago(5), { kind: 'customs.scan' });
    expect(await turns()).toEqual([['2', ago(5), { results: [] }]]);
    await at.tamper(tampering);
    expect(await turns()).toEqual([['2', ago(5), SCANS]]);
  },
);
