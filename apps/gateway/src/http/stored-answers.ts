import { randomUUID } from 'node:crypto';
import type { DataSource } from '@clearance/platform';

/** An answer as it is kept, to be given again. */
export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  /** Undefined when it was too large to be kept. */
  body?: string;
}

/** A request that came with a key. */
export interface KeyedRequest {
  subject: string;
  key: string;
  /** Of all that makes it this request and no other. */
  digest: string;
}

/** What a key says of a request: it is new and now this caller's work; or what became of it before. */
export type Claim =
  | { state: 'ours'; attempt: string }
  | { state: 'running' }
  | { state: 'another-request' }
  | { state: 'answered'; answer: StoredAnswer };

/** Answers are given again for a day. */
const KEPT = '24 hours';
/** Work whose process has said nothing for so long is taken to be over; the same request may then do it anew. */
const LEASE = '30 seconds';
/** How often work that goes on says so, ms. */
export const RENEW_MS = 10_000;
/** Of a body that is kept, characters. */
export const MAX_STORED_BODY = 262_144;

/**
 * Claims a key for a request. Of requests that come together, to whichever replica, exactly one has the work. Times are
 * the database's, so that the replicas' clocks do not matter.
 *
 * @throws the driver's error
 */
export async function claimKey(database: DataSource, { subject, key, digest }: KeyedRequest): Promise<Claim> {
  const attempt = randomUUID();
  // Between two statements the other's work may end without an answer: the key is then free again.
  for (;;) {
    const ours: unknown[] = await database.query(
      `insert into idempotent_answer as a (subject, key, request_digest, attempt, running_until, expires_at)
       values ($1, $2, $3, $4, now() + interval '${LEASE}', now() + interval '${KEPT}')
       on conflict (subject, key) do update set
         request_digest = excluded.request_digest, attempt = excluded.attempt, running_until = excluded.running_until,
         expires_at = excluded.expires_at, status = null, headers = null, body = null
       where a.expires_at <= now() or (a.running_until <= now() and a.request_digest = excluded.request_digest)
       returning attempt`,
      [subject, key, digest, attempt],
    );
    if (ours.length > 0) return { state: 'ours', attempt };
    const [row]: { request_digest: string; status: number | null; headers: string | null; body: string | null }[] =
      await database.query(
        'select request_digest, status, headers, body from idempotent_answer where subject = $1 and key = $2',
        [subject, key],
      );
    if (row === undefined) continue;
    if (row.request_digest !== digest) return { state: 'another-request' };
    if (row.status === null) return { state: 'running' };
    const headers = JSON.parse(row.headers ?? '{}') as Record<string, string>;
    const body = row.body === null ? {} : { body: row.body };
    return { state: 'answered', answer: { status: row.status, headers, ...body } };
  }
}

/** Says that work still goes on. @throws the driver's error */
export async function renewClaim(database: DataSource, attempt: string, { subject, key }: KeyedRequest): Promise<void> {
  await database.query(
    `update idempotent_answer set running_until = now() + interval '${LEASE}'
     where subject = $1 and key = $2 and attempt = $3 and status is null`,
    [subject, key, attempt],
  );
}

/** Keeps the answer of one's own work. @throws the driver's error */
export async function keepAnswer(
  database: DataSource,
  attempt: string,
  { subject, key }: KeyedRequest,
  { status, headers, body }: StoredAnswer,
): Promise<void> {
  const kept = body !== undefined && body.length <= MAX_STORED_BODY ? body : null;
  await database.query(
    `update idempotent_answer set running_until = null, status = $4, headers = $5, body = $6
     where subject = $1 and key = $2 and attempt = $3`,
    [subject, key, attempt, status, JSON.stringify(headers), kept],
  );
}

/** Gives a key up: the same request may come again and be done. @throws the driver's error */
export async function releaseKey(database: DataSource, attempt: string, { subject, key }: KeyedRequest): Promise<void> {
  await database.query('delete from idempotent_answer where subject = $1 and key = $2 and attempt = $3', [
    subject,
    key,
    attempt,
  ]);
}

/** Removes what is not given again any more; some at a time. @returns how many. @throws the driver's error */
export async function sweepAnswers(database: DataSource): Promise<number> {
  const removed: unknown[] = await database.query(
    `with expired as (
       select subject, key from idempotent_answer where expires_at <= now() order by expires_at limit 1000
       for update skip locked)
     delete from idempotent_answer a using expired e where a.subject = e.subject and a.key = e.key returning 1`,
  );
  // TypeORM gives a deletion's rows and their number.
  return (removed[1] as number | undefined) ?? 0;
}
