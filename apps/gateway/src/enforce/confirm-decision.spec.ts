import { randomUUID } from 'node:crypto';
import type { UnitId } from '@clearance/contracts';
import { compileNegativeList, type Entry, type NegativeList, turnsOf } from '@clearance/negative-list';
import { listRecordOf } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { appendLedger } from '../ledger/append-ledger.ts';
import type { ListInForce } from '../lists/list-in-force.ts';
import { DecisionOutdated } from './confirm-decision.ts';
import { discloseResults } from './disclose-results.ts';
import { openRealGateway, type RealGateway } from './real-gateway.fixture.ts';

const UNITS: UnitId[] = ['ln.customs', 'hl.border'];
const HOUR_MS = 3_600_000;

let own: RealGateway;
beforeAll(async () => {
  own = await openRealGateway(UNITS);
}, 60_000);
afterAll(() => own?.cleanup(), 60_000);

/** The ledger has a list from some moment on; its text is of no matter here. */
async function approve(version: string, effectiveFrom: number): Promise<void> {
  const signed = { document: version, signature: 'x..y', receivedAt: Date.now(), authors: ['甲'], approvedBy: '乙' };
  await own.database.transaction((transaction) =>
    appendLedger(transaction, [listRecordOf({ ...signed, version, effectiveFrom })]),
  );
}

/** A gateway that has read these lists, and believes that it is some time later than it is. */
function replica(lists: () => readonly { version: string; effectiveFrom: number }[], ahead = 0): Gateway {
  const { compiled } = own.gateway.listInForce(Date.now())!;
  return {
    ...own.gateway,
    now: () => Date.now() + ahead,
    listInForce: (at) => {
      const newest = lists().findLast(({ effectiveFrom }) => effectiveFrom <= at);
      return (
        newest &&
        ({ ...newest, record: 'record', signature: { keyId: '', at: 0 }, turns: [], compiled } satisfies ListInForce)
      );
    },
  };
}

async function offerTo(gateway: Gateway): Promise<string> {
  const resultId = randomUUID().replace(/^(.{14})4/, '$17');
  const token = own.sign('ln.customs', { resultId });
  await discloseResults(gateway, [
    { unit: 'ln.customs', data: new TextEncoder().encode(JSON.stringify({ results: [{ token }] })) },
  ]);
  return resultId;
}
async function decidedBy(resultId: string): Promise<string[]> {
  const rows: { version: string }[] = await own.database.query(
    `select entry::json->>'listVersion' as version from ledger where result_id = $1`,
    [resultId],
  );
  return rows.map(({ version }) => version);
}

const FIRST = { version: '2026.11-1', effectiveFrom: 0 };

it('a gateway that has not read the new list reads it, and decides by it', async () => {
  const second = { version: '第二版', effectiveFrom: Date.now() - 1 };
  await approve(second.version, second.effectiveFrom);
  let read: readonly (typeof FIRST)[] = [FIRST];
  const behind = replica(() => read);
  const resultId = await offerTo({ ...behind, rereadLists: async () => void (read = [FIRST, second]) });
  expect(await decidedBy(resultId)).toEqual(['第二版']);
});

it('a gateway that cannot read the new list decides nothing', async () => {
  const before = await own.database.query('select count(*) from ledger');
  await expect(offerTo(replica(() => [FIRST]))).rejects.toThrow(DecisionOutdated);
  expect(await own.database.query('select count(*) from ledger')).toEqual(before);
});

it('a clock that is ahead or behind makes no difference: what is in force by the time of the database decides', async () => {
  const second = { version: '第二版', effectiveFrom: Date.now() - 1 };
  const third = { version: '第三版', effectiveFrom: Date.now() + HOUR_MS };
  await approve(third.version, third.effectiveFrom);
  const all = [FIRST, { ...second, effectiveFrom: second.effectiveFrom - HOUR_MS }, third];
  expect(await decidedBy(await offerTo(replica(() => all)))).toEqual(['第二版']);
  expect(await decidedBy(await offerTo(replica(() => all, 2 * HOUR_MS)))).toEqual(['第二版']);
  const fourth = { version: '第四版', effectiveFrom: Date.now() - 1 };
  await approve(fourth.version, fourth.effectiveFrom);
  const now = [...all.slice(0, 2), fourth];
  expect(await decidedBy(await offerTo(replica(() => now, -HOUR_MS / 2)))).toEqual(['第四版']);
});

it('an entry that begins and one that ends hold by the time of the database, whatever the clock says', async () => {
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const match = { kinds: ['customs.*'] };
  const entry = { class: 'withheld', legalBasis: '法', owner: 'customs', match } satisfies Partial<Entry>;
  const title = { zh: '条目', en: 'Entry' };
  const list: NegativeList = {
    version: '第四版',
    effectiveFrom: '2026-01-01',
    entries: [
      { id: 'NL-1', title, ...entry, fields: ['/reference'], validFrom: at(-HOUR_MS / 4) },
      { id: 'NL-2', title, ...entry, fields: ['/kind'], validUntil: at(-HOUR_MS / 4) },
    ],
  };
  const inForce: ListInForce = {
    ...own.gateway.listInForce(Date.now())!,
    version: list.version,
    effectiveFrom: 0,
    compiled: compileNegativeList(list, UNITS),
    turns: turnsOf(list, Infinity),
  };
  for (const skew of [0, -HOUR_MS / 2]) {
    const gateway = { ...own.gateway, now: () => Date.now() + skew, listInForce: () => inForce };
    const resultId = await offerTo(gateway);
    const [row] = await own.database.query<{ entries: string }[]>(
      `select jsonb_path_query_array(entry::jsonb, '$.withheld[*].entry')::text as entries from ledger where result_id = $1`,
      [resultId],
    );
    expect([skew, row!.entries]).toEqual([skew, '["NL-1"]']);
  }
});
