import { type LedgerSelection, type Outcome, problem, type SignedHead } from '@clearance/contracts';
import type { DataSource } from '@clearance/platform';
import { CHAIN_START } from '@clearance/provenance';
import { endOf } from './find-rows.ts';

/** The part of the ledger that an export selects from, and the head that proves it. */
export interface ExportRange {
  first: number;
  /** `first` - 1 when there is nothing in the range. */
  last: number;
  /** Chain hash of the row before the first. */
  previous: string;
  /** The first head that was signed at or after the last row. */
  head: SignedHead;
  /** Rows that belong to the range, but that no head was signed after yet. */
  unsigned: number;
}

/**
 * Finds the rows of the ledger in which all that is selected stands, as far as it is signed: the last seconds of the
 * ledger are left out until they are.
 *
 * @returns the range; `not-ready` when no head was ever signed
 */
export async function findExportRange(
  database: DataSource,
  { first = 1, last = Number.MAX_SAFE_INTEGER, from, to }: LedgerSelection,
): Promise<Outcome<ExportRange>> {
  const [newest] = await readHead(database, 'order by sequence desc limit 1');
  if (newest === undefined) return { ok: false, problem: problem('not-ready', { detail: NOT_SIGNED }) };
  const end = Number(await endOf(database));
  const period = from === undefined && to === undefined ? { first: 1, last: end } : await placesOf(database, from, to);
  const begins = Math.max(first, period.first);
  const ends = Math.min(last, period.last, end);
  const signed = Math.min(ends, newest.sequence);
  const unsigned = Math.max(0, ends - Math.max(signed, begins - 1));
  if (signed < begins) {
    const { sequence, hash } = newest;
    return { ok: true, value: { first: sequence + 1, last: sequence, previous: hash, head: newest, unsigned } };
  }
  const [head] = await readHead(database, 'where sequence >= $1 order by sequence limit 1', [signed]);
  const [before]: { hash: string }[] = await database.query('select hash from ledger where sequence = $1', [
    begins - 1,
  ]);
  const previous = before?.hash ?? CHAIN_START;
  return { ok: true, value: { first: begins, last: signed, previous, head: head!, unsigned } };
}

async function readHead(database: DataSource, which: string, parameters: number[] = []): Promise<SignedHead[]> {
  const rows: { statement: string }[] = await database.query(`select statement from signed_head ${which}`, parameters);
  return rows.map(({ statement }) => JSON.parse(statement) as SignedHead);
}

/** The first and the last row that were decided in a period; an empty range when none was. */
async function placesOf(
  database: DataSource,
  from = '-infinity',
  to = 'infinity',
): Promise<{ first: number; last: number }> {
  // Without the fence the planner walks the ledger by sequence until it comes to the period.
  const [places]: { first: string | null; last: string | null }[] = await database.query(
    `select min(sequence) as first, max(sequence) as last from (
       select sequence from ledger where decided_at >= $1::timestamptz and decided_at < $2::timestamptz offset 0
     ) as decided`,
    [from, to],
  );
  return { first: Number(places?.first ?? 1), last: Number(places?.last ?? 0) };
}

const NOT_SIGNED = {
  zh: '台账头尚未签署，请稍后重试',
  en: 'No head of the ledger has been signed yet; try again in some seconds',
};
