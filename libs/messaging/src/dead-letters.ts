import type { DataSource } from '@clearance/platform';
import type { DeadLetter } from './consume-batches.ts';

/** The table of every service's database in which dead letters are kept; part of its first migration. */
export const DEAD_LETTER_TABLE = `
  create table dead_letter (
    dead_letter_id bigint generated always as identity primary key,
    unit text not null,
    stream text not null,
    subject text not null,
    stream_sequence bigint not null,
    deliveries integer not null,
    cause text not null,
    detail text not null,
    body bytea not null,
    kept_at timestamptz not null default now()
  );`;

/**
 * Keeps a message of a unit's account that could not be used, with its cause: in the database, because a broker may lose
 * anything.
 */
export async function keepDeadLetter(database: DataSource, unit: string, letter: DeadLetter): Promise<void> {
  const { stream, subject, sequence, deliveries, cause, detail, body } = letter;
  await database.query(
    `insert into dead_letter (unit, stream, subject, stream_sequence, deliveries, cause, detail, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [unit, stream, subject, sequence, deliveries, cause, detail, Buffer.from(body)],
  );
}
