import type { LedgerRecord, LedgerSelection } from '@clearance/contracts';
import type { DataSource, SqlValue } from '@clearance/platform';
import { selects } from '@clearance/provenance';
import type { QuestionPlace } from './question-cursor.ts';

/** A row of the ledger as a question finds it. */
export interface FoundRow {
  sequence: number;
  /** Its place in the chain. */
  hash: string;
  entry: LedgerRecord;
}

/** A page of what a question found. It may be short, or empty, and have a next one: what is looked through is bounded. */
export interface FoundPage {
  rows: FoundRow[];
  /** The last row of the ledger when the question was first asked; what came later is no part of the answer. */
  upTo: number;
  next?: QuestionPlace;
}

/** How much of the answer, and from where on: undefined for its beginning. */
export interface PageAsked {
  limit: number;
  start: QuestionPlace | undefined;
}

/** Rows that are looked through for one page, at most. */
export const MAX_LOOKED_THROUGH = 50_000;
/** Bytes of the entries of one page, at most, beyond its first: one with ten thousand withheld items has a megabyte. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** The end of times that RFC 3339 can write, in microseconds. */
const END_OF_TIME = String(Date.parse('9999-12-31T23:59:59.999Z') * 1_000);

/** A row as the database gives it; no entry beyond the bytes of a page. */
interface StoredRow {
  sequence: string;
  micros: string;
  hash: string;
  entry: string | null;
}

const MICROS = '(extract(epoch from decided_at) * 1000000)::bigint as micros';
const atMicros = (parameter: string): string =>
  `'epoch'::timestamptz + ${parameter}::bigint * interval '1 microsecond'`;

/**
 * Finds a page of the disclosures that a selection names, in the order in which they were decided. Its cost is bounded,
 * however few are found among the rows that are looked through: then the page is short and says where the next begins.
 */
export async function findByTime(
  database: DataSource,
  selection: LedgerSelection,
  { limit, start }: PageAsked,
): Promise<FoundPage> {
  const upTo = start?.upTo ?? (await endOf(database));
  const begin = start ?? { micros: microsOf(selection.from) ?? '0', sequence: '0' };
  const end = { micros: microsOf(selection.to) ?? END_OF_TIME, sequence: '0' };
  const range = `(decided_at, sequence) >= (${atMicros('$1')}, $2::bigint)
    and (decided_at, sequence) < (${atMicros('$3')}, $4::bigint) and sequence <= $5::bigint`;
  const between = (stop: { micros: string; sequence: string }): SqlValue[] => [
    begin.micros,
    begin.sequence,
    stop.micros,
    stop.sequence,
    upTo,
  ];
  const [beyond]: { micros: string; sequence: string }[] = await database.query(
    `select sequence, ${MICROS} from ledger where ${range}
     order by decided_at, sequence offset ${MAX_LOOKED_THROUGH} limit 1`,
    between(end),
  );
  const { conditions, parameters } = textConditions(selection, between(beyond ?? end));
  const rows: StoredRow[] = await database.query(
    pageOf(`where ${[range, ...conditions].join(' and ')} order by decided_at, sequence limit ${limit + 1}`),
    parameters,
  );
  const { found, next = beyond } = cut(rows, limit);
  return {
    rows: found.filter(({ sequence, entry }) => selects(selection, sequence, entry)),
    upTo: Number(upTo),
    ...(next === undefined ? {} : { next: { micros: next.micros, sequence: next.sequence, upTo } }),
  };
}

/** Reads a page of a range of the ledger as it is, in its order. */
export async function readRange(
  database: DataSource,
  { first = 1, last = Number.MAX_SAFE_INTEGER }: Pick<LedgerSelection, 'first' | 'last'>,
  { limit, start }: PageAsked,
): Promise<FoundPage> {
  const upTo = start?.upTo ?? (await endOf(database));
  const rows: StoredRow[] = await database.query(
    pageOf(`where sequence >= $1 and sequence <= $2 order by sequence limit ${limit + 1}`),
    [start?.sequence ?? first, Math.min(last, Number(upTo))],
  );
  const { found, next } = cut(rows, limit);
  return {
    rows: found,
    upTo: Number(upTo),
    ...(next === undefined ? {} : { next: { micros: next.micros, sequence: next.sequence, upTo } }),
  };
}

/**
 * What the entry of a row must have in it to be among those that are selected, as conditions on its text: it is canonical
 * JSON, in which a member with its value stands in one way only, and within a text every quotation mark is escaped. Rows
 * that fulfil them are few enough to be read and judged; some may not be selected all the same.
 *
 * @param before parameters of the statement so far
 */
export function textConditions(
  { consumer, grant, entry, issuer, kind, listVersion }: LedgerSelection,
  before: readonly SqlValue[],
): { conditions: string[]; parameters: SqlValue[] } {
  const texts = [
    ...[consumer, grant].flatMap((value) => (value === undefined ? [] : [JSON.stringify(value)])),
    ...Object.entries({ entry, issuer, kind, listVersion }).flatMap(([name, value]) =>
      value === undefined ? [] : [`"${name}":${JSON.stringify(value)}`],
    ),
  ];
  const parameters = [...before];
  const conditions = texts.map((text) => `strpos(entry, $${parameters.push(text)}) > 0`);
  return { conditions: ['result_id is not null', ...conditions], parameters };
}

/** The end of the ledger: the sequence of its last row. */
export async function endOf(database: Pick<DataSource, 'query'>): Promise<string> {
  const [end]: { sequence: string }[] = await database.query('select sequence from ledger_head');
  return end?.sequence ?? '0';
}

function microsOf(instant: string | undefined): string | undefined {
  return instant === undefined ? undefined : String(Date.parse(instant) * 1_000);
}

function pageOf(rows: string): string {
  return `select sequence, micros, hash,
      case when sum(bytes) over (rows unbounded preceding) - bytes < ${MAX_PAGE_BYTES} then entry end as entry
    from (select sequence, ${MICROS}, hash, entry, octet_length(entry) as bytes from ledger ${rows}) as page`;
}

/** What fits on a page, and the first row that does not. */
function cut(rows: readonly StoredRow[], limit: number): { found: FoundRow[]; next?: StoredRow } {
  const tooMany = rows.findIndex(({ entry }, index) => entry === null || index === limit);
  const fitting = tooMany === -1 ? rows : rows.slice(0, tooMany);
  const found = fitting.map(({ sequence, hash, entry }) => ({
    sequence: Number(sequence),
    hash,
    entry: JSON.parse(entry!) as LedgerRecord,
  }));
  return tooMany === -1 ? { found } : { found, next: rows[tooMany]! };
}
