import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { UnitId } from '@clearance/contracts';
import { meshHome } from '@clearance/platform';
import { dropDatabases, ownersOf, removeHome } from '@clearance/provision';
import { freeMeshPorts } from '../../local-mesh/free-ports.ts';
import { type LocalMesh, startLocalMesh } from '../../local-mesh/start-local-mesh.ts';
import { createProgress } from '../../progress.ts';
import { type Backend, connectBackend, submitBatch } from '../../traffic/backend.ts';
import { contentOf } from './contents.ts';
import { watchCpu } from './cpu-time.ts';
import type { Exchange, Passage } from './exchange.ts';
import type { BenchServers } from './servers.ts';
import { until } from './until.ts';

/** The whole mesh as it is started for people, and what a benchmark asks of it beyond. */
export interface MeshExchange extends Exchange {
  readonly mesh: LocalMesh;
  /** From the first step until all units and the gateway were ready, ms; what was there before is the servers. */
  readonly startedIn: number;
  readonly backend: Backend;
  query<R>(owner: UnitId | 'gateway', sql: string, parameters?: unknown[]): Promise<R[]>;
  /** Hands over results as a backend does that has many, unless told otherwise. */
  submit(results: number, manner?: Submitting): Promise<void>;
  pass(results: number, manner?: Submitting): Promise<Passage>;
  /** Resolves when the gateway has decided all that was submitted. */
  disclosed(): Promise<void>;
  /** Resolves when the issuer has nothing that is not settled: every unit has stored and confirmed all. */
  settled(): Promise<void>;
}

/** How a backend hands over what it has. */
export interface Submitting {
  /** Results in a request. */
  readonly batch: number;
  /** Requests on their way at once. */
  readonly inFlight: number;
}

const ISSUER: UnitId = 'ln.customs';
const MANY: Submitting = { batch: 100, inFlight: 4 };

/**
 * Starts units, the gateway and a broker with their accounts on the servers of the benchmark.
 *
 * @param meshText another `mesh.yaml` than the repository's with its twelve units; `ln.customs` issues, and is in it
 * @param environment further settings of its services
 */
export async function startMesh(
  servers: BenchServers,
  meshText?: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<MeshExchange> {
  const root = await mkdtemp(join(tmpdir(), 'clearance-bench-mesh-'));
  await chmod(root, 0o711);
  const home = meshHome(root);
  const databasePrefix = `b_${randomBytes(5).toString('hex')}`;
  const stoppers: (() => Promise<unknown>)[] = [() => removeHome(home)];
  const stop = async (): Promise<void> => {
    while (stoppers.length > 0) await stoppers.pop()!();
  };
  try {
    const lines: string[] = [];
    const meshFile = join(root, 'mesh.yaml');
    if (meshText !== undefined) await writeFile(meshFile, meshText);
    const since = performance.now();
    const mesh = await startLocalMesh({
      home,
      ports: await freeMeshPorts(),
      databaseUrl: servers.databaseUrl,
      databasePrefix,
      ...(meshText === undefined ? {} : { meshFile }),
      environment,
      logLevel: 'info',
      durable: false,
      progress: createProgress((text) => lines.push(text)),
    }).catch((error: unknown) => {
      throw new Error(`the mesh did not start:\n${lines.join('')}`, { cause: error });
    });
    const startedIn = performance.now() - since;
    stoppers.push(() => dropDatabases(ownersOf(mesh.mesh), { adminUrl: servers.databaseUrl, prefix: databasePrefix }));
    stoppers.push(() => mesh.stop());
    const creds = await readFile(home.credsFile(ISSUER, 'backend'));
    const backend = await connectBackend({ url: mesh.natsUrl, creds, unit: ISSUER, timeout: 60_000 });
    stoppers.push(() => backend.connection.close());
    const pools = new Map<string, pg.Pool>();
    stoppers.push(() => Promise.all([...pools.values()].map((pool) => pool.end())));
    const query = async <R>(owner: UnitId | 'gateway', sql: string, parameters: unknown[] = []): Promise<R[]> => {
      const connectionString = (await readFile(home.databaseUrlFile(owner), 'utf8')).trim();
      const pool = pools.get(owner) ?? new pg.Pool({ connectionString, max: 1 });
      if (!pools.has(owner)) {
        // Without a listener a lost connection would end the process; the pool replaces it.
        pool.on('error', () => undefined);
        pools.set(owner, pool);
      }
      return (await pool.query(sql, parameters)).rows as R[];
    };
    const submit = (results: number, manner = MANY): Promise<void> => submitAll(backend, results, manner);
    const settled = async (): Promise<void> => {
      const open = 'select 1 from offer_outbox limit 1';
      await until('all is settled', 40, async () => (await query(ISSUER, open)).length === 0);
    };
    const count = async (owner: UnitId | 'gateway', what: string): Promise<number> =>
      Number((await query<{ count: string }>(owner, `select count(*) from ${what}`))[0]!.count);
    const disclosed = async (): Promise<void> => {
      const issued = await count(ISSUER, 'result where own');
      await until('all is disclosed', 20, async () => (await count('gateway', 'settlement')) >= issued);
    };
    const pass = async (results: number, manner?: Submitting): Promise<Passage> => {
      const cpu = watchCpu({
        backend: process.pid,
        ...Object.fromEntries([...mesh.services.values()].map(({ name, pid }) => [name, pid()])),
        'nats-server': mesh.broker!.pid,
        postgres: servers.postgresPid,
      });
      const since = performance.now();
      await submit(results, manner);
      await settled();
      return { results, seconds: (performance.now() - since) / 1_000, cpu: cpu() };
    };
    return { mesh, startedIn, backend, query, submit, disclosed, settled, pass, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function submitAll(backend: Backend, count: number, { batch, inFlight }: Submitting): Promise<void> {
  const run = randomBytes(4).toString('hex');
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const first = next;
      if (first >= count) return;
      next += batch;
      const contents = Array.from({ length: Math.min(batch, count - first) }, (_, index) =>
        contentOf(`${run}-${first + index}`),
      );
      const outcome = await submitBatch(backend, contents);
      const refused = outcome.ok ? outcome.value.find((each) => !each.ok) : outcome;
      if (refused !== undefined) throw new Error(`not accepted: ${JSON.stringify(refused)}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
