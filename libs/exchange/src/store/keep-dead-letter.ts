import type { DeadLetter } from '@clearance/messaging';
import type { DataSource } from '@clearance/platform';

/** Keeps a message that could not be used, with its cause, in the database: a broker may lose anything. */
export async function keepDeadLetter(database: DataSource, letter: DeadLetter): Promise<void> {
  await database.query(
    `insert into dead_letter (stream, subject, stream_sequence, deliveries, cause, detail, body)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      letter.stream,
      letter.subject,
      letter.sequence,
      letter.deliveries,
      letter.cause,
      letter.detail,
      Buffer.from(letter.body),
    ],
  );
}
