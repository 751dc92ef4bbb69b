import type { DisclosureRecord, LedgerRecord, LedgerSelection } from '@clearance/contracts';
import type { DataSource } from '@clearance/platform';
import { BYTE_ORDER_MARK, csvRecord } from './csv.ts';
import type { ExportRange } from './export-range.ts';
import { type ExportRow, walkRange } from './export-rows.ts';
import type { Question } from './read-questions.ts';

type Carried = Extract<ExportRow, { left: 'in' }>;
type Cells = (string | number)[];

/** Columns of each question's table, and the records that a row of the ledger makes in it. */
const TABLES: Record<Question, { columns: string[]; records: (row: Carried, selection: LedgerSelection) => Cells[] }> =
  {
    shown: {
      columns: [
        ...['sequence', 'decidedAt', 'consumer', 'resultId', 'version', 'status', 'issuer', 'kind', 'listVersion'],
        ...['withheldPaths', 'withheldEntries', 'grants', 'tokenDigest', 'hash'],
      ],
      records: ({ sequence, hash, record }, { consumer }) => {
        const { decidedAt, withheld, grants, tokenDigest, listVersion, ...entry } = record as DisclosureRecord;
        const paths = withheld.map(({ path }) => path || WHOLE).join(' ');
        const entries = [...new Set(withheld.map((item) => item.entry))].join(' ');
        const place = [sequence, decidedAt, consumer ?? '', ...resultOf(entry), listVersion];
        return [[...place, paths, entries, grants?.join(' ') ?? '', tokenDigest, hash]];
      },
    },
    withheld: {
      columns: [
        ...['sequence', 'decidedAt', 'consumer', 'resultId', 'version', 'status', 'issuer', 'kind', 'listVersion'],
        ...['path', 'entry', 'legalBasis', 'access', 'tokenDigest', 'hash'],
      ],
      records: ({ sequence, hash, record }, { consumer, entry: asked }) => {
        const { decidedAt, withheld, tokenDigest, listVersion, consumers, ...entry } = record as DisclosureRecord;
        return consumers
          .filter((unit) => unit === (consumer ?? unit))
          .flatMap((unit) =>
            withheld
              .filter((item) => item.entry === asked)
              .map(({ path, entry: name, legalBasis, access }) => [
                ...[sequence, decidedAt, unit, ...resultOf(entry), listVersion],
                ...[path || WHOLE, name, legalBasis, access, tokenDigest, hash],
              ]),
          );
      },
    },
    rows: {
      columns: [
        ...['sequence', 'at', 'type', 'resultId', 'version', 'status', 'issuer', 'kind', 'listVersion'],
        ...['consumers', 'withheld', 'grants', 'tokenDigest', 'hash'],
      ],
      records: ({ sequence, hash, record }) => [[sequence, ...rowCells(record), hash]],
    },
  };

/** The whole result, whose pointer is an empty text: an empty cell would say that nothing was withheld. */
const WHOLE = '/';

/** What a record says in a table of rows, from `at` to `tokenDigest`. */
function rowCells(record: LedgerRecord): Cells {
  switch (record.type) {
    case 'disclosure': {
      const { type, decidedAt, listVersion, consumers, withheld, grants, tokenDigest } = record;
      const cells = [decidedAt, type, ...resultOf(record), listVersion];
      return [...cells, consumers.join(' '), withheld.length, grants?.join(' ') ?? '', tokenDigest];
    }
    case 'list':
      return [record.receivedAt, record.type, '', '', '', '', '', record.version, '', '', '', ''];
    case 'grant': {
      // What may be shown by it, and to whom; nothing was withheld, nor shown yet.
      const { type, receivedAt, requestId, owner, requester, grant } = record;
      const [resultId, version, kinds] =
        'resultId' in grant.about
          ? [grant.about.resultId, grant.about.version ?? '', '']
          : ['', '', grant.about.kinds.join(' ')];
      return [receivedAt, type, resultId, version, '', owner, kinds, '', requester, '', requestId, ''];
    }
    case 'grant-end':
      return [record.receivedAt, record.type, '', '', '', '', '', '', '', '', record.requestId, ''];
    default:
      return record satisfies never;
  }
}

function resultOf({
  resultId,
  version,
  status,
  issuer,
  kind,
}: Pick<DisclosureRecord, 'resultId' | 'version' | 'status' | 'issuer' | 'kind'>): Cells {
  return [resultId, version, status, issuer, kind];
}

/** An export as CSV (RFC 4180, UTF-8), some records at a time. What it says can be compared with the ledger, not proved. */
export async function* csvLines(
  database: DataSource,
  question: Question,
  selection: LedgerSelection,
  range: ExportRange,
  bom: boolean,
): AsyncGenerator<string> {
  const { columns, records } = TABLES[question];
  yield `${bom ? BYTE_ORDER_MARK : ''}${csvRecord(columns)}`;
  for await (const page of walkRange(database, selection, range, false)) {
    yield page.flatMap((row) => (row.left === 'in' ? records(row, selection).map(csvRecord) : [])).join('');
  }
}
