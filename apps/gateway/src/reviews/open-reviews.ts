import { v7 as uuidv7 } from 'uuid';
import type { CatchUpRequest, Grant, Review, UnitId } from '@clearance/contracts';
import type { DataSource, EntityManager } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import { findTurns, type ReadLists } from './find-turns.ts';
import { conditionOf, type ReviewScope, scopeOfGrant, scopeOfRequest } from './review-scope.ts';

/**
 * Writes down a recall for each moment up to now at which less may be seen than before: whichever gateway comes first, and
 * however late.
 *
 * @param read lists that were read before, and now
 */
export async function openRecalls({ database, consumers }: Gateway, read: ReadLists): Promise<void> {
  const turns = await findTurns(database, consumers, read);
  for (const { listVersion, at, scope } of turns) {
    await database.query(
      `insert into review (review_id, mode, list_version, at, scope) values ($1, 'recall', $2, $3, $4)
       on conflict (list_version, at) do nothing`,
      [uuidv7(), listVersion, new Date(at), JSON.stringify(scope)],
    );
  }
}

/** Writes down a catch-up that somebody asked for. */
export async function openCatchUp(
  { database, now }: Gateway,
  request: CatchUpRequest,
  requestedBy: string,
): Promise<string> {
  const reviewId = uuidv7();
  const at = request.notBefore === undefined ? new Date(now()) : new Date(request.notBefore);
  await database.query(
    `insert into review (review_id, mode, at, scope, consumers, requested_by, reason)
     values ($1, 'catch-up', $2, $3, $4, $5, $6)`,
    [reviewId, at, JSON.stringify(scopeOfRequest(request)), request.consumers ?? null, requestedBy, request.reason],
  );
  return reviewId;
}

/** A grant that begins or ends at an instant, ms since the epoch. */
export interface TurningGrant {
  requestId: string;
  requester: UnitId;
  grant: Grant;
  at: number;
}

/** Writes down that what a grant shows is given to whom it was granted, and taken back when its time is over. */
export async function openGrantReviews(transaction: EntityManager, turning: TurningGrant): Promise<void> {
  await openGrantReview(transaction, 'catch-up', turning);
  await openGrantRecall(transaction, { ...turning, at: Date.parse(turning.grant.until) });
}

/** Writes down that what a grant has shown is taken back. */
export async function openGrantRecall(transaction: EntityManager, turning: TurningGrant): Promise<void> {
  await openGrantReview(transaction, 'recall', turning);
}

async function openGrantReview(
  transaction: EntityManager,
  mode: Review['mode'],
  { requestId, requester, grant, at }: TurningGrant,
): Promise<void> {
  await transaction.query(
    'insert into review (review_id, mode, grant_id, at, scope, consumers) values ($1, $2, $3, $4, $5, $6)',
    [uuidv7(), mode, requestId, new Date(at), JSON.stringify(scopeOfGrant(grant.about)), [requester]],
  );
}

/** Puts down the versions of the reviews whose time has come, by the database's clock. */
export async function collectVersions(database: DataSource): Promise<void> {
  const rows: { review_id: string; scope: string }[] = await database.query(
    'select review_id, scope from review where collected_at is null and at <= clock_timestamp() order by at',
  );
  if (rows.length > 0) await awaitDecisions(database);
  for (const { review_id: reviewId, scope } of rows) {
    const { sql, parameters } = conditionOf(JSON.parse(scope) as ReviewScope, 1);
    await database.transaction(async (transaction) => {
      const [taken]: [{ review_id: string }[], number] = await transaction.query(
        'update review set collected_at = now() where review_id = $1 and collected_at is null returning review_id',
        [reviewId],
      );
      if (taken.length === 0) return;
      await transaction.query(
        `insert into review_version (review_id, result_id, version, issuer)
         select $1, s.result_id, s.version, s.issuer from settlement s where ${sql}`,
        [reviewId, ...parameters],
      );
    });
  }
}

/**
 * Decisions by the list before may have been made and not be committed yet, so that they could not be seen: once nobody
 * writes here, all that comes is decided by the list in force (see confirm-decision.ts).
 */
async function awaitDecisions(database: DataSource): Promise<void> {
  await database.transaction((transaction) => transaction.query('lock table settlement in share mode'));
}
