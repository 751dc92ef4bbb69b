import type { UnitId } from '@clearance/contracts';
import type { DeadLetter } from '@clearance/messaging';
import type { DataSource } from '@clearance/platform';

/** Keeps a message of a unit's account that the gateway could not use, with its cause. */
export async function keepDeadLetter(database: DataSource, unit: UnitId, letter: DeadLetter): Promise<void> {
  await database.query(
    `insert into dead_letter (unit, stream, subject, stream_sequence, deliveries, cause, detail, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      unit,
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
