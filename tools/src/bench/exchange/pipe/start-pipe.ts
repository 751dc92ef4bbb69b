import { randomBytes } from 'node:crypto';
import { watchCpu } from '../cpu-time.ts';
import { type Exchange, type Passage, RECEIVERS } from '../exchange.ts';
import { startProgram } from '../program.ts';
import type { BenchServers } from '../servers.ts';
import { countStored } from '../stored-count.ts';

/** How the receivers are spread over processes, as the mesh's are. */
const PLACES = [
  [0, 1, 2, 3],
  [4, 5, 6, 7],
  [8, 9, 10],
];

/**
 * Starts the hand-written pipe: outbox, JetStream, a process that drops five fields, eleven copies, eleven tables. It has
 * no framework, signature, policy, ledger or receipt; it shows what the broker and the database alone allow here.
 */
export async function startPipe(servers: BenchServers): Promise<Exchange> {
  const settings = { natsUrl: servers.openNatsUrl, databaseUrl: servers.databaseUrl };
  const receivers = await Promise.all(
    PLACES.map((places) => startProgram('pipe/receive', { ...settings, receivers: places })),
  );
  const filter = await startProgram('pipe/filter', settings);
  const producer = await startProgram('pipe/produce', settings);
  const stored = countStored(receivers);
  return {
    pass: async (results): Promise<Passage> => {
      const cpu = watchCpu({
        producer: producer.pid,
        filter: filter.pid,
        ...Object.fromEntries(receivers.map(({ pid }, index) => [`receivers-${index + 1}`, pid])),
        'nats-server': servers.openNatsPid,
        postgres: servers.postgresPid,
      });
      const all = stored.reach(results * RECEIVERS);
      const since = performance.now();
      producer.send({ count: results, run: randomBytes(4).toString('hex') });
      await all;
      return { results, seconds: (performance.now() - since) / 1_000, cpu: cpu() };
    },
    stop: async () => {
      for (const program of [producer, filter, ...receivers]) await program.stop();
    },
  };
}
