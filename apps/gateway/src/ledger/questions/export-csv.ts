import type { DisclosureRecord, LedgerSelection } from '@clearance/contracts';
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
        ...['withheldPaths', 'withheldEntries', 'tokenDigest', 'hash'],
      ],
      records: ({ sequence, hash, record }, { consumer }) => {
        const { decidedAt, withheld, tokenDigest, listVersion, ...entry } = record as DisclosureRecord;
        const paths = withheld.map(({ path }) => path || WHOLE).join(' ');
        const entries = [...new Set(withheld.map((item) => item.entry))].join(' ');
        return [
          [sequence, decidedAt, consumer ?? '', ...resultOf(entry), listVersion, paths, entries, tokenDigest, hash],
        ];
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
        ...['consumers', 'withheld', 'tokenDigest', 'hash'],
      ],
      records: ({ sequence, hash, record }) => {
        if (record.type === 'list') {
          const { type, receivedAt, version } = record;
          return [[sequence, receivedAt, type, '', '', '', '', '', version, '', '', '', hash]];
        }
        if (record.type !== 'disclosure') {
          return [[sequence, record.receivedAt, record.type, '', '', '', '', '', '', '', '', '', hash]];
        }
        const { type, decidedAt, listVersion, consumers, withheld, tokenDigest, ...entry } = record;
        const [units, items] = [consumers.join(' '), withheld.length];
        return [[sequence, decidedAt, type, ...resultOf(entry), listVersion, units, items, tokenDigest, hash]];
      },
    },
  };

/** The whole result, whose pointer is an empty text: an empty cell would say that nothing was withheld. */
const WHOLE = '/';

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
