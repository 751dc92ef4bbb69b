import type {
  DisclosureRecord,
  GrantEndRecord,
  GrantRecord,
  LedgerRecord,
  LedgerSelection,
  ListRecord,
  Withheld,
} from '@clearance/contracts';
import { canonicalJson, listRecordOf, selects, verifyExport } from '@clearance/provenance';
import fc from 'fast-check';
import { appendLedger } from '../append-ledger.ts';
import {
  disclosure,
  GATEWAY_KEY,
  GATEWAY_RING,
  ledgerDatabase,
  type LedgerDatabase,
} from '../ledger-database.fixture.ts';
import { signNextHead } from '../sign-heads.ts';
import { csvLines } from './export-csv.ts';
import { findExportRange } from './export-range.ts';
import { jsonLines } from './export-rows.ts';
import { findByTime, type FoundPage, MAX_LOOKED_THROUGH, readRange } from './find-rows.ts';
import { findWhoSaw } from './find-who-saw.ts';
import { findDisclosures } from '../find-disclosures.ts';
import { shownRow } from './rows-as-answers.ts';
import { decodeCursor, encodeCursor, type QuestionPlace } from './question-cursor.ts';
import { type AlikeRows, countWithheld, summariseWithheld } from './summarise-withheld.ts';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');
const at = (second: number): string => new Date(NOW + second * 1_000).toISOString();
const item = (path: string, entry: string, legalBasis = '《海关法》第六条'): Withheld => ({
  path,
  entry,
  legalBasis,
  access: 'none',
});
const LIST: ListRecord = listRecordOf({
  version: '2026.11-1',
  document: '清单',
  signature: 'x..y',
  effectiveFrom: NOW,
  receivedAt: NOW,
  authors: ['drafter'],
  approvedBy: 'approver',
});
const GRANTS = [1, 2].map((number) => `019aa5a1-7c5b-7000-8000-00000000a00${number}`) as [string, string];
const GRANT: GrantRecord = {
  ...{ type: 'grant', requestId: GRANTS[0], owner: 'ln.customs', requester: 'nm.customs' },
  grant: {
    about: { issuer: 'ln.customs', kinds: ['customs.scan', 'customs.release'], since: at(0) },
    ...{ paths: ['/goods/*/value'], purpose: 'risk-assessment', until: at(900) },
  },
  ...{ decision: 'D'.repeat(43), signature: 'x..y', receivedAt: at(0) },
};
const GRANT_END: GrantEndRecord = {
  ...{ type: 'grant-end', requestId: GRANTS[1], reason: 'key-revoked', receivedAt: at(0) },
};
/** Texts that would be found where they do not belong by whoever looks for them carelessly. */
const MISLEADING = `"entry":"NL-002", "issuer":"hl.customs" "jl.border" "${GRANTS[0]}"`;

/** Forty disclosures, two a second, not quite in the order of their times, as several gateways write them. */
const RECORDS: LedgerRecord[] = [
  LIST,
  GRANT,
  GRANT_END,
  ...Array.from({ length: 40 }, (_, index) =>
    disclosure(index + 1, {
      issuer: index % 3 === 0 ? 'hl.customs' : 'ln.customs',
      kind: index % 4 === 0 ? 'customs.examination' : 'customs.scan',
      listVersion: index < 20 ? '2026.11-1' : '2026.11-2',
      consumers: index % 2 === 0 ? ['hl.border', 'jl.border'] : ['nm.customs'],
      withheld: [
        ...(index % 5 === 0
          ? [item(`/goods/${index}/value`, 'NL-001', MISLEADING), item('/goods/0/value', 'NL-001')]
          : []),
        ...(index % 7 === 0 ? [item('', 'NL-002')] : []),
      ],
      ...(index % 4 === 1 ? { grants: index % 8 === 1 ? [GRANTS[0]] : GRANTS } : {}),
      decidedAt: at(Math.floor(index / 2) + (index % 6 === 0 ? 2 : 0)),
    }),
  ),
];

const PAGE = { limit: 100, start: undefined };

let own: LedgerDatabase;
beforeAll(async () => {
  own = await ledgerDatabase();
  await own.database.transaction((transaction) => appendLedger(transaction, RECORDS));
}, 60_000);
afterAll(() => own?.drop(), 60_000);

/** All pages of an answer, their cursors handed back and forth as a client does. */
async function everyPage(
  selection: LedgerSelection,
  limit: number,
  ask: (start: QuestionPlace | undefined) => Promise<FoundPage>,
): Promise<number[]> {
  const found: number[] = [];
  let start: QuestionPlace | undefined;
  do {
    const page: FoundPage = await ask(start);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    found.push(...page.rows.map(({ sequence }) => sequence));
    start = page.next && decodeCursor(encodeCursor(page.next, selection), selection);
    expect(start).toEqual(page.next);
  } while (start !== undefined);
  return found;
}

const selections: fc.Arbitrary<LedgerSelection> = fc.record(
  {
    consumer: fc.constantFrom('hl.border', 'jl.border', 'nm.customs', 'ln.customs'),
    entry: fc.constantFrom('NL-001', 'NL-002', 'NL-003'),
    grant: fc.constantFrom(...GRANTS, '019aa5a1-7c5b-7000-8000-00000000a003'),
    issuer: fc.constantFrom('hl.customs', 'ln.customs'),
    kind: fc.constantFrom('customs.scan', 'customs.examination', 'customs.sca', '"', '\\'),
    listVersion: fc.constantFrom('2026.11-1', '2026.11-2'),
    from: fc.integer({ min: -1, max: 22 }).map(at),
    to: fc.integer({ min: -1, max: 22 }).map(at),
  },
  { requiredKeys: [] },
);

describe('rows of a period', () => {
  it('are those that are selected, page by page, none twice and none left out, in the order of their times', async () => {
    await fc.assert(
      fc.asyncProperty(selections, fc.integer({ min: 1, max: 12 }), async (selection, limit) => {
        const expected = RECORDS.map((record, index) => ({ record, sequence: index + 1 }))
          .filter(({ record, sequence }) => record.type === 'disclosure' && selects(selection, sequence, record))
          .sort((one, other) => {
            const times = [one, other].map(({ record }) => Date.parse((record as DisclosureRecord).decidedAt));
            return times[0]! - times[1]! || one.sequence - other.sequence;
          });
        const found = await everyPage(selection, limit, (start) =>
          findByTime(own.database, selection, { limit, start }),
        );
        expect(found).toEqual(expected.map(({ sequence }) => sequence));
      }),
      { numRuns: 60 },
    );
  });

  it('are those of the ledger as it was when first asked, whatever is added meanwhile', async () => {
    const selection = { consumer: 'hl.border' };
    const first = await findByTime(own.database, selection, { limit: 5, start: undefined });
    const late = disclosure(99, { consumers: ['hl.border'], decidedAt: at(10) });
    await own.database.transaction((transaction) => appendLedger(transaction, [late]));
    const rest = await findByTime(own.database, selection, { limit: 100, start: first.next });
    expect([...first.rows, ...rest.rows].map(({ sequence }) => sequence)).not.toContain(RECORDS.length + 1);
    expect(rest.upTo).toBe(RECORDS.length);
    const anew = await findByTime(own.database, selection, { limit: 100, start: undefined });
    expect(anew.rows.map(({ sequence }) => sequence)).toContain(RECORDS.length + 1);
    await own.tamper(
      `delete from ledger where sequence = ${RECORDS.length + 1}`,
      `update ledger_head set (sequence, hash) = (select sequence, hash from ledger order by sequence desc limit 1)`,
    );
  });
});

describe('a range of rows', () => {
  it.each([
    [{}, 1, 43],
    [{ first: 7, last: 19 }, 7, 19],
    [{ first: 40, last: 1000 }, 40, 43],
  ])('%j is read as it is, page by page', async (selection, first, last) => {
    const found = await everyPage(selection, 4, (start) => readRange(own.database, selection, { limit: 4, start }));
    expect(found).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
  });
});

describe('what was withheld, counted', () => {
  it('is what counting each row gives', async () => {
    const conditions = selections.map((selection) => ({ ...selection, entry: selection.entry ?? 'NL-001' }));
    await fc.assert(
      fc.asyncProperty(conditions, async (selection) => {
        const rows = RECORDS.flatMap((record, index): AlikeRows[] =>
          record.type === 'disclosure' && selects(selection, index + 1, record)
            ? [{ ...record, rows: 1 } as AlikeRows]
            : [],
        );
        const outcome = await summariseWithheld(own.database, selection);
        expect(outcome).toEqual({ ok: true, value: { ...countWithheld(rows, selection), upTo: RECORDS.length } });
      }),
      { numRuns: 40 },
    );
  });

  it('is told per unit, issuer, kind and path, with `*` for every element', async () => {
    const outcome = await summariseWithheld(own.database, { entry: 'NL-001', consumer: 'nm.customs' });
    expect(outcome).toMatchObject({
      value: {
        ...{ rows: 4, views: 4 },
        counts: [
          { issuer: 'hl.customs', kind: 'customs.scan', path: '/goods/*/value', views: 1, places: 2 },
          { issuer: 'ln.customs', kind: 'customs.scan', path: '/goods/*/value', views: 3, places: 6 },
        ],
      },
    });
  });
});

describe('who saw a field', () => {
  const { resultId } = RECORDS[3] as DisclosureRecord;

  it('is answered from the rows about the result, for one unit or all', async () => {
    const outcome = await findWhoSaw(own.database, { resultId, path: '/goods/*/value' });
    expect(outcome).toMatchObject({
      value: {
        ...{ resultId, issuer: 'hl.customs', kind: 'customs.examination', path: '/goods/*/value' },
        answers: [{ consumer: 'hl.border', ever: 'withheld' }, { consumer: 'jl.border' }],
      },
    });
    const one = await findWhoSaw(own.database, { resultId, path: '/goods', consumer: 'jl.border', version: 1 });
    expect(one).toMatchObject({ value: { answers: [{ consumer: 'jl.border' }] } });
  });

  it('names the grants under which it was shown, if there were any', async () => {
    const [without, under] = RECORDS.slice(3, 5) as [DisclosureRecord, DisclosureRecord];
    const grantsOf = async (asked: string): Promise<unknown[]> => {
      const outcome = await findWhoSaw(own.database, { resultId: asked, path: '/goods' });
      if (!outcome.ok) throw new Error(outcome.problem.code);
      return outcome.value.answers.flatMap(({ views }) => views.map(({ grants }) => grants));
    };
    expect([await grantsOf(without.resultId), await grantsOf(under.resultId)]).toEqual([
      [undefined, undefined],
      [[GRANTS[0]]],
    ]);
    const all = await findDisclosures(own.database, under.resultId);
    expect(all?.disclosures.map(({ consumer, grants }) => [consumer, grants])).toEqual([['nm.customs', [GRANTS[0]]]]);
    const page = await findByTime(own.database, { consumer: 'nm.customs', grant: GRANTS[1] }, PAGE);
    expect(page.rows.map((row) => shownRow(row).grants)).toEqual(Array.from({ length: 5 }, () => GRANTS));
  });

  it('is unknown of a result that was shown to nobody, and invalid of a field that there is not', async () => {
    const nobody = { resultId: '019aa5a1-7c5b-7000-8000-ffffffffffff', path: '/goods' };
    expect(await findWhoSaw(own.database, nobody)).toMatchObject({ problem: { code: 'unknown' } });
    expect(await findWhoSaw(own.database, { resultId, path: '/good' })).toMatchObject({
      problem: { code: 'invalid', errors: [{ pointer: '/path', code: 'unknown-reference' }] },
    });
  });
});

describe('an export', () => {
  /** What would be sent, in pieces. */
  const exported = async (selection: LedgerSelection, complete = false): Promise<string> => {
    const range = await findExportRange(own.database, selection);
    if (!range.ok) throw new Error(range.problem.code);
    return textOf(jsonLines(own.database, selection, range.value, complete));
  };
  const textOf = async (pieces: AsyncIterable<string>): Promise<string> => {
    let text = '';
    for await (const piece of pieces) text += piece;
    return text;
  };
  const verified = (text: string) => {
    expect(text.endsWith('\n')).toBe(true);
    const reader = verifyExport(GATEWAY_RING);
    for (const line of text.slice(0, -1).split('\n')) reader.line(line);
    return reader.end();
  };

  it('waits for a head', async () => {
    expect(await findExportRange(own.database, {})).toMatchObject({ ok: false, problem: { code: 'not-ready' } });
    await signNextHead(own.database, GATEWAY_KEY, undefined, NOW);
  });

  it('holds, whatever is selected, and has what is selected', async () => {
    const all = fc.oneof(
      selections,
      fc.record({ first: fc.integer({ min: 1, max: 50 }), last: fc.integer({ min: 1, max: 50 }) }),
    );
    await fc.assert(
      fc.asyncProperty(all, fc.boolean(), async (selection, complete) => {
        const expected = RECORDS.flatMap((record, index) => (selects(selection, index + 1, record) ? [index + 1] : []));
        const text = await exported(selection, complete);
        expect(verified(text)).toMatchObject({ ok: true, findings: [], rows: expected.length });
        const lines = text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { type: string; sequence: number });
        expect(lines.filter(({ type }) => type === 'row').map(({ sequence }) => sequence)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out what is not signed yet, and says how much that is', async () => {
    const late = [disclosure(101, { decidedAt: at(100) }), disclosure(102, { decidedAt: at(101) })];
    await own.database.transaction((transaction) => appendLedger(transaction, late));
    expect(verified(await exported({ first: 42 }))).toMatchObject({ ok: true, rows: 2, unsigned: 2 });
    expect(verified(await exported({ from: at(100) }))).toMatchObject({ ok: true, rows: 0, unsigned: 2 });
    await signNextHead(own.database, GATEWAY_KEY, undefined, NOW + 1);
    expect(verified(await exported({ from: at(100) }))).toMatchObject({ ok: true, rows: 2, unsigned: 0 });
    // The first head after the range is what it leads to: no more hashes than that.
    expect(verified(await exported({ last: 7 })).head?.sequence).toBe(RECORDS.length);
  });

  it('is CSV that no spreadsheet runs, with what an entry says as one text', async () => {
    const formula = disclosure(103, {
      ...{ decidedAt: at(200), kind: '=1+1', listVersion: '@SUM(A1)', consumers: ['hl.border', 'jl.border'] },
      withheld: [item('/goods/0/value', 'NL-009', '-2+3, "quoted"\n《海关法》'), item('', 'NL-010')],
    });
    await own.database.transaction((transaction) => appendLedger(transaction, [formula]));
    await signNextHead(own.database, GATEWAY_KEY, undefined, NOW + 2);
    const csv = async (question: 'shown' | 'withheld' | 'rows', selection: LedgerSelection, bom = false) => {
      const range = await findExportRange(own.database, selection);
      if (!range.ok) throw new Error(range.problem.code);
      return textOf(csvLines(own.database, question, selection, range.value, bom));
    };
    const withheld = await csv('withheld', { entry: 'NL-009' }, true);
    const [header, ...records] = withheld.split('\r\n');
    expect(header).toBe(
      '\uFEFFsequence,decidedAt,consumer,resultId,version,status,issuer,kind,listVersion,path,entry,legalBasis,access,tokenDigest,hash',
    );
    expect(records).toHaveLength(3);
    expect(records[0]).toContain(
      `,hl.border,${formula.resultId},1,issued,ln.customs,'=1+1,'@SUM(A1),/goods/0/value,NL-009,`,
    );
    expect(records[0]).toContain(`,"'-2+3, ""quoted""\n《海关法》",none,`);
    expect(records[1]).toContain(',jl.border,');
    const shown = await csv('shown', { consumer: 'jl.border', from: at(200) });
    expect(shown.split('\r\n')[1]).toContain(`,'@SUM(A1),/goods/0/value /,NL-009 NL-010,,${formula.tokenDigest},`);
    const under = await csv('shown', { consumer: 'nm.customs', grant: GRANTS[1] });
    const [names, ...cells] = under.split('\r\n');
    expect(names).toBe(
      'sequence,decidedAt,consumer,resultId,version,status,issuer,kind,listVersion,withheldPaths,withheldEntries,grants,tokenDigest,hash',
    );
    expect(cells).toHaveLength(6);
    expect(cells[0]).toContain(`,${GRANTS.join(' ')},${formula.tokenDigest},`);
    const rows = await csv('rows', { first: 1, last: 5 });
    const masked = rows.replaceAll(/[0-9a-f]{64}/g, 'HASH').replaceAll('2026-11-21T08:00:00.000Z', 'TIME');
    const [one, two] = (RECORDS.slice(3, 5) as DisclosureRecord[]).map(({ resultId }) => resultId);
    expect(masked.split('\r\n')).toEqual([
      'sequence,at,type,resultId,version,status,issuer,kind,listVersion,consumers,withheld,grants,tokenDigest,hash',
      '1,TIME,list,,,,,,2026.11-1,,,,,HASH',
      `2,TIME,grant,,,,ln.customs,customs.scan customs.release,,nm.customs,,${GRANTS[0]},,HASH`,
      `3,TIME,grant-end,,,,,,,,,${GRANTS[1]},,HASH`,
      `4,${at(2)},disclosure,${one},1,issued,hl.customs,customs.examination,2026.11-1,hl.border jl.border,3,,${formula.tokenDigest},HASH`,
      `5,TIME,disclosure,${two},1,issued,ln.customs,customs.scan,2026.11-1,nm.customs,0,${GRANTS[0]},${formula.tokenDigest},HASH`,
      '',
    ]);
  });
});

describe('a ledger with much in it', () => {
  /** Rows at the end of the ledger, made by the database itself: their hashes are not looked at. */
  const fill = (rows: number, entry: DisclosureRecord): Promise<unknown> =>
    own.database.query(
      `with head as (select sequence from ledger_head), added as (
         insert into ledger (sequence, result_id, version, decided_at, entry, hash)
         select head.sequence + n, $1, 1, $2::timestamptz + n * interval '1 millisecond', $3, ''
         from head, generate_series(1, $4::integer) n returning sequence)
       update ledger_head set sequence = (select max(sequence) from added)`,
      [entry.resultId, entry.decidedAt, canonicalJson(entry), rows],
    );

  it('is looked through a part at a time: a page may be empty, and says where to go on', async () => {
    await fill(MAX_LOOKED_THROUGH, disclosure(200, { decidedAt: at(300) }));
    await fill(2, disclosure(201, { decidedAt: at(1_000), consumers: ['nm.border'] }));
    const selection = { consumer: 'nm.border', from: at(300) };
    const first = await findByTime(own.database, selection, { limit: 10, start: undefined });
    expect([first.rows, first.next === undefined]).toEqual([[], false]);
    const second = await findByTime(own.database, selection, { limit: 10, start: first.next });
    expect([second.rows.length, second.next]).toEqual([2, undefined]);
  });

  it('gives pages of bounded size, however large entries are', async () => {
    const withheld = Array.from({ length: 10_000 }, (_, index) => item(`/persons/${index}`, 'NL-077', '法'.repeat(30)));
    await fill(9, disclosure(202, { decidedAt: at(2_000), withheld }));
    const selection = { entry: 'NL-077' };
    const sizes: number[] = [];
    const found = await everyPage(selection, 1_000, async (start) => {
      const page = await findByTime(own.database, selection, { limit: 1_000, start });
      sizes.push(page.rows.length);
      return page;
    });
    expect(found).toHaveLength(9);
    expect(Math.max(...sizes)).toBeLessThan(5);
  });
});
