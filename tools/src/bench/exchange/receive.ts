import { unitsOf, type UnitId } from '@clearance/contracts';
import { contentOf, dropFive } from './contents.ts';
import { startProgram } from './program.ts';
import type { BenchServers } from './servers.ts';
import type { MeshExchange } from './start-mesh.ts';
import { countStored } from './stored-count.ts';
import { clientOf, type CopyMessage } from './stock/parts.ts';
import { until } from './until.ts';

/** The service that stands still while its copies gather, and then takes them all. */
const SERVICE = 'border-sync';

/**
 * How many copies a second one unit service takes that have gathered for it: verifies, stores, tells its backends and
 * gives receipts, for the four units that it serves.
 */
export async function receiveInMesh(exchange: MeshExchange, results: number): Promise<number> {
  const { mesh, query } = exchange;
  const units = unitsOf(mesh.mesh).filter((unit) => unit.endsWith('.border'));
  const before = await storedIn(query, units);
  const pid = mesh.services.get(SERVICE)!.pid()!;
  process.kill(pid, 'SIGSTOP');
  let since: number;
  try {
    await exchange.submit(results);
    // All that is still waited for is what the service that stands still has not confirmed.
    const others = `select 1 from settlement where settled_at is null and not waiting <@ $1::text[] limit 1`;
    await exchange.disclosed();
    await until('all others have confirmed', 20, async () => (await query('gateway', others, [units])).length === 0);
  } finally {
    since = performance.now();
    process.kill(pid, 'SIGCONT');
  }
  const copies = results * units.length;
  await until('its copies are stored', 5, async () => (await storedIn(query, units)) >= before + copies);
  const rate = copies / ((performance.now() - since) / 1_000);
  await exchange.settled();
  return rate;
}

async function storedIn(query: MeshExchange['query'], units: readonly UnitId[]): Promise<number> {
  const counts = await Promise.all(
    units.map((unit) => query<{ count: string }>(unit, 'select count(*) from result where not own')),
  );
  return counts.reduce((sum, [row]) => sum + Number(row!.count), 0);
}

/** How many copies a second one stock handler takes: Nest's NATS transport and `repository.save()` for each. */
export async function receiveInStock(servers: BenchServers, results: number, run: string): Promise<number> {
  const receivers = ['a', 'b', 'c', 'd'].map((name) => `${run}-${name}`);
  const settings = { natsUrl: servers.openNatsUrl, databaseUrl: servers.databaseUrl };
  const program = await startProgram('stock/receive', { ...settings, receivers });
  const client = clientOf(settings);
  await client.connect();
  try {
    const copies = results * receivers.length;
    const all = countStored([program]).reach(copies);
    const since = performance.now();
    for (let index = 0; index < results; index += 1) {
      for (const receiver of receivers) {
        const message: CopyMessage = {
          receiver,
          content: dropFive(contentOf(`${run}-${index}`)) as CopyMessage['content'],
        };
        client.emit(`stock.copies.${receiver}`, message);
      }
    }
    await all;
    return copies / ((performance.now() - since) / 1_000);
  } finally {
    await client.close();
    await program.stop();
  }
}
