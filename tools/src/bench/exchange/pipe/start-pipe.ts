import { randomBytes } from 'node:crypto';
import { watchCpu } from '../cpu-time.ts';
import { type Exchange, type Passage, RECEIVERS } from '../exchange.ts';
import { startProgram } from '../program.ts';
import type { BenchServers } from '../servers.ts';

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
    PLACES.map((places) => startProgram(new URL('receive.js', import.meta.url), { ...settings, receivers: places })),
  );
  const filter = await startProgram(new URL('filter.js', import.meta.url), settings);
  const producer = await startProgram(new URL('produce.js', import.meta.url), settings);
  let stored = 0;
  let onStored: () => void = () => undefined;
  for (const receiver of receivers) {
    receiver.onMessage((message) => {
      stored += Number(message['stored'] ?? 0);
      onStored();
    });
  }
  return {
    pass: async (results): Promise<Passage> => {
      const cpu = await watchCpu({
        producer: producer.pid,
        filter: filter.pid,
        ...Object.fromEntries(receivers.map(({ pid }, index) => [`receivers-${index + 1}`, pid])),
        'nats-server': servers.openNatsPid,
        postgres: servers.postgresPid,
      });
      stored = 0;
      const all = new Promise<void>((resolve) => {
        onStored = () => {
          if (stored >= results * RECEIVERS) resolve();
        };
      });
      const since = performance.now();
      producer.send({ count: results, run: randomBytes(4).toString('hex') });
      await all;
      return { results, seconds: (performance.now() - since) / 1_000, cpu: await cpu() };
    },
    stop: async () => {
      for (const program of [producer, filter, ...receivers]) await program.stop();
    },
  };
}
