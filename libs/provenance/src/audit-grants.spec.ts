import type { DisclosureRecord, Grant, GrantEndRecord, GrantRecord, LedgerRecord } from '@clearance/contracts';
import fc from 'fast-check';
import { signStatement } from './access-statement.ts';
import { auditGrant, type AuditedGrant, forgetGrants, startGrants } from './audit-grants.ts';
import { type AuditedRow, auditLedger, grantsIn } from './audit-ledger.ts';
import { canonicalJson } from './content-digest.ts';
import { signDetached } from './detached-signature.ts';
import type { KeyRing } from './keys.ts';
import {
  at,
  disclosureAt,
  type FixtureGrant,
  grantAt,
  grantId,
  HEILONGJIANG,
  LEDGER_RING,
  LIAONING,
  listAt,
  micros,
  revokedAt,
  rowsOf,
  START,
} from './ledger.fixture.ts';

const LIST = listAt('2026.11-1', 0);
/** Received at second 10: result 20 of Liaoning's customs to Heilongjiang's, until second 910. */
const ONE = grantAt(1, 10);
const ENDED = revokedAt(ONE, 15);
const KEY_REVOKED: GrantEndRecord = {
  ...{ type: 'grant-end', requestId: grantId(1), reason: 'key-revoked', receivedAt: at(15) },
};
/** Standing: what Liaoning's customs scan. */
const SCANS = grantAt(2, 10, {
  grant: {
    ...(ONE.statement.grant as Grant),
    about: { issuer: 'ln.customs', kinds: ['customs.scan'], since: at(0), container: 'CSQU3054383' },
  },
});

/** Result 20, shown to Heilongjiang's customs under grants. */
const shown = (grants: number[], changes: Partial<DisclosureRecord> = {}): DisclosureRecord =>
  disclosureAt(20, LIST.record, { consumers: ['hl.customs'], grants: grants.map(grantId), ...changes });
const shownAt = (milliseconds: number): DisclosureRecord =>
  shown([1], { decidedAt: new Date(START + milliseconds).toISOString() });

interface Told {
  /** What the table `access_request` has. */
  stored?: readonly AuditedGrant[];
  ring?: KeyRing;
  pageSize?: number;
}

/** What an audit finds in a ledger of one list and these records: `grant-unknown ledger 3 1 detail`. */
function found(records: readonly LedgerRecord[], told: Told = {}): string[] {
  const { stored = [ONE.stored, SCANS.stored], ring = LEDGER_RING, pageSize = 2 } = told;
  const rows = rowsOf([LIST.record, ...records]);
  const audit = auditLedger(ring);
  for (let start = 0; start < rows.length; start += pageSize) {
    const page = rows.slice(start, start + pageSize);
    const named = new Set(grantsIn(page));
    audit.rows(
      page,
      [],
      stored.filter(({ requestId }) => named.has(requestId)),
    );
  }
  const { findings } = audit.end({ noted: rows.at(-1), heads: [], lists: [LIST.stored], grants: [] });
  return findings.map(({ code, where, sequence, grant, detail }) =>
    [code, where, sequence, grant?.slice(-3).replace(/^0+/, ''), detail].filter((part) => part !== undefined).join(' '),
  );
}

/** The keys, with Liaoning's revoked from a second on. */
const stolenFrom = (second: number): KeyRing =>
  new Map(LEDGER_RING).set('ln.customs/1', {
    ...LEDGER_RING.get('ln.customs/1')!,
    revokedAt: START + second * 1_000,
  });

describe('what was shown under a grant', () => {
  it.each<[string, LedgerRecord[], string[]]>([
    ['while it is in force', [ONE.record, shown([1])], []],
    ['under two', [ONE.record, SCANS.record, shown([1, 2])], []],
    ['without any', [ONE.record, shown([1], { grants: undefined as never })], []],
    // Row 1 is the list.
    ['before it was granted', [shown([1]), ONE.record], ['grant-unknown ledger 2 1']],
    ['that nobody gave', [ONE.record, shown([2])], ['grant-unknown ledger 3 2']],
    ['under one that is, and one that is none', [ONE.record, shown([1, 2])], ['grant-unknown ledger 3 2']],
    ['by a gateway whose clock is a little behind', [grantAt(1, 70).record, shownAt(10_000)], []],
    [
      'decided longer before it was received than clocks can differ',
      [grantAt(1, 70).record, shownAt(9_999)],
      ['grant-not-in-force ledger 3 1 receivedAt'],
    ],
    ['in its last millisecond', [ONE.record, shownAt(909_999)], []],
    ['when its time is over', [ONE.record, shownAt(910_000)], ['grant-not-in-force ledger 3 1 until']],
    ['after its owner took it back', [ONE.record, ENDED.record, shown([1])], ['grant-not-in-force ledger 4 1 end']],
    ['before its owner took it back', [ONE.record, shown([1]), ENDED.record], []],
    [
      'after its owner took it back, and dated before',
      [ONE.record, ENDED.record, shownAt(12_000)],
      ['grant-not-in-force ledger 4 1 end'],
    ],
    ['after its key was revoked', [ONE.record, KEY_REVOKED, shown([1])], ['grant-not-in-force ledger 4 1 end']],
    [
      'to somebody else',
      [ONE.record, shown([1], { consumers: ['jl.customs'] })],
      ['grant-of-another ledger 3 1 consumers'],
    ],
    [
      'to somebody else too',
      [ONE.record, shown([1], { consumers: ['hl.customs', 'jl.customs'] })],
      ['grant-of-another ledger 3 1 consumers'],
    ],
    ['of another issuer', [ONE.record, shown([1], { issuer: 'jl.customs' })], ['grant-of-another ledger 3 1 issuer']],
    [
      'of another result',
      [ONE.record, shown([1], { resultId: '019aa5a1-7c5b-7000-8000-000000000021' })],
      ['grant-of-another ledger 3 1 about'],
    ],
    ['of any version', [ONE.record, shown([1], { version: 7 })], []],
    [
      'of another version than the one that was granted',
      [
        grantAt(1, 10, {
          grant: { ...ONE.statement.grant!, about: { ...ONE.statement.grant!.about, version: 2 } as never },
        }).record,
        shown([1]),
      ],
      ['grant-of-another ledger 3 1 about'],
    ],
    [
      'of any result of the kinds that were granted',
      [SCANS.record, shown([2], { resultId: '019aa5a1-7c5b-7000-8000-000000000021' })],
      [],
    ],
    [
      'of another kind',
      [SCANS.record, shown([2], { kind: 'customs.examination' })],
      ['grant-of-another ledger 3 2 about'],
    ],
    [
      'of another kind to somebody else, long after',
      [SCANS.record, shown([2], { kind: 'customs.release', consumers: ['ln.border'], decidedAt: at(911) })],
      [
        'grant-of-another ledger 3 2 consumers',
        'grant-of-another ledger 3 2 about',
        'grant-not-in-force ledger 3 2 until',
      ],
    ],
  ])('%s', (_what, records, expected) => {
    // What the ledger has of the grant here is what its owner has signed.
    const stored = records.flatMap((record) => (record.type === 'grant' ? [signedAgain(record)] : []));
    const withEnd = stored.map((one) => (records.includes(ENDED.record) ? ENDED.stored : one));
    for (const pageSize of [1, 2, 50]) expect(found(records, { stored: withEnd, pageSize })).toEqual(expected);
  });

  it('is found wanting long after too, when the grant is remembered no more', () => {
    const late = shown([1], { decidedAt: at(2_000) });
    expect(found([ONE.record, late], { pageSize: 50 })).toEqual(['grant-not-in-force ledger 3 1 until']);
    expect(found([ONE.record, late, late], { pageSize: 3 })).toEqual([
      'grant-not-in-force ledger 3 1 until',
      'grant-unknown ledger 4 1',
    ]);
  });
});

/** What the table has of a grant of the fixture whose row this is. */
function signedAgain({ requestId, owner, requester, grant, receivedAt }: GrantRecord): AuditedGrant {
  const second = (Date.parse(receivedAt) - START) / 1_000;
  return grantAt(Number(requestId.slice(-3)), second, { owner, requester, grant }).stored;
}

describe('a grant in the ledger', () => {
  const standing = SCANS.statement.grant as Grant;
  const others = grantAt(1, 10, { grant: { ...standing, about: { ...standing.about, issuer: 'jl.customs' } } });
  const itself = grantAt(1, 10, { requester: 'ln.customs' });
  const over = grantAt(1, 10, { grant: { ...standing, until: at(10) } });
  const { revocation: _revocation, signature: _signature, ...unsaid } = ENDED.record;

  it.each<[string, LedgerRecord[], AuditedGrant, string[]]>([
    ['once', [ONE.record], ONE.stored, []],
    ['and its end', [ONE.record, ENDED.record], ENDED.stored, []],
    ['twice', [ONE.record, ONE.record], ONE.stored, ['grant-repeated ledger 3 1']],
    [
      'again after its owner took it back',
      [ONE.record, ENDED.record, ONE.record, shown([1])],
      ENDED.stored,
      ['grant-repeated ledger 4 1', 'grant-not-in-force ledger 5 1 end'],
    ],
    [
      'again when its time is over',
      [ONE.record, { ...ONE.record, receivedAt: at(911) }],
      ONE.stored,
      ['grant-repeated ledger 3 1'],
    ],
    [
      'again when nobody remembers it',
      [ONE.record, disclosureAt(2_000, LIST.record), { ...ONE.record, receivedAt: at(2_001) }],
      ONE.stored,
      ['grant-not-in-force ledger 4 1 until'],
    ],
    ['ended twice', [ONE.record, ENDED.record, ENDED.record], ENDED.stored, ['grant-repeated ledger 4 1 end']],
    ['only by its end', [ENDED.record], ENDED.stored, ['grant-unknown ledger 2 1']],
    ['after its time', [over.record], over.stored, ['grant-not-in-force ledger 2 1 until']],
    ['of what another has issued', [others.record], others.stored, ['grant-of-another ledger 2 1 owner']],
    ['to itself', [itself.record], itself.stored, ['grant-of-another ledger 2 1 owner']],
    [
      'taken back without a word of its owner',
      [ONE.record, unsaid],
      ENDED.stored,
      ['entry-malformed ledger 3 1 revocation'],
    ],
    [
      'ended for its key, with a word of its owner',
      [ONE.record, { ...ENDED.record, reason: 'key-revoked' }],
      ENDED.stored,
      ['entry-malformed ledger 3 1 revocation'],
    ],
  ])('%s', (_what, records, stored, expected) => {
    expect(found(records, { stored: [stored], pageSize: 1 })).toEqual(expected);
    if (!_what.includes('remembers')) expect(found(records, { stored: [stored], pageSize: 50 })).toEqual(expected);
  });
});

/** A signature with one character in its midst another one. */
function anotherThan(signature: string): string {
  const place = signature.lastIndexOf('.') + 10;
  return `${signature.slice(0, place)}${signature[place] === 'A' ? 'B' : 'A'}${signature.slice(place + 1)}`;
}

describe('what an owner has signed of a grant', () => {
  const decided = (grant: FixtureGrant): [LedgerRecord[], AuditedGrant] => [[grant.record], grant.stored];
  const row = (changes: Partial<GrantRecord>): LedgerRecord[] => [{ ...ONE.record, ...changes }];
  const wide: Grant = { ...ONE.record.grant, paths: ['/goods'] };
  const signed = signStatement(ONE.statement, LIAONING);
  const asFile = signDetached(Buffer.from(canonicalJson(ONE.statement)), LIAONING);
  const forged = { ...ONE.record, signature: anotherThan(ONE.record.signature) };
  const altered = 'grant-altered access_request 2 1';
  const invalid = 'grant-signature-invalid access_request 2 1';

  it.each<[string, LedgerRecord[], AuditedGrant | undefined, string[], KeyRing?]>([
    ['is as the ledger has it', ...decided(ONE), []],
    [
      'by a rule, in part',
      ...decided(grantAt(1, 10, { by: 'rule', rule: 'JL-1', decision: 'granted-in-part', reason: '仅限货值' })),
      [],
    ],
    ['is gone', row({}), undefined, ['grant-missing access_request 2 1 decision']],
    [
      'is gone from its request',
      row({}),
      { ...ONE.stored, decision: null },
      ['grant-missing access_request 2 1 decision'],
    ],
    ['is no JSON', row({}), { ...ONE.stored, decision: '{' }, ['grant-missing access_request 2 1 decision']],
    ['is no statement', row({}), { ...ONE.stored, decision: '{}' }, ['grant-missing access_request 2 1 decision']],
    ['is another statement', row({}), grantAt(1, 10, { grant: wide }).stored, [`${altered} decision`]],
    ['gives less than the ledger has', row({ grant: wide }), ONE.stored, [`${altered} grant`]],
    [
      'ends before what the ledger has',
      row({ grant: { ...ONE.record.grant, until: at(9_000) } }),
      ONE.stored,
      [`${altered} grant`],
    ],
    ['is to another unit', row({ requester: 'jl.customs' }), ONE.stored, [`${altered} requester`]],
    [
      'is of another unit',
      row({ owner: 'hl.inspection' }),
      ONE.stored,
      ['grant-of-another ledger 2 1 owner', `${altered} owner`],
    ],
    ['is a refusal', ...decided(grantAt(1, 10, { decision: 'refused', reason: '无关' })), [`${altered} grant`]],
    [
      'has another signature than the ledger has',
      row({}),
      { ...ONE.stored, decision: JSON.stringify({ ...signed, signature: forged.signature }) },
      [`${altered} signature`],
    ],
    [
      'has, as in the ledger, another signature',
      [forged],
      { ...ONE.stored, decision: JSON.stringify({ ...signed, signature: forged.signature }) },
      [`${invalid} signature-invalid`],
    ],
    ['is signed by the requester', ...decided(grantAt(1, 10, {}, HEILONGJIANG)), [`${invalid} wrong-owner`]],
    [
      'is signed as a file',
      row({ signature: asFile }),
      { ...ONE.stored, decision: JSON.stringify({ ...signed, signature: asFile }) },
      [`${invalid} malformed`],
    ],
    ['is signed by a key that nobody knows', ...decided(ONE), [`${invalid} unknown-key`], without('ln.customs/1')],
    ['is signed by a key that was revoked later', ...decided(ONE), [], stolenFrom(11)],
    [
      'is dated before its key was revoked, and came after that',
      ...decided(ONE),
      [`${invalid} key-revoked`],
      stolenFrom(10),
    ],
    ['is signed by a key that was revoked before', ...decided(ONE), [`${invalid} key-revoked`], stolenFrom(0)],
    [
      'is signed by a key that was revoked before, as became known later: the grant was ended',
      [ONE.record, shown([1]), { ...KEY_REVOKED, receivedAt: at(30) }],
      ONE.stored,
      [],
      stolenFrom(0),
    ],
    [
      'is not even signed by the key for which the grant was ended',
      [forged, KEY_REVOKED],
      { ...ONE.stored, decision: JSON.stringify({ ...signed, signature: forged.signature }) },
      [`${invalid} signature-invalid`],
      stolenFrom(0),
    ],
  ])('%s', (_what, records, stored, expected, ring = LEDGER_RING) => {
    expect(found(records, { stored: stored ? [stored] : [], ring })).toEqual(expected);
    // Long after the grant nothing else is found.
    const later = [...records, disclosureAt(3_000, LIST.record)];
    expect(found(later, { stored: stored ? [stored] : [], ring, pageSize: 1 })).toEqual(expected);
  });

  const another = revokedAt(ONE, 15, { reason: '另一理由' });
  const ofAnother = revokedAt(ONE, 15, { decision: 'X'.repeat(43) });
  const byRequester = revokedAt(ONE, 15, {}, HEILONGJIANG);
  it.each<[string, GrantEndRecord, AuditedGrant, string[]]>([
    ['is as the ledger has it', ENDED.record, ENDED.stored, []],
    ['is gone', ENDED.record, ONE.stored, ['grant-missing access_request 3 1 revocation']],
    ['is another one', ENDED.record, another.stored, ['grant-altered access_request 3 1 revocation']],
    ['takes back another decision', ofAnother.record, ofAnother.stored, ['grant-altered access_request 3 1 decision']],
    [
      'is signed by the requester',
      byRequester.record,
      byRequester.stored,
      ['grant-signature-invalid access_request 3 1 wrong-owner'],
    ],
  ])('to end it %s', (_what, record, stored, expected) => {
    expect(found([ONE.record, record], { stored: [stored] })).toEqual(expected);
  });

  it.each<[string, LedgerRecord[], AuditedGrant, string[]]>([
    ['a grant', [], ONE.stored, ['decision']],
    ['a grant that was taken back', [], ENDED.stored, ['decision', 'revocation']],
    ['that a grant was taken back', [ONE.record], ENDED.stored, ['revocation']],
    ['nothing that is stored', [ONE.record, ENDED.record], ENDED.stored, []],
    [
      'no refusal, which it need not have',
      [],
      grantAt(1, 10, { decision: 'refused', grant: undefined as never }).stored,
      [],
    ],
    ['no grant whose time was over long ago', [disclosureAt(2_000, LIST.record)], ONE.stored, []],
  ])('is missed in a ledger that does not have %s', (_what, records, stored, expected) => {
    const rows = rowsOf([LIST.record, ...records]);
    const audit = auditLedger(LEDGER_RING);
    audit.rows(rows, [], [stored]);
    const { findings } = audit.end({ noted: rows.at(-1), heads: [], lists: [LIST.stored], grants: [stored] });
    expect(findings.map(({ code, where, grant, detail }) => [code, where, grant, detail])).toEqual(
      expected.map((detail) => ['grant-unrecorded', 'access_request', grantId(1), detail]),
    );
  });
});

function without(kid: string): KeyRing {
  return new Map([...LEDGER_RING].filter(([name]) => name !== kid));
}

/** What happens to which of four grants, a minute after another; each holds for six. */
const histories = fc.array(
  fc.record({ act: fc.constantFrom('grant', 'end', 'show', 'show'), number: fc.integer({ min: 1, max: 4 }) }),
  { maxLength: 40 },
);

describe('an audit of any history of grants', () => {
  it('finds exactly the rows that no honest gateway writes', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 12 }), (history, pageSize) => {
        const records: LedgerRecord[] = [];
        const given = new Map<number, FixtureGrant & { until: number; ended: boolean }>();
        const wrong: number[] = [];
        history.forEach(({ act, number }, index) => {
          const second = (index + 1) * 60;
          const grant = given.get(number);
          const isOver = grant !== undefined && second >= grant.until;
          // The time of a grant ends without a row.
          if (act === 'end' && isOver) return;
          if (act === 'grant' ? grant !== undefined : grant === undefined || grant.ended || isOver) {
            wrong.push(records.length + 2);
          }
          if (act === 'show') records.push(shown([number], { decidedAt: at(second) }));
          else if (act === 'end') {
            records.push({ ...KEY_REVOKED, requestId: grantId(number), receivedAt: at(second) });
            if (grant) grant.ended = true;
          } else {
            const until = second + 360;
            const first = grant ?? {
              ...grantAt(number, second, { grant: { ...SCANS.record.grant, until: at(until) } }),
              ...{ until, ended: false },
            };
            given.set(number, first);
            records.push({ ...first.record, receivedAt: at(second) });
          }
        });
        const stored = [...given.values()].map((grant) => grant.stored);
        const rows = found(records, { stored, pageSize }).map((line) => Number(line.split(' ')[2]));
        expect([...new Set(rows)]).toEqual(wrong);
      }),
      { numRuns: 300 },
    );
  });

  it('remembers the grants whose time is not over, and no others', () => {
    const audit = startGrants(LEDGER_RING);
    const nothing = (): void => undefined;
    let most = 0;
    for (let second = 1; second <= 20_000; second += 10) {
      const { record } = ONE;
      const until = at(second + 100);
      const requestId = grantId(second);
      auditGrant(
        audit,
        { ...record, requestId, grant: { ...record.grant, until }, receivedAt: at(second) },
        1,
        undefined,
        nothing,
      );
      audit.latest = START + second * 1_000;
      forgetGrants(audit, nothing);
      most = Math.max(most, audit.recorded.size);
    }
    // One every ten seconds for a hundred seconds, and the minute by which clocks may differ.
    expect(most).toBe(17);
  });
});

describe('the grants of a page', () => {
  it('are those that its rows begin or end, whatever its columns say', () => {
    const rows = rowsOf([LIST.record, ONE.record, shown([2]), KEY_REVOKED, SCANS.record]);
    expect(grantsIn(rows)).toEqual([grantId(1), grantId(2)]);
    const altered = rows.map((row): AuditedRow => ({ ...row, resultId: null, decidedAt: micros(at(1)) }));
    expect(grantsIn(altered)).toEqual([grantId(1), grantId(2)]);
    expect(grantsIn([{ ...(rows[1] as AuditedRow), entry: '{"type":"grant"' }])).toEqual([]);
  });
});
