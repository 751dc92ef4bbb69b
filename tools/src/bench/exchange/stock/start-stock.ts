import { randomBytes } from 'node:crypto';
import { lastValueFrom } from 'rxjs';
import { contentOf } from '../contents.ts';
import { watchCpu } from '../cpu-time.ts';
import { type Exchange, type Passage, RECEIVERS } from '../exchange.ts';
import { startProgram } from '../program.ts';
import type { BenchServers } from '../servers.ts';
import { countStored } from '../stored-count.ts';
import { clientOf, layTables } from './parts.ts';

const PROCESSES = 3;
const IN_FLIGHT = 32;

/**
 * Starts what a team would write with stock parts: Nest's NATS transport, a handler per message, `repository.save()` per
 * message, one publish per receiver. It has no signature, policy, ledger or receipts, and loses what is on its way.
 */
export async function startStock(servers: BenchServers): Promise<Exchange> {
  const settings = { natsUrl: servers.openNatsUrl, databaseUrl: servers.databaseUrl };
  await layTables(servers.databaseUrl);
  const names = Array.from({ length: RECEIVERS }, (_, index) => `r${index}`);
  const receivers = await Promise.all(
    Array.from({ length: PROCESSES }, (_, process) =>
      startProgram('stock/receive', {
        ...settings,
        receivers: names.filter((_name, index) => index % PROCESSES === process),
      }),
    ),
  );
  const filter = await startProgram('stock/filter', { ...settings, receivers: names });
  const issuer = await startProgram('stock/issue', settings);
  const client = clientOf(settings);
  await client.connect();
  const stored = countStored(receivers);
  return {
    pass: async (results): Promise<Passage> => {
      const cpu = watchCpu({
        backend: process.pid,
        issuer: issuer.pid,
        filter: filter.pid,
        ...Object.fromEntries(receivers.map(({ pid }, index) => [`receivers-${index + 1}`, pid])),
        'nats-server': servers.openNatsPid,
        postgres: servers.postgresPid,
      });
      const all = stored.reach(results * RECEIVERS);
      const run = randomBytes(4).toString('hex');
      const since = performance.now();
      let next = 0;
      const worker = async (): Promise<void> => {
        for (let index = next++; index < results; index = next++) {
          await lastValueFrom(client.send('stock.submit', contentOf(`${run}-${index}`)));
        }
      };
      await Promise.all([all, ...Array.from({ length: IN_FLIGHT }, worker)]);
      return { results, seconds: (performance.now() - since) / 1_000, cpu: cpu() };
    },
    stop: async () => {
      await client.close();
      for (const program of [issuer, filter, ...receivers]) await program.stop();
    },
  };
}
