import pg from 'pg';
import { settingsOf, tell } from '../program.ts';
import { connectPipe, layStream, type PipeSettings, readBatches } from './streams.ts';

// Stores copies, each receiver in its own table, many in one statement.

const settings = settingsOf<PipeSettings>();
const connection = await connectPipe(settings);
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 4 });
const utf8 = new TextDecoder();

const readers = await Promise.all(
  settings.receivers!.map(async (receiver) => {
    await pool.query(
      `create table if not exists pipe_copy_${receiver} (reference text primary key, body text not null)`,
    );
    return { receiver, consumer: await layStream(connection, `PIPE_OUT_${receiver}`, `pipe.out.${receiver}`) };
  }),
);
tell({ ready: true });

await Promise.all(
  readers.map(({ receiver, consumer }) =>
    readBatches(consumer, async (batch) => {
      const copies = batch.flatMap(({ data }) => JSON.parse(utf8.decode(data)) as { reference: string }[]);
      const values = copies.flatMap((copy) => [copy.reference, JSON.stringify(copy)]);
      const rows = copies.map((_, index) => `($${index * 2 + 1}, $${index * 2 + 2})`).join(',');
      await pool.query(
        `insert into pipe_copy_${receiver} (reference, body) values ${rows} on conflict do nothing`,
        values,
      );
      tell({ stored: copies.length });
    }),
  ),
);
