import fc from 'fast-check';
import { auditLedger, type AuditedRow, type AuditReport } from './audit-ledger.ts';
import type { AuditedHead } from './audit-heads.ts';
import type { AuditedList } from './audit-lists.ts';
import { canonicalJson } from './content-digest.ts';
import { LEDGER_FAULTS } from './ledger-findings.ts';
import { signHead } from './ledger-head.ts';
import { disclosureAt, GATEWAY, headOf, kept, LEDGER_RING, listAt, POLICY, rowsOf, START } from './ledger.fixture.ts';

const FIRST = listAt('2026.11-1', 0);
const SECOND = listAt('2026.11-2', 300);
const records = [
  FIRST.record,
  ...[1, 2, 3, 4].map((second) => disclosureAt(second, FIRST.record)),
  SECOND.record,
  ...[301, 302, 303, 304].map((second) => disclosureAt(second, SECOND.record)),
];
const rows = rowsOf(records);
/** Heads over the fourth, the eighth and the last of the ten rows, kept by the gateway and by two units. */
const signed = [3, 7, 9].map((index) => headOf(rows[index] as AuditedRow));
const KEEPERS = ['signed_head', 'witness ln.customs', 'witness jl.border'];
const heads = KEEPERS.flatMap((where) => signed.map((head) => kept(where, head)));
const last = rows[9] as AuditedRow;

interface Stored {
  rows: AuditedRow[];
  heads: AuditedHead[];
  noted: { sequence: number; hash: string } | undefined;
  lists: AuditedList[];
}
const whole: Stored = {
  rows,
  heads,
  noted: { sequence: 10, hash: last.hash },
  lists: [FIRST.stored, SECOND.stored],
};

function audit(stored: Stored, pageSize = 3): AuditReport {
  const auditing = auditLedger(LEDGER_RING);
  let before = 0;
  for (let start = 0; start < stored.rows.length; start += pageSize) {
    const page = stored.rows.slice(start, start + pageSize);
    const upTo = (page.at(-1) as AuditedRow).sequence;
    auditing.rows(
      page,
      stored.heads.filter(({ sequence }) => sequence > before && sequence <= upTo),
      [],
    );
    before = upTo;
  }
  return auditing.end({ ...stored, grants: [], heads: stored.heads.filter(({ sequence }) => sequence > before) });
}
const found = (stored: Partial<Stored>, pageSize?: number): string[] =>
  audit({ ...whole, ...stored }, pageSize).findings.map(({ code, where, from, sequence, list, detail }) =>
    [code, where, from === undefined ? '' : `${from}-${sequence}`, from === undefined ? sequence : '', list, detail]
      .filter((part) => part !== undefined && part !== '')
      .join(' '),
  );
const change = (index: number, changes: Partial<AuditedRow>): AuditedRow[] =>
  rows.with(index, { ...(rows[index] as AuditedRow), ...changes });
const otherwise = (index: number, changes: object): string => canonicalJson({ ...records[index], ...changes });

/** What an operator does who wants to leave no trace: the rows from one on written anew, every hash and the end too. */
function rewritten(index: number): Stored {
  const changed = records.with(index, disclosureAt(index, FIRST.record, { consumers: ['hl.customs'] }));
  const anew = rowsOf(changed);
  const end = anew.at(-1) as AuditedRow;
  return { ...whole, rows: anew, noted: { sequence: end.sequence, hash: end.hash } };
}

describe('an audit of a ledger', () => {
  it.each([1, 3, 10, 50])('finds nothing in one that was only added to, in pages of %i', (pageSize) => {
    expect(audit(whole, pageSize)).toEqual({
      rows: 10,
      end: { sequence: 10, hash: last.hash },
      confirmed: 10,
      heads: Object.fromEntries(KEEPERS.map((where) => [where, 3])),
      findings: [],
      more: 0,
    });
  });

  it('finds nothing in an empty one, and says what no head confirms yet', () => {
    expect(found({ rows: [], heads: [], noted: undefined, lists: [] })).toEqual([]);
    const unsigned = { ...whole, heads: heads.filter(({ sequence }) => sequence < 10) };
    expect(audit(unsigned)).toMatchObject({ findings: [], confirmed: 8 });
  });

  it.each<[string, Partial<Stored>, string[]]>([
    [
      'an entry changed',
      { rows: change(2, { entry: otherwise(2, { consumers: ['hl.customs'] }) }) },
      ['row-altered ledger 3'],
    ],
    ['white space in an entry', { rows: change(2, { entry: `${rows[2]?.entry} ` }) }, ['row-altered ledger 3']],
    ['a hash changed', { rows: change(2, { hash: '0'.repeat(64) }) }, ['row-altered ledger 3']],
    [
      'two hashes changed, one after the other',
      { rows: change(1, { hash: '0'.repeat(64) }).with(2, { ...(rows[2] as AuditedRow), hash: '1'.repeat(64) }) },
      ['row-altered ledger 2', 'row-altered ledger 3'],
    ],
    [
      'the hash of a signed row changed',
      { rows: change(3, { hash: '0'.repeat(64) }) },
      ['row-altered ledger 4', ...KEEPERS.map((where) => `head-contradicted ${where} 1-4`)],
    ],
    [
      'a result id',
      { rows: change(2, { resultId: '019aa5a1-7c5b-7000-8000-000000000009' }) },
      ['column-altered ledger 3 result_id'],
    ],
    ['a result id taken out', { rows: change(2, { resultId: null }) }, ['column-altered ledger 3 result_id']],
    ['a version', { rows: change(2, { version: 2 }) }, ['column-altered ledger 3 version']],
    [
      'a time, by a microsecond',
      { rows: change(2, { decidedAt: '2026-11-21T08:00:02.000001Z' }) },
      ['column-altered ledger 3 decided_at'],
    ],
    ['columns of a list', { rows: change(5, { version: 1 }) }, ['column-altered ledger 6 version']],
    [
      'an entry that is none',
      { rows: change(2, { entry: '{}' }) },
      ['row-altered ledger 3', 'entry-malformed ledger 3'],
    ],
    [
      'the first row gone',
      { rows: rows.slice(1) },
      [
        'row-missing ledger 1-1',
        ...['2', '3', '4', '5'].map((row) => `list-unknown ledger ${row} 2026.11-1`),
        'list-unrecorded negative_list 2026.11-1',
      ].toSorted(),
    ],
    ['a row in the middle gone', { rows: rows.toSpliced(2, 1) }, ['row-missing ledger 3-3']],
    [
      'two rows gone',
      { rows: rows.toSpliced(6, 2) },
      ['row-missing ledger 7-8', ...KEEPERS.map((where) => `head-contradicted ${where} 5-8`)],
    ],
    [
      'the last row gone',
      { rows: rows.slice(0, 9) },
      [...KEEPERS.map((where) => `cut-off ${where} 10-10`), 'end-altered ledger_head 10'],
    ],
    [
      'the last rows gone, and the end with them',
      { rows: rows.slice(0, 6), noted: { sequence: 6, hash: rows[5]?.hash as string } },
      [8, 10].flatMap((row) => KEEPERS.map((where) => `cut-off ${where} 7-${row}`)),
    ],
    [
      'two rows swapped',
      {
        rows: [
          ...rows.slice(0, 1),
          { ...(rows[2] as AuditedRow), sequence: 2 },
          { ...(rows[1] as AuditedRow), sequence: 3 },
          ...rows.slice(3),
        ],
      },
      ['row-altered ledger 2', 'row-altered ledger 3', 'row-altered ledger 4'],
    ],
    ['the noted end lower', { noted: { sequence: 9, hash: rows[8]?.hash as string } }, ['end-altered ledger_head 9']],
    [
      'the noted end with another hash',
      { noted: { sequence: 10, hash: '0'.repeat(64) } },
      ['end-altered ledger_head 10'],
    ],
    ['the noted end gone', { noted: undefined }, ['end-altered ledger_head 0']],
    [
      'the past written anew, with every hash and the end',
      rewritten(2),
      [4, 8, 10].flatMap((row) => KEEPERS.map((where) => `head-contradicted ${where} 1-${row}`)),
    ],
    [
      'the past written anew after the first head',
      rewritten(4),
      [8, 10].flatMap((row) => KEEPERS.map((where) => `head-contradicted ${where} 5-${row}`)),
    ],
  ])('finds %s, and where', (_what, stored, expected) => {
    expect(found(stored).toSorted()).toEqual(expected.toSorted());
    expect(found(stored, 1).toSorted()).toEqual(expected.toSorted());
  });

  it('finds the past written anew with the gateway’s own key, by the units alone', () => {
    const anew = rewritten(2);
    const own = [3, 7, 9].map((index) => kept('signed_head', headOf(anew.rows[index] as AuditedRow, index + 900)));
    const stored = { ...anew, heads: [...own, ...heads.filter(({ where }) => where !== 'signed_head')] };
    const report = found(stored);
    for (const row of [4, 8, 10]) {
      expect(report).toContain(`heads-forked signed_head, witness ln.customs, witness jl.border ${row}`);
    }
    expect(report.filter((one) => one.startsWith('head-contradicted witness'))).toHaveLength(6);
    expect(report.filter((one) => one.startsWith('head-contradicted signed_head'))).toEqual([]);
    // Without a witness nobody could tell.
    expect(found({ ...anew, heads: own })).toEqual([]);
  });

  it('finds that the past was written anew with other places of heads', () => {
    const anew = rewritten(2);
    const own = [4, 9].map((index) => kept('signed_head', headOf(anew.rows[index] as AuditedRow, index + 900)));
    const report = found({ ...anew, heads: [...own, kept('witness ln.customs', signed[1] as (typeof signed)[0])] });
    expect(report).toContain('heads-disordered witness ln.customs 8 5 @ 2026-11-21T08:15:04.000Z');
    expect(report).toContain('head-contradicted witness ln.customs 6-8');
    expect(report).toContain('signed-head-missing witness ln.customs 8');
  });

  const own = heads.filter(({ where }) => where === 'signed_head');
  const others = heads.filter(({ where }) => where !== 'signed_head');
  const [one, two] = own as [AuditedHead, AuditedHead];
  it.each<[string, AuditedHead[], string[]]>([
    ['taken away from the gateway', own.slice(1), ['signed-head-missing witness ln.customs, witness jl.border 4']],
    [
      'in another place',
      own.with(0, { ...one, sequence: 5 }),
      ['head-invalid signed_head 5 sequence', 'signed-head-missing witness ln.customs, witness jl.border 4'],
    ],
    [
      'with another text',
      own.with(0, { ...one, statement: one.statement.replace('"sequence":4', '"sequence":5') }),
      ['head-invalid signed_head 4 sequence', 'signed-head-missing witness ln.customs, witness jl.border 4'],
    ],
    [
      'that is no head',
      own.with(0, { ...one, statement: '' }),
      ['head-invalid signed_head 4 malformed', 'signed-head-missing witness ln.customs, witness jl.border 4'],
    ],
    [
      "with another one's signature",
      own.with(0, {
        ...one,
        statement: one.statement.replace(/"signature".*/, two.statement.slice(two.statement.indexOf('"signature"'))),
      }),
      ['head-invalid signed_head 4 signature-invalid', 'signed-head-missing witness ln.customs, witness jl.border 4'],
    ],
    [
      'signed by another key',
      own.with(0, kept('signed_head', signHead(signed[0] as (typeof signed)[0], POLICY))),
      ['head-invalid signed_head 4 wrong-owner', 'signed-head-missing witness ln.customs, witness jl.border 4'],
    ],
  ])('finds a head %s', (_what, changed, expected) => {
    expect(found({ heads: [...changed, ...others] }).toSorted()).toEqual(expected.toSorted());
  });

  it('finds a witness whose column says another hash than its statement', () => {
    const [first, ...more] = others as [AuditedHead, ...AuditedHead[]];
    expect(found({ heads: [...own, { ...first, hash: '0'.repeat(64) }, ...more] })).toEqual([
      'head-invalid witness ln.customs 4 hash',
    ]);
  });

  it.each<[string, AuditedList[], string[]]>([
    ['taken away', [FIRST.stored], ['list-missing negative_list 6 2026.11-2']],
    [
      'that the ledger does not have',
      [FIRST.stored, SECOND.stored, listAt('2026.11-9', 9).stored],
      ['list-unrecorded negative_list 2026.11-9'],
    ],
    [
      'with another text',
      [FIRST.stored, { ...SECOND.stored, document: `${SECOND.stored.document} ` }],
      [
        'list-altered negative_list 6 2026.11-2 document',
        'list-signature-invalid negative_list 2026.11-2 signature-invalid',
      ],
    ],
    [
      'with another signature',
      [FIRST.stored, { ...SECOND.stored, signature: FIRST.stored.signature }],
      [
        'list-altered negative_list 6 2026.11-2 signature',
        'list-signature-invalid negative_list 2026.11-2 signature-invalid',
      ],
    ],
    [
      'brought forward',
      [FIRST.stored, { ...SECOND.stored, effectiveFrom: FIRST.stored.effectiveFrom }],
      ['list-altered negative_list 6 2026.11-2 effective_from'],
    ],
    [
      'received earlier',
      [FIRST.stored, { ...SECOND.stored, receivedAt: FIRST.stored.receivedAt }],
      ['list-altered negative_list 6 2026.11-2 received_at'],
    ],
  ])('finds a list %s', (_what, lists, expected) => {
    expect(found({ lists }).toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ['a list that came later', disclosureAt(1, SECOND.record), 'list-unknown ledger 2 2026.11-2'],
    [
      'a list of another version',
      disclosureAt(1, FIRST.record, { listVersion: '2026.11-2' }),
      'list-unknown ledger 2 2026.11-2',
    ],
    [
      'a list before it began',
      disclosureAt(1, FIRST.record, { decidedAt: '2026-11-21T07:59:59.999Z' }),
      'list-not-in-force ledger 2 2026.11-1',
    ],
  ])('finds an entry that was decided by %s', (_what, record, expected) => {
    const ledger = rowsOf([FIRST.record, record]);
    expect(found({ rows: ledger, heads: [], noted: ledger[1], lists: [FIRST.stored] })).toEqual([expected]);
  });

  it('finds an entry that was decided by a list long after another had taken its place', () => {
    const decidedAt = (second: number): string[] => {
      const ledger = rowsOf([FIRST.record, SECOND.record, disclosureAt(second, FIRST.record)]);
      return found({ rows: ledger, heads: [], noted: ledger[2], lists: [FIRST.stored, SECOND.stored] });
    };
    expect(decidedAt(360)).toEqual([]);
    expect(decidedAt(361)).toEqual(['list-not-in-force ledger 3 2026.11-1']);
  });

  it('finds whatever character of whatever row is another', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 9 }),
        fc.constantFrom('entry', 'hash', 'decidedAt'),
        fc.nat(),
        (index, column, seed) => {
          const row = rows[index] as AuditedRow;
          const text = row[column as 'entry'];
          const place = seed % text.length;
          const altered = text.slice(0, place) + (text[place] === '0' ? '1' : '0') + text.slice(place + 1);
          const findings = audit({ ...whole, rows: change(index, { [column]: altered }) }).findings;
          expect(findings.map(({ sequence }) => sequence)).toContain(index + 1);
        },
      ),
    );
  });

  it('lists a bounded number of findings, and counts the others', () => {
    const many = rowsOf(Array.from({ length: 700 }, (_, second) => disclosureAt(second, FIRST.record)));
    const report = audit({ ...whole, rows: many, heads: [], noted: many.at(-1), lists: [] }, 100);
    expect([report.findings.length, report.more]).toEqual([500, 200]);
  });

  it('takes as long for the last row as for the first', () => {
    // With work that grew from row to row this would not end within the limit of a test.
    const many = rowsOf([FIRST.record, ...Array.from({ length: 30_000 }, () => disclosureAt(1, FIRST.record))]);
    expect(audit({ ...whole, rows: many, heads: [], noted: many.at(-1), lists: [FIRST.stored] }, 2_000)).toMatchObject({
      rows: 30_001,
      findings: [],
    });
  });

  it('names every fault in two languages', () => {
    expect(LEDGER_FAULTS).toHaveLength(25);
    const { message } = audit({ ...whole, noted: undefined }).findings[0] as AuditReport['findings'][0];
    expect([message.zh, message.en]).toEqual(['台账末端记录与末行不符', expect.stringContaining('end of the ledger')]);
  });

  it('reads heads by the gateway’s key only', () => {
    const forged = signHead(
      { sequence: 10, hash: last.hash, at: new Date(START).toISOString() },
      { ...GATEWAY, kid: 'x' },
    );
    expect(found({ heads: [...heads, kept('witness nm.customs', forged)] })).toEqual([
      'head-invalid witness nm.customs 10 unknown-key',
    ]);
  });
});
