import type { ListRecord } from '@clearance/contracts';
import { CHAIN_START, chainHash, chainOf, listRecordOf, recordHash } from '@clearance/provenance';
import { appendLedger } from './append-ledger.ts';
import { findEvidence } from './find-evidence.ts';
import { disclosure, GATEWAY_KEY, ledgerDatabase, type LedgerDatabase } from './ledger-database.fixture.ts';
import { signNextHead } from './sign-heads.ts';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');
const DOCUMENT = '清单 version: "2026.11-1"\n';
const LIST: ListRecord = listRecordOf({
  version: '2026.11-1',
  document: DOCUMENT,
  signature: 'x..y',
  effectiveFrom: NOW - 1,
  receivedAt: NOW - 1,
  authors: ['drafter'],
  approvedBy: 'approver',
});
const shown = (number: number, changes = {}) => disclosure(number, { listRecord: recordHash(LIST), ...changes });

let own: LedgerDatabase;
beforeAll(async () => {
  own = await ledgerDatabase();
}, 60_000);
afterAll(() => own?.drop(), 60_000);
beforeEach(async () => {
  await own.empty();
  await own.database.query(
    `insert into negative_list values ('2026.11-1', $1, 'x..y', now(), now(), '{drafter}', 'approver')`,
    [DOCUMENT],
  );
  await own.database.transaction((transaction) => appendLedger(transaction, [LIST, shown(1), shown(2)]));
});
const append = (...records: Parameters<typeof appendLedger>[1]): Promise<void> =>
  own.database.transaction((transaction) => appendLedger(transaction, records));
const sign = () => signNextHead(own.database, GATEWAY_KEY, undefined, NOW);
const ask = (number: number, more = {}) =>
  findEvidence(own.database, { resultId: shown(number).resultId, consumer: 'jl.customs', ...more });

describe('the evidence of a disclosure', () => {
  it('leads from its entry to the next signed head by the hashes of rows alone', async () => {
    await append(shown(3));
    await sign();
    await append(shown(4));
    await sign();
    const outcome = await ask(1);
    if (!outcome.ok) throw new Error(outcome.problem.code);
    const { ledger, list } = outcome.value;
    expect(list).toEqual({ record: LIST, document: DOCUMENT });
    expect([ledger.sequence, ledger.head.sequence]).toEqual([2, 4]);
    expect(ledger.entry).toEqual(shown(1));
    expect(ledger.previous).toBe(chainHash(CHAIN_START, recordHash(LIST)));
    expect(ledger.following).toEqual([shown(2), shown(3)].map(recordHash));
    expect(chainOf(chainHash(ledger.previous, recordHash(ledger.entry)), ledger.following)).toBe(ledger.head.hash);
    expect(JSON.stringify(ledger)).not.toContain(shown(3).resultId);
  });

  it('of an entry that is itself the head has nothing in between', async () => {
    await sign();
    const outcome = await ask(2);
    expect(outcome).toMatchObject({ ok: true, value: { ledger: { following: [], head: { sequence: 3 } } } });
  });

  it('is of the newest version, of the version asked for, or of the view asked for', async () => {
    await append(shown(1, { version: 2 }), shown(1, { version: 2, tokenDigest: 'B'.repeat(43) }));
    await sign();
    const sequenceOf = async (more: object): Promise<unknown> => {
      const outcome = await ask(1, more);
      return outcome.ok ? outcome.value.ledger.sequence : outcome.problem.code;
    };
    expect(await sequenceOf({})).toBe(5);
    expect(await sequenceOf({ version: 1 })).toBe(2);
    expect(await sequenceOf({ tokenDigest: 'A'.repeat(43) })).toBe(4);
    expect(await sequenceOf({ version: 3 })).toBe('unknown');
    expect(await sequenceOf({ tokenDigest: 'C'.repeat(43) })).toBe('unknown');
    expect(await sequenceOf({ consumer: 'nm.border' })).toBe('unknown');
  });

  it('is there only when a head was signed', async () => {
    expect(await ask(1)).toMatchObject({ ok: false, problem: { code: 'not-ready' } });
    await sign();
    await append(shown(3));
    expect(await ask(3)).toMatchObject({ ok: false, problem: { code: 'not-ready' } });
    expect(await ask(9)).toMatchObject({ ok: false, problem: { code: 'unknown' } });
  });

  it.each([
    ['its list is gone', ['delete from negative_list']],
    ['the record of its list is gone', ['delete from ledger where sequence = 1']],
  ])('is refused when %s', async (_what, statements) => {
    await sign();
    await own.tamper(...statements);
    expect(await ask(1)).toMatchObject({ ok: false, problem: { code: 'conflict' } });
  });
});
