import pg from 'pg';
import { createPublisher } from '@clearance/messaging';
import { contentOf } from '../contents.ts';
import { settingsOf, tell } from '../program.ts';
import { connectPipe, PACK, type PipeSettings } from './streams.ts';

// Writes results into an outbox, a hundred at a time, and a relay passes them on to JetStream, 32 in a message.

const settings = settingsOf<PipeSettings>();
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 2 });
await pool.query(
  'create table if not exists pipe_outbox (id bigint generated always as identity primary key, body text not null)',
);
const publisher = createPublisher(await connectPipe(settings));

async function insert(count: number, run: string): Promise<void> {
  for (let next = 0; next < count; next += 100) {
    const bodies = Array.from({ length: Math.min(100, count - next) }, (_, index) =>
      JSON.stringify(contentOf(`${run}-${next + index}`)),
    );
    const rows = bodies.map((_, index) => `($${index + 1})`).join(',');
    await pool.query(`insert into pipe_outbox (body) values ${rows}`, bodies);
  }
}

async function relay(count: number): Promise<void> {
  for (let passed = 0; passed < count;) {
    const { rows } = await pool.query<{ id: string; body: string }>(
      'select id, body from pipe_outbox order by id limit 512',
    );
    if (rows.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      continue;
    }
    const messages = [];
    for (let next = 0; next < rows.length; next += PACK) {
      const pack = rows.slice(next, next + PACK).map(({ body }) => body);
      messages.push({ subject: 'pipe.in', body: `[${pack.join(',')}]` });
    }
    await publisher.publishAll(messages);
    await pool.query('delete from pipe_outbox where id <= $1', [rows.at(-1)!.id]);
    passed += rows.length;
  }
}

process.on('message', ({ count, run }: { count: number; run: string }) => {
  void Promise.all([insert(count, run), relay(count)]);
});
tell({ ready: true });
