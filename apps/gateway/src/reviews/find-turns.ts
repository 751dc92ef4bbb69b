import { type NegativeList, parseNegativeList, scopeOfTurn, turnsOf } from '@clearance/negative-list';
import type { UnitId } from '@clearance/contracts';
import type { DataSource } from '@clearance/platform';
import { textDigest } from '@clearance/provenance';
import { databaseClock } from '../database-clock.ts';
import type { ReviewScope } from './review-scope.ts';

/** A moment from which on less may be seen than before, and of which results. */
export interface FoundTurn {
  listVersion: string;
  /** Milliseconds since the epoch. */
  at: number;
  scope: ReviewScope;
}

interface ListRow {
  version: string;
  effective_from: Date;
  document: string | null;
  document_digest: string;
}

/** Lists that were read, by the digest of their text. What is not there now may be there later, and is not among them. */
export type ReadLists = Map<string, NegativeList>;

/**
 * The moments up to now, by the database's clock, at which a list came into force, or an entry of it began or ended, and
 * that are not looked into yet. Lists are those of the ledger; what the table has of one counts only if it is that very
 * text. Of one that is not there, everything that the list after it withholds is taken to be new.
 */
export async function findTurns(database: DataSource, units: readonly UnitId[], read: ReadLists): Promise<FoundTurn[]> {
  const now = await databaseClock(database);
  const rows: ListRow[] = await database.query(LISTS_TO_LOOK_AT, [new Date(now)]);
  const reviewed: { list_version: string; at: Date }[] = await database.query(
    'select list_version, at from review where list_version = any($1)',
    [rows.map(({ version }) => version)],
  );
  const known = new Set(reviewed.map(({ list_version, at }) => `${list_version} ${at.getTime()}`));
  const lists = rows.map((row) => {
    const list = read.get(row.document_digest) ?? readList(row);
    if (list !== undefined) read.set(row.document_digest, list);
    return { ...row, list };
  });
  return lists.flatMap(({ version, list, effective_from: begins }, index) => {
    const former = lists[index - 1];
    const next = lists[index + 1];
    if (list === undefined) return [];
    const until = Math.min(now, (next?.effective_from.getTime() ?? Infinity) - 1);
    return turnsOf(list, until).flatMap((at): FoundTurn[] => {
      const first = at === begins.getTime();
      // Before the first list nothing was shown to anybody.
      if (known.has(`${version} ${at}`) || (first && former === undefined)) return [];
      const decidedBefore = first ? former?.list : list;
      const before = decidedBefore && { list: decidedBefore, at: at - 1 };
      return [{ listVersion: version, at, scope: { results: scopeOfTurn(before, { list, at }, units).restricted } }];
    });
  });
}

function readList({ document, document_digest: digest }: ListRow): NegativeList | undefined {
  if (document === null || textDigest(document) !== digest) return undefined;
  const parsed = parseNegativeList(document);
  return parsed.ok ? parsed.list : undefined;
}

/** From the list on before the one of which a turn was looked into last: what came before that is done. */
const LISTS_TO_LOOK_AT = `
  with recorded as (
    select entry::json->>'version' as version, (entry::json->>'effectiveFrom')::timestamptz as effective_from,
      entry::json->>'documentDigest' as document_digest
    from ledger where result_id is null and strpos(entry, '"type":"list"') > 0
  ), begun as (
    select *, lag(effective_from) over (order by effective_from) as before from recorded where effective_from <= $1
  ), latest as (
    select max(b.before) as effective_from from begun b
    where b.effective_from = (select max(o.effective_from) from begun o join review r on r.list_version = o.version)
  )
  select b.version, b.effective_from, b.document_digest, n.document
  from begun b left join negative_list n on n.version = b.version
  where b.effective_from >= coalesce((select effective_from from latest), '-infinity')
  order by b.effective_from`;
