import type { Review, ReviewDetails, UnitId } from '@clearance/contracts';
import type { PageByTime, TimePlace } from '../http/page-by-time.ts';
import type { DataSource, SqlValue } from '@clearance/platform';

/** Refusals that are shown, at most. */
const MAX_REFUSALS = 100;

interface ReviewRow {
  review_id: string;
  mode: Review['mode'];
  list_version: string | null;
  grant_id: string | null;
  at: Date;
  requested_by: string | null;
  reason: string | null;
  collected: boolean;
  versions: string;
  decided: string;
  changed: string;
  copies: string;
  waiting: string;
  refused: string;
  micros: string;
}

/**
 * Reviews with what is counted of them. A receipt is missing as long as the consumer that was given another view is waited for.
 *
 * @param reviews which ones, as a query: nothing is counted of others
 */
const counted = (reviews: string): string => `
  select r.review_id, r.mode, r.list_version, r.grant_id, r.at, r.requested_by, r.reason, r.collected_at is not null as collected,
    (extract(epoch from r.created_at) * 1000000)::bigint as micros,
    count(v.result_id) as versions, count(v.decided_at) as decided, count(v.refused) as refused,
    count(*) filter (where v.changed <> '{}') as changed, coalesce(sum(cardinality(v.changed)), 0) as copies,
    coalesce(sum((select count(*) from unnest(v.changed) unit where unit = any(s.waiting))), 0) as waiting
  from (${reviews}) r
  left join review_version v using (review_id)
  left join settlement s on s.result_id = v.result_id and s.version = v.version and s.settled_at is null and v.changed <> '{}'`;

/** Of a query PostgreSQL does not know that its id stands for the others. */
const REVIEW_COLUMNS =
  'r.review_id, r.mode, r.list_version, r.grant_id, r.at, r.requested_by, r.reason, r.collected_at, r.created_at';

/**
 * Reviews, the newest first. Those of which nobody holds anything are left out: a list that only adds titles, the first
 * one of all.
 */
export async function findReviews(
  database: DataSource,
  page: PageByTime,
): Promise<{ reviews: Review[]; next?: TimePlace }> {
  const parameters: SqlValue[] = [page.limit + 1];
  let below = '';
  if (page.after !== undefined) {
    parameters.push(page.after.micros, page.after.id);
    below = `and (r.created_at, r.review_id) < ('epoch'::timestamptz + $2::bigint * interval '1 microsecond', $3::uuid)`;
  }
  const found = `select * from review r
    where (r.requested_by is not null or r.collected_at is null
      or exists (select from review_version w where w.review_id = r.review_id)) ${below}
    order by r.created_at desc, r.review_id desc limit $1`;
  const rows: ReviewRow[] = await database.query(
    `${counted(found)} group by ${REVIEW_COLUMNS} order by r.created_at desc, r.review_id desc`,
    parameters,
  );
  const last = rows[page.limit - 1];
  const reviews = rows.slice(0, page.limit).map(reviewOf);
  if (rows.length <= page.limit || last === undefined) return { reviews };
  return { reviews, next: { micros: last.micros, id: last.review_id } };
}

/** One review, and who is waited for; undefined when there is none. */
export async function readReview(database: DataSource, reviewId: string): Promise<ReviewDetails | undefined> {
  const [row]: ReviewRow[] = await database.query(
    `${counted('select * from review where review_id = $1')} group by ${REVIEW_COLUMNS}`,
    [reviewId],
  );
  if (row === undefined) return undefined;
  const stragglers: { unit: UnitId; waiting: string; since: Date }[] = await database.query(
    `select unit, count(*) as waiting, min(s.disclosed_at) as since
     from review_version v
     join settlement s on s.result_id = v.result_id and s.version = v.version and s.settled_at is null
     cross join lateral unnest(v.changed) unit
     where v.review_id = $1 and unit = any(s.waiting) group by unit order by since, unit`,
    [reviewId],
  );
  const issuers: { unit: UnitId; open: string }[] = await database.query(
    `select issuer as unit, count(*) as open from review_version
     where review_id = $1 and decided_at is null and refused is null group by issuer order by issuer`,
    [reviewId],
  );
  const refusals: ReviewDetails['refusals'] = await database.query(
    `select result_id as "resultId", version, issuer, refused as reason from review_version
     where review_id = $1 and refused is not null order by result_id, version limit ${MAX_REFUSALS}`,
    [reviewId],
  );
  return {
    ...reviewOf(row),
    stragglers: stragglers.map(({ unit, waiting, since }) => ({
      unit,
      waiting: Number(waiting),
      since: since.toISOString(),
    })),
    issuers: issuers.map(({ unit, open }) => ({ unit, toDecide: Number(open) })),
    refusals,
  };
}

function reviewOf(row: ReviewRow): Review {
  const counts = {
    versions: Number(row.versions),
    decided: Number(row.decided),
    changed: Number(row.changed),
    copies: Number(row.copies),
    waiting: Number(row.waiting),
    refused: Number(row.refused),
  };
  return {
    reviewId: row.review_id,
    mode: row.mode,
    state: stateOf(row.collected, counts),
    listVersion: row.list_version,
    at: row.at.toISOString(),
    grant: row.grant_id,
    requestedBy: row.requested_by,
    reason: row.reason,
    ...counts,
  };
}

function stateOf(
  collected: boolean,
  { versions, decided, waiting, refused }: Pick<Review, 'versions' | 'decided' | 'waiting' | 'refused'>,
): Review['state'] {
  if (!collected) return 'scheduled';
  if (decided + refused < versions || waiting > 0) return 'under-way';
  return refused > 0 ? 'incomplete' : 'confirmed';
}
