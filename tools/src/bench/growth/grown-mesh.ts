import { setTimeout as delay } from 'node:timers/promises';
import { watchCpu } from '../exchange/cpu-time.ts';
import type { Passage } from '../exchange/exchange.ts';
import type { BenchServers } from '../exchange/servers.ts';
import { type MeshExchange, startMesh } from '../exchange/start-mesh.ts';
import { meshOfUnits } from './mesh-of-units.ts';
import { forgetPeak, memoryOf, type ProcessMemory } from './process-memory.ts';

/** A mesh of some size among others of other sizes: all its processes stand still but when it is asked for something. */
export interface GrownMesh {
  readonly units: number;
  readonly exchange: MeshExchange;
  /** Of each service once it was ready and had done nothing for a while. */
  readonly idleMemory: Readonly<Record<string, ProcessMemory>>;
  /** Lets its processes go on while `work` lasts. */
  awake<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/**
 * Starts a mesh of so many units, and looks at its memory after a while in which nothing is asked of it.
 *
 * @param idleMs how long that is
 */
export async function growMesh(servers: BenchServers, units: number, idleMs: number): Promise<GrownMesh> {
  const exchange = await startMesh(servers, await meshOfUnits(units));
  try {
    await delay(idleMs);
    const idleMemory = await serviceMemory(exchange);
    for (const { pid } of exchange.mesh.services.values()) await forgetPeak(pid()!);
    const mesh: GrownMesh = {
      units,
      exchange,
      idleMemory,
      awake: async (work) => {
        signalAll(exchange, 'SIGCONT');
        try {
          return await work();
        } finally {
          signalAll(exchange, 'SIGSTOP');
        }
      },
      stop: async () => {
        signalAll(exchange, 'SIGCONT');
        await exchange.stop();
      },
    };
    signalAll(exchange, 'SIGSTOP');
    return mesh;
  } catch (error) {
    await exchange.stop();
    throw error;
  }
}

/** What each service has in memory, by its name. */
export async function serviceMemory({ mesh }: MeshExchange): Promise<Record<string, ProcessMemory>> {
  const read = [...mesh.services.values()].map(async ({ name, pid }): Promise<[string, ProcessMemory]> => [
    name,
    await memoryOf(pid()!),
  ]);
  return Object.fromEntries(await Promise.all(read));
}

/** The copies that one result becomes: one for every unit but its issuer. */
export function copiesOf({ units }: Pick<GrownMesh, 'units'>): number {
  return units - 1;
}

/** The CPU time of a passage without that which the mesh uses in such a time when nothing is asked of it, ms per result. */
export function cpuBeyondIdle({ cpu, results, seconds }: Passage, idleCpu: Readonly<Record<string, number>>): number {
  const beyond = Object.entries(cpu).map(([name, used]) => Math.max(0, used - (idleCpu[name] ?? 0) * seconds));
  return (beyond.reduce((sum, each) => sum + each, 0) * 1_000) / results;
}

/** CPU seconds by process in a second of some in which nothing is asked of a mesh that is awake. */
export async function cpuWhileIdle(
  { mesh }: MeshExchange,
  postgresPid: number,
  idleMs: number,
): Promise<Record<string, number>> {
  const used = watchCpu({
    ...Object.fromEntries([...mesh.services.values()].map(({ name, pid }) => [name, pid()])),
    'nats-server': mesh.broker!.pid,
    postgres: postgresPid,
  });
  const since = performance.now();
  await delay(idleMs);
  const seconds = (performance.now() - since) / 1_000;
  return Object.fromEntries(Object.entries(used()).map(([name, each]) => [name, each / seconds]));
}

/**
 * The broker stands still with its clients: neither then takes the other for lost. Stopped as they are, they would only
 * look into their outboxes, which costs PostgreSQL what is to be measured of another mesh.
 */
function signalAll({ mesh }: MeshExchange, signal: 'SIGSTOP' | 'SIGCONT'): void {
  for (const { pid } of mesh.services.values()) process.kill(pid()!, signal);
  process.kill(mesh.broker!.pid, signal);
}
