import {
  type DecisionStatement,
  type GrantEndRecord,
  type GrantRecord,
  type LedgerRecord,
  type ListRecord,
  validateGatewayEvidence,
} from '@clearance/contracts';
import {
  CHAIN_START,
  chainHash,
  chainOf,
  listRecordOf,
  recordHash,
  signStatement,
  statementDigest,
} from '@clearance/provenance';
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

describe('the evidence of what was shown under grants', () => {
  const GRANTS = [1, 2].map((number) => `019aa5a1-7c5b-7000-8000-00000000a00${number}`) as [string, string];
  const at = (second: number): string => new Date(NOW + second * 1_000).toISOString();
  const grant: GrantRecord['grant'] = {
    about: { issuer: 'ln.customs', kinds: ['customs.scan'], since: at(0) },
    ...{ paths: ['/goods/*/value'], purpose: 'risk-assessment', until: at(900) },
  };
  const decided = (requestId: string): DecisionStatement => ({
    ...{ type: 'access-decision', requestId, request: 'R'.repeat(43), owner: 'ln.customs', requester: 'jl.customs' },
    ...{ decision: 'granted', by: 'owner', grant, decidedAt: at(0) },
  });
  /** Whose key it is does not matter here: nothing is verified by the gateway that gives it. */
  const signed = (requestId: string) => signStatement(decided(requestId), GATEWAY_KEY);
  const granted = (requestId: string): GrantRecord => ({
    ...{ type: 'grant', requestId, owner: 'ln.customs', requester: 'jl.customs', grant, receivedAt: at(1) },
    ...{ decision: statementDigest(decided(requestId)), signature: signed(requestId).signature },
  });
  const revocation = signStatement(
    {
      ...{ type: 'access-revocation', requestId: GRANTS[1], decision: statementDigest(decided(GRANTS[1])) },
      ...{ owner: 'ln.customs', requester: 'jl.customs', reason: '案件已结', revokedAt: at(9) },
    },
    GATEWAY_KEY,
  );
  const ended: GrantEndRecord = {
    ...{ type: 'grant-end', requestId: GRANTS[1], reason: 'revoked', receivedAt: at(10) },
    ...{ revocation: statementDigest(revocation.statement), signature: revocation.signature },
  };
  const store = (requestId: string, said: { decision?: object; revocation?: object }): Promise<unknown> =>
    own.database.query(
      `insert into access_request (request_id, requester, owner, state, purpose, requested_at, received_at, due_at,
         remind_at, request, decision, revocation)
       values ($1, 'jl.customs', 'ln.customs', 'granted', 'risk-assessment', now(), now(), now(), now(), '{}', $2, $3)`,
      [
        requestId,
        ...[said.decision, said.revocation].map((each) => (each === undefined ? null : JSON.stringify(each))),
      ],
    );
  const under = (...grants: string[]) => shown(1, { version: 2, consumers: ['jl.customs'], grants });

  it('has their rows, each with its own way to a signed head, and what the owner has said of them', async () => {
    await append(granted(GRANTS[0]));
    await sign();
    await append(shown(3), granted(GRANTS[1]), under(...GRANTS));
    await sign();
    await append(ended);
    for (const requestId of GRANTS) await store(requestId, { decision: signed(requestId) });
    await own.database.query('update access_request set revocation = $2 where request_id = $1', [
      GRANTS[1],
      JSON.stringify(revocation),
    ]);
    // How it ended belongs to it too, and is not signed yet.
    expect(await ask(1)).toMatchObject({ ok: false, problem: { code: 'not-ready' } });
    await sign();
    const outcome = await ask(1);
    if (!outcome.ok) throw new Error(outcome.problem.code);
    expect(validateGatewayEvidence(outcome.value)).toMatchObject({ ok: true });
    const { ledger, grants = [] } = outcome.value;
    expect(ledger).toMatchObject({ sequence: 7, entry: under(...GRANTS), head: { sequence: 7 } });
    expect(grants.map(({ ledger: { sequence, entry, head } }) => [sequence, entry, head.sequence])).toEqual([
      [4, granted(GRANTS[0]), 4],
      [6, granted(GRANTS[1]), 7],
    ]);
    expect(grants.map(({ decision }) => decision)).toEqual(GRANTS.map(signed));
    expect(grants.map(({ end }) => end && [end.ledger.sequence, end.ledger.entry, end.revocation])).toEqual([
      undefined,
      [8, ended, revocation],
    ]);
    for (const row of [ledger, ...grants.flatMap(({ ledger: of, end }) => [of, ...(end ? [end.ledger] : [])])]) {
      const { previous, entry, following, head } = row;
      expect(chainOf(chainHash(previous, recordHash(entry as LedgerRecord)), following)).toBe(head.hash);
    }
  });

  it('has no grants where none was used, though there are some', async () => {
    await append(granted(GRANTS[0]));
    await sign();
    const outcome = await ask(1);
    expect(outcome).toMatchObject({ ok: true });
    expect(outcome.ok && outcome.value).not.toHaveProperty('grants');
  });

  const decision = signed(GRANTS[0]);
  it.each<[string, LedgerRecord[], Parameters<typeof store>[1] | undefined]>([
    ['a grant is not in the ledger', [under(GRANTS[0])], { decision }],
    ['a grant stands after what was shown', [under(GRANTS[0]), granted(GRANTS[0])], { decision }],
    ['only its end is in the ledger', [{ ...ended, requestId: GRANTS[0] }, under(GRANTS[0])], { decision }],
    ['the request is gone', [granted(GRANTS[0]), under(GRANTS[0])], undefined],
    ['what the owner said is gone', [granted(GRANTS[0]), under(GRANTS[0])], {}],
    [
      'what the owner said is something else',
      [granted(GRANTS[0]), under(GRANTS[0])],
      { decision: { ...decision, x: 1 } },
    ],
    [
      'what the owner said to take it back is gone',
      [granted(GRANTS[0]), under(GRANTS[0]), { ...ended, requestId: GRANTS[0] }],
      { decision },
    ],
  ])('is refused when %s', async (_what, records, said) => {
    await append(...records);
    await sign();
    if (said) await store(GRANTS[0], said);
    expect(await ask(1)).toMatchObject({ ok: false, problem: { code: 'conflict' } });
  });
});
