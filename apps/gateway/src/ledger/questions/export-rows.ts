import type { ExportEnd, ExportHeader, LedgerRecord, LedgerSelection } from '@clearance/contracts';
import { MAX_SKIPPED } from '@clearance/contracts';
import type { DataSource, SqlValue } from '@clearance/platform';
import { rowHash, selects } from '@clearance/provenance';
import type { ExportRange } from './export-range.ts';
import { textConditions } from './find-rows.ts';

/** A row of the ledger on its way out; only its own hash is known of one that is left out. */
export type ExportRow =
  | { sequence: number; left: 'out'; own: Buffer }
  | { sequence: number; left: 'in'; selected: boolean; hash: string; text: string; record: LedgerRecord };

/** Rows of one page, and bytes of the entries on it beyond its first: all that an export ever has in memory. */
const PAGE_ROWS = 2_000;
const PAGE_BYTES = 2 * 1024 * 1024;

/**
 * Walks a range of the ledger page by page, each when the one before was taken: the rows that are selected, the others as
 * their hashes, or as they are when `complete`.
 */
export async function* walkRange(
  database: DataSource,
  selection: LedgerSelection,
  { first, last }: Pick<ExportRange, 'first' | 'last'>,
  complete: boolean,
): AsyncGenerator<ExportRow[]> {
  for (let start = first; start <= last;) {
    const page = await readPage(database, selection, { start, last, complete });
    const stop = page.findIndex(({ own, entry }) => own === null && entry === null);
    const rows = stop === -1 ? page : page.slice(0, stop);
    yield rows.map((row) => exportRow(row, selection, complete));
    start = Number(rows.at(-1)?.sequence ?? last) + 1;
  }
}

interface PageRow {
  sequence: string;
  hash: string;
  entry: string | null;
  own: Buffer | null;
}

function readPage(
  database: DataSource,
  selection: LedgerSelection,
  { start, last, complete }: { start: number; last: number; complete: boolean },
): Promise<PageRow[]> {
  const { carried, parameters } = complete ? { carried: 'true', parameters: [] } : carriedWhere(selection);
  const place = (value: SqlValue): string => `$${parameters.push(value)}`;
  return database.query(
    `select sequence, hash, case when carried and total - bytes < ${PAGE_BYTES} then entry end as entry,
       case when not carried then sha256(convert_to(entry, 'UTF8')) end as own
     from (select *, sum(bytes) over (rows unbounded preceding) as total from (
       select *, case when carried then octet_length(entry) else 0 end as bytes from (
         select sequence, hash, entry, ${carried} as carried from ledger
         where sequence >= ${place(start)} and sequence <= ${place(last)} order by sequence limit ${PAGE_ROWS}
       ) as page) as measured) as totalled`,
    parameters,
  );
}

function carriedWhere(selection: LedgerSelection): { carried: string; parameters: SqlValue[] } {
  const { from = '-infinity', to = 'infinity', first: _first, last: _last, ...texts } = selection;
  const inPeriod = '(decided_at >= $1::timestamptz and decided_at < $2::timestamptz)';
  // A row about a list is carried by a selection that says nothing of disclosures.
  if (Object.values(texts).every((condition) => condition === undefined)) {
    return { carried: inPeriod, parameters: [from, to] };
  }
  const { conditions, parameters } = textConditions(selection, [from, to]);
  return { carried: `(${[inPeriod, ...conditions].join(' and ')})`, parameters };
}

function exportRow(row: PageRow, selection: LedgerSelection, complete: boolean): ExportRow {
  const sequence = Number(row.sequence);
  if (row.entry === null) return { sequence, left: 'out', own: row.own! };
  const record = JSON.parse(row.entry) as LedgerRecord;
  const selected = selects(selection, sequence, record);
  if (!selected && !complete) return { sequence, left: 'out', own: Buffer.from(rowHash(row.entry), 'hex') };
  return { sequence, left: 'in', selected, hash: row.hash, text: row.entry, record };
}

/**
 * An export as JSON lines, some lines at a time: what was asked for, the rows with what leads from one to the next, and
 * the signed head that all of it leads to. `mesh ledger verify` checks it without asking anybody.
 */
export async function* jsonLines(
  database: DataSource,
  selection: LedgerSelection,
  range: ExportRange,
  complete: boolean,
): AsyncGenerator<string> {
  const { first, last, previous, head, unsigned } = range;
  const header: ExportHeader = {
    type: 'export',
    apiVersion: 'clearance/v1',
    selection,
    complete,
    first,
    last,
    previous,
  };
  yield `${JSON.stringify(header)}\n`;
  let rows = 0;
  let skipped: { sequence: number; hashes: Buffer[] } = { sequence: first, hashes: [] };
  const flush = (next: number): string => {
    const { sequence, hashes } = skipped;
    skipped = { sequence: next, hashes: [] };
    if (hashes.length === 0) return '';
    const line = { type: 'skipped', sequence, count: hashes.length, hashes: Buffer.concat(hashes).toString('base64') };
    return `${JSON.stringify(line)}\n`;
  };
  const linesOf = (page: readonly ExportRow[]): string => {
    let lines = '';
    for (const row of page) {
      if (row.left === 'out') {
        skipped.hashes.push(row.own);
        if (skipped.hashes.length === MAX_SKIPPED) lines += flush(row.sequence + 1);
        continue;
      }
      lines += flush(row.sequence + 1);
      // The text of the entry is the JSON that was hashed.
      lines += `{"type":"${row.selected ? 'row' : 'other'}","sequence":${row.sequence},"hash":"${row.hash}","entry":${row.text}}\n`;
      if (row.selected) rows += 1;
    }
    return lines;
  };
  for await (const page of walkRange(database, selection, range, complete)) yield linesOf(page);
  yield flush(last + 1);
  // From the last row of the range to the head nothing is shown.
  for await (const page of walkRange(database, NOTHING, { first: last + 1, last: head.sequence }, false)) {
    yield linesOf(page);
  }
  const end: ExportEnd = { type: 'head', rows, unsigned, head };
  yield `${flush(head.sequence + 1)}${JSON.stringify(end)}\n`;
}

/** Selects no row: nothing was decided before the epoch. */
const NOTHING: LedgerSelection = { to: '1970-01-01T00:00:00.000Z' };
