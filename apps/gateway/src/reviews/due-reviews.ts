import type { UnitId } from '@clearance/contracts';
import { type EntityManager, placeholders } from '@clearance/platform';
import { DecisionOutdated } from '../enforce/confirm-decision.ts';
import type { ReviewOf } from '../enforce/give-again.ts';
import { versionKey } from '../enforce/view.ts';

/** Why a version is to be decided anew for all, and by which reviews: others may come while it is decided. */
export interface DueReview extends ReviewOf {
  reviewIds: readonly string[];
}

/** A version that was decided anew for some reviews, and who was given another view of it. */
export interface ReviewedVersion {
  resultId: string;
  version: number;
  reviewIds: readonly string[];
  changedFor: UnitId[];
}

/**
 * Which of these versions are to be decided anew for all, by `id:version`.
 *
 * @param now of the decision, ms since the epoch
 * @throws DecisionOutdated when the moment that a review is about is still to come by that time, and not by the database's
 */
export async function dueReviews(
  transaction: EntityManager,
  versions: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, DueReview>> {
  if (versions.length === 0) return new Map();
  const ids = [...new Set(versions.map((key) => key.slice(0, key.indexOf(':'))))];
  const rows: DueRow[] = await transaction.query(
    `select v.result_id as "resultId", v.version, r.review_id as "reviewId", r.mode, r.consumers, r.at, clock_timestamp() as now
     from review_version v join review r using (review_id)
     where v.result_id = any($1::uuid[]) and v.decided_at is null and r.at <= clock_timestamp()`,
    [ids],
  );
  const early = rows.find(({ at }) => at.getTime() > now);
  if (early !== undefined) throw new DecisionOutdated(`a review of ${early.at.toISOString()}`, early.now.getTime());
  return new Map(
    [...Map.groupBy(rows, versionKey)].map(([key, reviews]) => [
      key,
      {
        reviewIds: reviews.map(({ reviewId }) => reviewId),
        extendsFor: (consumer) =>
          reviews.some(
            ({ mode, consumers }) => mode === 'catch-up' && (consumers === null || consumers.includes(consumer)),
          ),
      },
    ]),
  );
}

interface DueRow {
  resultId: string;
  version: number;
  reviewId: string;
  mode: string;
  consumers: UnitId[] | null;
  at: Date;
  now: Date;
}

/** Writes down that versions were decided anew for these reviews, in the transaction of the decision. */
export async function keepReviewed(
  transaction: EntityManager,
  versions: readonly ReviewedVersion[],
  at: Date,
): Promise<void> {
  if (versions.length === 0) return;
  const types = ['uuid', 'integer', 'uuid[]', 'text[]', 'timestamptz'];
  await transaction.query(
    `update review_version r set decided_at = v.at, changed = v.changed, refused = null
     from (values ${placeholders(versions.length, types.length, types)}) as v (result_id, version, reviews, changed, at)
     where r.result_id = v.result_id and r.version = v.version and r.review_id = any(v.reviews) and r.decided_at is null`,
    versions.flatMap(({ resultId, version, reviewIds, changedFor }) => [resultId, version, reviewIds, changedFor, at]),
  );
}
