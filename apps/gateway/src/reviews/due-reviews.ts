import type { UnitId } from '@clearance/contracts';
import { type EntityManager, placeholders } from '@clearance/platform';
import type { ReviewOf } from '../enforce/give-again.ts';
import { versionKey } from '../enforce/view.ts';

/** A version that was decided anew, and who was given another view of it. */
export interface ReviewedVersion {
  resultId: string;
  version: number;
  changedFor: UnitId[];
}

/**
 * Which of these versions are to be decided anew for all, by `id:version`.
 *
 * @param now of the decision: where a clock is behind, the moment that the review is about must not be still to come
 */
export async function dueReviews(
  transaction: EntityManager,
  versions: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, ReviewOf>> {
  if (versions.length === 0) return new Map();
  const ids = [...new Set(versions.map((key) => key.slice(0, key.indexOf(':'))))];
  const rows: { resultId: string; version: number; mode: string; consumers: UnitId[] | null }[] =
    await transaction.query(
      `select v.result_id as "resultId", v.version, r.mode, r.consumers
       from review_version v join review r using (review_id)
       where v.result_id = any($1::uuid[]) and v.decided_at is null and r.at <= $2`,
      [ids, new Date(now)],
    );
  return new Map(
    [...Map.groupBy(rows, versionKey)].map(([key, reviews]) => [
      key,
      {
        extendsFor: (consumer) =>
          reviews.some(
            ({ mode, consumers }) => mode === 'catch-up' && (consumers === null || consumers.includes(consumer)),
          ),
      },
    ]),
  );
}

/** Writes down that versions were decided anew, in the transaction of the decision. */
export async function keepReviewed(
  transaction: EntityManager,
  versions: readonly ReviewedVersion[],
  at: Date,
): Promise<void> {
  if (versions.length === 0) return;
  const types = ['uuid', 'integer', 'text[]', 'timestamptz'];
  await transaction.query(
    `update review_version r set decided_at = v.at, changed = v.changed, refused = null
     from (values ${placeholders(versions.length, types.length, types)}) as v (result_id, version, changed, at)
     where r.result_id = v.result_id and r.version = v.version and r.decided_at is null`,
    versions.flatMap(({ resultId, version, changedFor }) => [resultId, version, changedFor, at]),
  );
}
