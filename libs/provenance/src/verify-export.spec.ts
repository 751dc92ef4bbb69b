import type { ExportLine, LedgerSelection, SignedHead } from '@clearance/contracts';
import { MAX_SKIPPED } from '@clearance/contracts';
import { signHead } from './ledger-head.ts';
import { CHAIN_START, rowHash } from './ledger.ts';
import { disclosureAt, headOf, LEDGER_RING, listAt, POLICY, rowsOf } from './ledger.fixture.ts';
import { selects } from './select-record.ts';
import { type ExportVerification, verifyExport } from './verify-export.ts';
import type { LedgerRecord } from '@clearance/contracts';

const withheld = [{ path: '/goods/0/value', entry: 'NL-009', legalBasis: '第一条', access: 'none' as const }];
const { record: list } = listAt('1', 0);
/** A list and twenty disclosures; every fifth was withheld from, and given to somebody else than the others. */
const RECORDS: LedgerRecord[] = [
  list,
  ...Array.from({ length: 20 }, (_, index) =>
    disclosureAt(index + 1, list, index % 5 === 0 ? { withheld, consumers: ['hl.border'] } : {}),
  ),
];
const ROWS = rowsOf(RECORDS);
const HEAD = headOf(ROWS.at(-1)!);

/** An export of the ledger as the gateway would write it: the rows from `first` to `last`, and on to the head. */
function exported(selection: LedgerSelection, range = { first: 1, last: 18 }, complete = false): ExportLine[] {
  const { first, last } = range;
  const lines: ExportLine[] = [
    {
      ...{ type: 'export', apiVersion: 'clearance/v1', selection, complete, ...range },
      previous: ROWS[first - 2]?.hash ?? CHAIN_START,
    },
  ];
  let rows = 0;
  for (const { sequence, entry: text, hash } of ROWS.slice(first - 1)) {
    const entry = JSON.parse(text) as LedgerRecord;
    const asked = sequence <= last && selects(selection, sequence, entry);
    if (asked) rows += 1;
    if (asked || (complete && sequence <= last)) lines.push({ type: asked ? 'row' : 'other', sequence, hash, entry });
    else
      lines.push({ type: 'skipped', sequence, count: 1, hashes: Buffer.from(rowHash(text), 'hex').toString('base64') });
  }
  return [...lines, { type: 'head', rows, unsigned: 0, head: HEAD }];
}

const verified = (lines: readonly unknown[], witnesses: SignedHead[] = []): ExportVerification => {
  const reader = verifyExport(LEDGER_RING);
  for (const line of lines) {
    reader.line(typeof line === 'string' ? line : JSON.stringify(line));
    for (const head of witnesses) reader.witness(head, 'witness ln.customs');
  }
  return reader.end();
};
const codes = (lines: readonly unknown[], witnesses: SignedHead[] = []): string[] =>
  verified(lines, witnesses).findings.map(({ code, line, sequence }) => `${line} ${code} ${sequence ?? ''}`.trim());

const ALL = { first: 1, last: 18 };
const ENTRY = { entry: 'NL-009' };

describe('an export of the ledger', () => {
  it.each<[string, LedgerSelection, boolean, object]>([
    ['of a range', ALL, false, { proves: 'range', rows: 18, others: 0, skipped: 0 }],
    ['of a selection', ENTRY, false, { proves: 'places', rows: 4, others: 0, skipped: 14 }],
    ['of a selection, complete', ENTRY, true, { proves: 'selection', rows: 4, others: 14, skipped: 0 }],
    [
      'of a unit in a period',
      { consumer: 'hl.border', from: '2026-11-21T08:00:06.000Z', to: '2026-11-21T08:00:11.000Z' },
      false,
      { proves: 'places', rows: 1 },
    ],
  ])('%s holds, and says what it proves', (_what, selection, complete, expected) => {
    const result = verified(exported(selection, ALL, complete));
    expect(result).toMatchObject({ ok: true, findings: [], more: 0, range: ALL, head: HEAD, ...expected });
  });

  it('from a row in the middle holds by the hash of the row before', () => {
    const range = { first: 7, last: 9 };
    expect(verified(exported(range, range))).toMatchObject({ ok: true, proves: 'range', rows: 3, range });
  });

  it('of nothing holds as such', () => {
    const { sequence, hash } = HEAD;
    const header = { type: 'export', apiVersion: 'clearance/v1', selection: ENTRY, complete: false };
    const lines = [
      { ...header, first: sequence + 1, last: sequence, previous: hash },
      { type: 'head', rows: 0, unsigned: 3, head: HEAD },
    ];
    expect(verified(lines)).toMatchObject({ ok: true, rows: 0, unsigned: 3 });
  });

  const changed = (change: (lines: ExportLine[]) => unknown[], selection: LedgerSelection = ALL, complete = false) =>
    codes(change(exported(selection, ALL, complete)));
  const row = (lines: readonly ExportLine[], at: number) => lines[at] as Extract<ExportLine, { type: 'row' }>;

  it.each<[string, string[], () => string[]]>([
    // Line 1 is the header, so row n stands on line n + 1.
    [
      'a row is left out',
      ['4 out-of-place 4', '4 row-altered 4', '22 count-differs'],
      () => changed((lines) => lines.toSpliced(3, 1)),
    ],
    [
      'a row is altered',
      ['4 row-altered 3'],
      () =>
        changed((lines) =>
          lines.with(3, { ...row(lines, 3), entry: { ...row(lines, 3).entry, issuer: 'jl.customs' } as LedgerRecord }),
        ),
    ],
    [
      'a row is altered, and its hash with it',
      ['4 row-altered 3', '5 row-altered 4'],
      () =>
        changed((lines) => {
          const [forged] = rowsOf([{ ...row(lines, 3).entry, kind: 'x' } as LedgerRecord], {
            sequence: 2,
            hash: row(lines, 2).hash,
          });
          const entry = JSON.parse(forged!.entry) as LedgerRecord;
          return lines.with(3, { ...row(lines, 3), entry, hash: '0'.repeat(64) });
        }),
    ],
    [
      'everything from a row on is chained anew',
      ['23 head-mismatch 21'],
      () =>
        changed((lines) => {
          const records = RECORDS.with(2, { ...(RECORDS[2] as object), kind: 'x' } as LedgerRecord);
          const forged = rowsOf(records);
          return lines.map((line) => {
            if (line.type !== 'row') return line;
            const { entry, hash } = forged[line.sequence - 1]!;
            return { ...line, entry: JSON.parse(entry) as LedgerRecord, hash };
          });
        }),
    ],
    [
      'two rows are swapped',
      [
        '4 out-of-place 4',
        '4 row-altered 4',
        '5 out-of-place 3',
        '5 row-altered 3',
        '6 out-of-place 5',
        '6 row-altered 5',
      ],
      () => changed((lines) => lines.with(3, lines[4]!).with(4, lines[3]!)).slice(0, 6),
    ],
    [
      'two rows are swapped, with their numbers',
      ['4 row-altered 3', '5 row-altered 4', '6 row-altered 5'],
      () =>
        changed((lines) => lines.with(3, { ...row(lines, 4), sequence: 3 }).with(4, { ...row(lines, 3), sequence: 4 })),
    ],
    [
      'the head is another one of the same gateway',
      ['23 head-mismatch 12'],
      () => changed((lines) => lines.with(-1, { type: 'head', rows: 18, unsigned: 0, head: headOf(ROWS[11]!) })),
    ],
    [
      'the head is signed by somebody else',
      ['23 head-invalid 21'],
      () =>
        changed((lines) => {
          const { sequence, hash, at } = HEAD;
          return lines.with(-1, {
            type: 'head',
            rows: 18,
            unsigned: 0,
            head: signHead({ sequence, hash, at }, POLICY),
          });
        }),
    ],
    ['the last line is missing', ['22 truncated'], () => changed((lines) => lines.slice(0, -1))],
    ['it is empty', ['0 truncated'], () => codes([])],
    ['a line is no JSON', ['4 not-json'], () => changed((lines) => lines.toSpliced(3, 0, 'x' as never))],
    [
      'a line is none of an export',
      ['4 malformed'],
      () => changed((lines) => lines.toSpliced(3, 0, { type: 'x' } as never)),
    ],
    ['something follows the head', ['24 out-of-place'], () => changed((lines) => [...lines, lines[2]])],
    [
      'a row of a range stands as its hash only',
      ['4 out-of-place 3', '23 count-differs'],
      () =>
        changed((lines) => {
          const hashes = Buffer.from(rowHash(ROWS[2]!.entry), 'hex').toString('base64');
          return lines.with(3, { type: 'skipped', sequence: 3, count: 1, hashes });
        }),
    ],
    [
      'a row that was asked for stands as another one',
      ['3 selected-as-other 2', '23 count-differs'],
      () => changed((lines) => lines.with(2, { ...row(lines, 2), type: 'other' } as ExportLine), ENTRY, true),
    ],
    [
      'a row that was not asked for stands as one that was',
      ['4 not-selected 3', '23 count-differs'],
      () => changed((lines) => lines.with(3, { ...row(lines, 3), type: 'row' } as ExportLine), ENTRY, true),
    ],
    [
      'a selected row stands as its hash in a complete export',
      ['3 out-of-place 2', '23 count-differs'],
      () =>
        changed(
          (lines) => {
            const hashes = Buffer.from(rowHash(ROWS[1]!.entry), 'hex').toString('base64');
            return lines.with(2, { type: 'skipped', sequence: 2, count: 1, hashes });
          },
          ENTRY,
          true,
        ),
    ],
    [
      'more hashes are left out than one line may have',
      ['2 malformed'],
      () =>
        changed((lines) => [
          lines[0],
          { type: 'skipped', sequence: 1, count: MAX_SKIPPED + 1, hashes: 'AAAA' },
          ...lines.slice(1),
        ]),
    ],
  ])('is found out when %s', (_what, expected, found) => {
    expect(found()).toEqual(expected);
  });

  it('is not found out when a selection leaves a row out as its hash, and does not claim that it would be', () => {
    const lines = exported(ENTRY);
    const hashes = Buffer.from(rowHash(ROWS[1]!.entry), 'hex').toString('base64');
    const less = lines
      .with(2, { type: 'skipped', sequence: 2, count: 1, hashes })
      .with(-1, { type: 'head', rows: 3, unsigned: 0, head: HEAD });
    expect(verified(less)).toMatchObject({ ok: true, proves: 'places', rows: 3 });
  });

  it('is compared with the heads that units keep, of rows that stand in it and of those that do not', () => {
    const kept = [ROWS[3]!, ROWS[9]!, ROWS[20]!].map((one) => headOf(one));
    expect(verified(exported(ENTRY), kept)).toMatchObject({ ok: true, witnessed: 3 });
    const other = rowsOf(RECORDS.with(2, disclosureAt(2, list, { kind: 'x' })));
    expect(codes(exported(ENTRY), [headOf(other[9]!)])).toEqual(['11 head-contradicted 10']);
    const unsigned = { ...kept[0]!, at: '2026-11-21T09:00:00.000Z' };
    expect(codes(exported(ENTRY), [unsigned])).toEqual(['5 head-invalid 4']);
  });
});
