import { appendLedger } from '../append-ledger.ts';
import {
  disclosure,
  GATEWAY_KEY,
  GATEWAY_RING,
  ledgerDatabase,
  type LedgerDatabase,
} from '../ledger-database.fixture.ts';
import { signNextHead } from '../sign-heads.ts';
import { type HeadsOfLedger, readHeads } from './read-heads.ts';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');
let own: LedgerDatabase;
beforeAll(async () => {
  own = await ledgerDatabase();
}, 60_000);
afterAll(() => own?.drop(), 60_000);
beforeEach(() => own.empty());

const append = (number: number): Promise<void> =>
  own.database.transaction((transaction) => appendLedger(transaction, [disclosure(number)]));
const sign = (at: number) => signNextHead(own.database, GATEWAY_KEY, undefined, at);
const read = (page: { limit?: number; before?: number } = {}): Promise<HeadsOfLedger> =>
  readHeads(own.database, GATEWAY_RING, { limit: 20, before: undefined, ...page });

async function appendAndSign(count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    await append(number);
    await sign(NOW + number);
  }
}

describe('the heads of the ledger, as they are told', () => {
  it('are none of a ledger that is empty', async () => {
    expect(await read()).toEqual({ end: null, unsigned: 0, heads: [] });
  });

  it('say how far the ledger is signed, the newest first', async () => {
    await appendAndSign(2);
    await append(3);
    const { end, unsigned, heads } = await read();
    expect([end?.sequence, unsigned]).toEqual([3, 1]);
    expect(heads.map(({ sequence, keyId, verified, stands }) => [sequence, keyId, verified, stands])).toEqual([
      [2, 'gateway/1', true, true],
      [1, 'gateway/1', true, true],
    ]);
  });

  it('are told page by page', async () => {
    await appendAndSign(3);
    const first = await read({ limit: 2 });
    const second = await read({ limit: 2, before: first.next! });
    expect([first, second].map(({ heads, next }) => [heads.map(({ sequence }) => sequence), next])).toEqual([
      [[3, 2], 2],
      [[1], undefined],
    ]);
  });

  it('do not hold by a key that is not believed', async () => {
    await appendAndSign(1);
    const { heads } = await readHeads(own.database, new Map(), { limit: 1, before: undefined });
    expect(heads).toMatchObject([{ sequence: 1, keyId: null, verified: false, stands: true }]);
  });

  it.each([
    ['changed', `update ledger set hash = repeat('0', 64) where sequence = 1`],
    ['taken away', 'delete from ledger where sequence = 1'],
  ])('do not stand where what was signed was %s', async (_what, statement) => {
    await appendAndSign(2);
    await own.tamper(statement);
    const { heads } = await read();
    expect(heads.map(({ sequence, verified, stands }) => [sequence, verified, stands])).toEqual([
      [2, true, true],
      [1, true, false],
    ]);
  });
});
