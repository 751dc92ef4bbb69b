import type { DataSource } from '@clearance/platform';
import type { DeadLetter, DeadLetterCause } from './consume-batches.ts';

/**
 * The table of every service's database in which dead letters are kept; part of its first migration. The operator's tool
 * reads it, and asks for a replay by setting `replay_requested_at`.
 */
export const DEAD_LETTER_TABLE = `
  create table dead_letter (
    dead_letter_id bigint generated always as identity primary key,
    -- Of whose account the message is.
    unit text not null,
    stream text not null,
    subject text not null,
    stream_sequence bigint not null,
    deliveries integer not null,
    cause text not null,
    detail text not null,
    body bytea not null,
    kept_at timestamptz not null default now(),
    -- The operator wants it handled once more; empty again when that was done, whatever came of it.
    replay_requested_at timestamptz,
    -- A service has it in hand.
    replay_begun_at timestamptz,
    replays integer not null default 0,
    -- A replay has taken it: it is a dead letter no longer, and kept for the record.
    replayed_at timestamptz
  );
  create index dead_letter_requested on dead_letter (unit, dead_letter_id) where replay_requested_at is not null;`;

/** A dead letter that is to be handled once more. */
export interface RequestedLetter {
  id: string;
  stream: string;
  subject: string;
  body: Uint8Array;
}

/** What became of a replay: its effects are committed, or it is beyond help still. */
export type ReplayOutcome = { taken: true } | { taken: false; cause: DeadLetterCause; detail: string };

/** The dead letters of one unit's account, in the database of the service that kept them: a broker may lose anything. */
export interface DeadLetterBox {
  /** Keeps a message that could not be used, with its cause. */
  keep(letter: DeadLetter): Promise<void>;
  /** Takes letters whose replay was asked for, oldest first; one that is not concluded is given again after a minute. */
  takeRequested(): Promise<RequestedLetter[]>;
  conclude(id: string, outcome: ReplayOutcome): Promise<void>;
}

/** Letters that are handled again at once: each may be as large as a message. */
const AT_ONCE = 4;

/** The box of one unit's account in a database that has {@link DEAD_LETTER_TABLE}. */
export function deadLetterBox(database: DataSource, unit: string): DeadLetterBox {
  return {
    keep: async ({ stream, subject, sequence, deliveries, cause, detail, body }) => {
      await database.query(
        `insert into dead_letter (unit, stream, subject, stream_sequence, deliveries, cause, detail, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [unit, stream, subject, sequence, deliveries, cause, detail, Buffer.from(body)],
      );
    },
    takeRequested: async () => {
      const [rows]: [RequestedLetter[], number] = await database.query(
        `with requested as (
           select dead_letter_id from dead_letter where unit = $1 and replay_requested_at is not null
             and (replay_begun_at is null or replay_begun_at < now() - interval '1 minute')
           order by dead_letter_id limit ${AT_ONCE} for update skip locked
         )
         update dead_letter d set replay_begun_at = now() from requested r where d.dead_letter_id = r.dead_letter_id
         returning d.dead_letter_id as id, d.stream, d.subject, d.body`,
        [unit],
      );
      return rows;
    },
    conclude: async (id, outcome) => {
      const [cause, detail] = outcome.taken ? [null, null] : [outcome.cause, outcome.detail];
      await database.query(
        `update dead_letter set replay_requested_at = null, replay_begun_at = null, replays = replays + 1,
           deliveries = deliveries + 1, replayed_at = case when $2::text is null then now() end,
           cause = coalesce($2, cause), detail = coalesce($3, detail)
         where dead_letter_id = $1`,
        [id, cause, detail],
      );
    },
  };
}
