import pg from 'pg';

/** A dead letter without its body. */
export interface LetterHead {
  id: string;
  /** Of whose account the message is. */
  unit: string;
  stream: string;
  subject: string;
  sequence: string;
  deliveries: number;
  cause: string;
  detail: string;
  bytes: number;
  keptAt: Date;
  replays: number;
  replayRequestedAt: Date | null;
  /** When a replay took it; it is a dead letter no longer. */
  replayedAt: Date | null;
}

/** The dead letters in one service's database. */
export interface LetterTable {
  /** Newest first; those that a replay has taken only when asked for. */
  list(options: { limit: number; replayed: boolean }): Promise<LetterHead[]>;
  read(id: string): Promise<(LetterHead & { body: Buffer }) | undefined>;
  /** Asks for a replay of one letter, or of all that no replay has taken yet. @returns the ids of those asked for. */
  requestReplay(id: string | 'all'): Promise<string[]>;
  /** Letters among these whose replay is still to come. */
  outstanding(ids: readonly string[]): Promise<number>;
  heads(ids: readonly string[]): Promise<LetterHead[]>;
  close(): Promise<void>;
}

const HEAD = `dead_letter_id as id, unit, stream, subject, stream_sequence as sequence, deliveries, cause, detail,
  octet_length(body) as bytes, kept_at as "keptAt", replays, replay_requested_at as "replayRequestedAt",
  replayed_at as "replayedAt"`;

/** Opens the table in the database of a unit or the gateway. @throws the driver's error when the server is away. */
export async function openLetterTable(url: string): Promise<LetterTable> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
  // A connection that breaks while nothing is asked would end the process; the next query tells.
  client.on('error', () => undefined);
  await client.connect();
  const query = async <R>(sql: string, parameters: unknown[] = []): Promise<R[]> =>
    (await client.query(sql, parameters)).rows as R[];
  return {
    list: ({ limit, replayed }) =>
      query<LetterHead>(
        `select ${HEAD} from dead_letter ${replayed ? '' : 'where replayed_at is null'}
         order by dead_letter_id desc limit $1`,
        [limit],
      ),
    read: async (id) =>
      (
        await query<LetterHead & { body: Buffer }>(`select ${HEAD}, body from dead_letter where dead_letter_id = $1`, [
          id,
        ])
      )[0],
    requestReplay: async (id) => {
      const rows = await query<{ id: string }>(
        `update dead_letter set replay_requested_at = now()
         where replayed_at is null and ($1::bigint is null or dead_letter_id = $1) returning dead_letter_id as id`,
        [id === 'all' ? null : id],
      );
      return rows.map((row) => row.id);
    },
    outstanding: async (ids) => {
      const [row] = await query<{ count: string }>(
        'select count(*) from dead_letter where replay_requested_at is not null and dead_letter_id = any($1::bigint[])',
        [ids],
      );
      return Number(row!.count);
    },
    heads: (ids) =>
      query<LetterHead>(
        `select ${HEAD} from dead_letter where dead_letter_id = any($1::bigint[]) order by dead_letter_id`,
        [ids],
      ),
    close: () => client.end(),
  };
}
