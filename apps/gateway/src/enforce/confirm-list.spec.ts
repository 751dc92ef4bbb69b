import { randomUUID } from 'node:crypto';
import type { UnitId } from '@clearance/contracts';
import { listRecordOf } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { appendLedger } from '../ledger/append-ledger.ts';
import type { ListInForce } from '../lists/list-in-force.ts';
import { ListOutdated } from './confirm-list.ts';
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
        newest && ({ ...newest, record: 'record', signature: { keyId: '', at: 0 }, compiled } satisfies ListInForce)
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
  await expect(offerTo(replica(() => [FIRST]))).rejects.toThrow(ListOutdated);
  expect(await own.database.query('select count(*) from ledger')).toEqual(before);
});

it('whose clock is ahead decides nothing by a list before its time, and whose clock is behind nothing after it', async () => {
  const second = { version: '第二版', effectiveFrom: Date.now() - 1 };
  const third = { version: '第三版', effectiveFrom: Date.now() + HOUR_MS };
  await approve(third.version, third.effectiveFrom);
  const all = [FIRST, { ...second, effectiveFrom: second.effectiveFrom - HOUR_MS }, third];
  expect(await decidedBy(await offerTo(replica(() => all)))).toEqual(['第二版']);
  await expect(offerTo(replica(() => all, 2 * HOUR_MS))).rejects.toThrow(ListOutdated);
  const fourth = { version: '第四版', effectiveFrom: Date.now() - 1 };
  await approve(fourth.version, fourth.effectiveFrom);
  await expect(offerTo(replica(() => [...all.slice(0, 2), fourth], -HOUR_MS / 2))).rejects.toThrow(ListOutdated);
});
