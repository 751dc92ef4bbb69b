import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { STREAMS, unitsOf } from '@clearance/contracts';
import type { Random } from '../traffic/random.ts';
import type { BreakableMesh } from './breakable-mesh.ts';

/** A fault that has been inflicted. */
export interface Inflicted {
  /** What was hit: a service, a stream of a unit, how many connections. */
  readonly target: string;
  /** Ends the fault, after it was held for a while; what mends itself needs nothing. */
  readonly mend: () => Promise<void> | void;
}

/** A way to break a mesh. */
export interface FaultKind {
  readonly kind: string;
  /** What it breaks. Two faults at once break different parts, since mending one could undo the other. */
  readonly part: 'service' | 'broker' | 'database';
  readonly title: { readonly zh: string; readonly en: string };
  /** How long it lasts before it is mended, from and to, milliseconds. */
  readonly holdMs: readonly [number, number];
  /** How much more often than others it is chosen. */
  readonly weight: number;
  readonly inflict: (mesh: BreakableMesh, random: Random) => Promise<Inflicted>;
}

const nothing = (): void => undefined;
const UNIT_SERVICES = ['customs-sync', 'inspection-sync', 'border-sync'];
const GATEWAY_REPLICAS = ['gateway', 'gateway-2'];
/** Without EVENTS: it is the backend's own, and what a backend has not read yet is not given again. */
const INTERNAL_STREAMS = Object.keys(STREAMS).filter((name) => name !== 'EVENTS');

async function crash(mesh: BreakableMesh, names: readonly string[]): Promise<Inflicted> {
  await Promise.all(names.map((name) => mesh.services.get(name)!.crash()));
  return { target: names.join(', '), mend: nothing };
}

function pause(mesh: BreakableMesh, name: string): Inflicted {
  const pid = mesh.services.get(name)!.pid()!;
  process.kill(pid, 'SIGSTOP');
  return {
    target: name,
    mend: () => {
      process.kill(pid, 'SIGCONT');
    },
  };
}

/** Faults of a mesh on one broker or on a cluster alike. */
const COMMON: readonly FaultKind[] = [
  {
    kind: 'unit-service-killed',
    part: 'service',
    title: { zh: '强行终止一个单位服务', en: 'a unit service is killed' },
    holdMs: [0, 0],
    weight: 3,
    inflict: (mesh, random) => crash(mesh, [random.pick(UNIT_SERVICES)]),
  },
  {
    kind: 'gateway-killed',
    part: 'service',
    title: { zh: '强行终止一个网关副本', en: 'a gateway replica is killed' },
    holdMs: [0, 0],
    weight: 3,
    inflict: (mesh, random) => crash(mesh, [random.pick(GATEWAY_REPLICAS)]),
  },
  {
    kind: 'all-gateways-killed',
    part: 'service',
    title: { zh: '强行终止全部网关副本', en: 'all gateway replicas are killed' },
    holdMs: [0, 0],
    weight: 1,
    inflict: (mesh) => crash(mesh, GATEWAY_REPLICAS),
  },
  {
    kind: 'unit-service-paused',
    part: 'service',
    title: { zh: '暂停一个单位服务', en: 'a unit service stands still' },
    holdMs: [1_000, 6_000],
    weight: 2,
    inflict: (mesh, random) => Promise.resolve(pause(mesh, random.pick(UNIT_SERVICES))),
  },
  {
    kind: 'gateway-paused',
    part: 'service',
    title: { zh: '暂停一个网关副本', en: 'a gateway replica stands still' },
    holdMs: [1_000, 6_000],
    weight: 2,
    inflict: (mesh, random) => Promise.resolve(pause(mesh, random.pick(GATEWAY_REPLICAS))),
  },
  {
    kind: 'database-killed',
    part: 'database',
    title: { zh: '强行终止 PostgreSQL', en: 'PostgreSQL is killed' },
    holdMs: [200, 2_000],
    weight: 2,
    inflict: async (mesh) => {
      await mesh.databaseServer.kill();
      return { target: 'PostgreSQL', mend: () => mesh.databaseServer.start() };
    },
  },
  {
    kind: 'database-paused',
    part: 'database',
    title: { zh: '暂停 PostgreSQL', en: 'PostgreSQL stands still' },
    holdMs: [1_000, 5_000],
    weight: 1,
    inflict: async (mesh) => {
      await mesh.databaseServer.pause();
      return { target: 'PostgreSQL', mend: () => mesh.databaseServer.resume() };
    },
  },
  {
    kind: 'database-connections-dropped',
    part: 'database',
    title: { zh: '切断半数数据库连接', en: 'half of the database connections are cut' },
    holdMs: [0, 0],
    weight: 2,
    inflict: async (mesh, random) => {
      const cut = await dropDatabaseConnections(mesh, random);
      return { target: `${cut} connections`, mend: nothing };
    },
  },
  {
    kind: 'broker-connections-dropped',
    part: 'broker',
    title: { zh: '切断半数 NATS 连接', en: 'half of the NATS connections are cut' },
    holdMs: [0, 0],
    weight: 2,
    inflict: async (mesh, random) => {
      const cut = await dropBrokerConnections(mesh, random);
      return { target: `${cut} connections`, mend: nothing };
    },
  },
  {
    kind: 'stream-deleted',
    part: 'broker',
    title: { zh: '删除一个流', en: 'a stream is deleted' },
    holdMs: [0, 0],
    weight: 3,
    inflict: (mesh, random) =>
      onStream(mesh, random, async (manager, stream) => {
        await manager.streams.delete(stream);
      }),
  },
  {
    kind: 'stream-purged',
    part: 'broker',
    title: { zh: '清空一个流', en: 'a stream is emptied' },
    holdMs: [0, 0],
    weight: 2,
    inflict: (mesh, random) =>
      onStream(mesh, random, async (manager, stream) => {
        await manager.streams.purge(stream);
      }),
  },
  {
    kind: 'consumer-deleted',
    part: 'broker',
    title: { zh: '删除一个流的消费者', en: "a stream's consumers are deleted" },
    holdMs: [0, 0],
    weight: 2,
    inflict: (mesh, random) =>
      onStream(mesh, random, async (manager, stream) => {
        for await (const { name } of manager.consumers.list(stream)) await manager.consumers.delete(stream, name);
      }),
  },
  {
    kind: 'broker-storage-wiped',
    part: 'broker',
    title: { zh: '抹去全部 NATS 存储', en: "the broker's whole storage is wiped" },
    holdMs: [200, 2_000],
    weight: 2,
    inflict: async (mesh) => {
      await Promise.all(mesh.brokers.map((broker) => broker.kill('losing-storage')));
      return { target: mesh.brokers.map(({ name }) => name).join(', '), mend: () => startAll(mesh) };
    },
  },
  {
    kind: 'broker-killed',
    part: 'broker',
    title: { zh: '强行终止 NATS', en: 'the broker is killed' },
    holdMs: [200, 3_000],
    weight: 2,
    inflict: async (mesh) => {
      await Promise.all(mesh.brokers.map((broker) => broker.kill()));
      return { target: mesh.brokers.map(({ name }) => name).join(', '), mend: () => startAll(mesh) };
    },
  },
  {
    kind: 'broker-paused',
    part: 'broker',
    title: { zh: '暂停一个 NATS 服务器', en: 'a nats-server stands still' },
    holdMs: [1_000, 5_000],
    weight: 1,
    inflict: (mesh, random) => {
      const broker = random.pick(mesh.brokers);
      broker.pause();
      return Promise.resolve({ target: broker.name, mend: () => broker.resume() });
    },
  },
];

/** Faults that only a cluster can have. Two of three go on working meanwhile. */
const OF_A_CLUSTER: readonly FaultKind[] = [
  {
    kind: 'broker-node-killed',
    part: 'broker',
    title: { zh: '集群中一台 NATS 停机', en: 'one node of the cluster is down' },
    holdMs: [3_000, 12_000],
    weight: 6,
    inflict: async (mesh, random) => {
      const broker = random.pick(mesh.brokers);
      await broker.kill();
      return { target: broker.name, mend: () => broker.start() };
    },
  },
  {
    kind: 'broker-node-wiped',
    part: 'broker',
    title: { zh: '集群中一台 NATS 丢失存储', en: 'one node of the cluster loses its storage' },
    holdMs: [1_000, 6_000],
    weight: 3,
    inflict: async (mesh, random) => {
      const broker = random.pick(mesh.brokers);
      await broker.kill('losing-storage');
      return { target: broker.name, mend: () => broker.start() };
    },
  },
];

/** The faults that a mesh on so many brokers can have. */
export function faultKindsOf(brokers: 1 | 3): readonly FaultKind[] {
  return brokers === 1 ? COMMON : [...COMMON, ...OF_A_CLUSTER];
}

async function startAll(mesh: BreakableMesh): Promise<void> {
  await Promise.all(mesh.brokers.map((broker) => broker.start()));
}

async function onStream(
  mesh: BreakableMesh,
  random: Random,
  use: (manager: Awaited<ReturnType<typeof jetstreamManager>>, stream: string) => Promise<void>,
): Promise<Inflicted> {
  const unit = random.pick(unitsOf(mesh.mesh));
  const stream = random.pick(INTERNAL_STREAMS);
  await mesh.asOperator(unit, async (connection) => {
    await use(await jetstreamManager(connection, { checkAPI: false, timeout: 10_000 }), stream);
  });
  return { target: `${stream} ${unit}`, mend: nothing };
}

/** @returns how many were cut */
async function dropDatabaseConnections(mesh: BreakableMesh, random: Random): Promise<number> {
  let cut = 0;
  for (const owner of [...unitsOf(mesh.mesh), 'gateway' as const]) {
    // Each owner may end the sessions of its own role, all but the one that asks.
    const sessions = await mesh.query<{ pid: number }>(
      owner,
      'select pid from pg_stat_activity where usename = current_user and pid <> pg_backend_pid() order by pid',
    );
    const chosen = sessions.filter(() => random.chance(0.5)).map(({ pid }) => pid);
    await mesh.query(owner, 'select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [chosen]);
    cut += chosen.length;
  }
  return cut;
}

/** @returns how many were cut */
async function dropBrokerConnections(mesh: BreakableMesh, random: Random): Promise<number> {
  let cut = 0;
  for (const { monitorUrl, url } of mesh.brokers) {
    const response = await fetch(`${monitorUrl}/connz?limit=10000`, { signal: AbortSignal.timeout(10_000) });
    const { server_id: server, connections } = (await response.json()) as {
      server_id: string;
      connections: { cid: number }[];
    };
    const chosen = connections.filter(() => random.chance(0.5));
    // Asked of the server itself: in a cluster the way back for an answer may not be known everywhere yet.
    const cutChosen = async (connection: NatsConnection): Promise<void> => {
      for (const { cid } of chosen) {
        await connection.request(`$SYS.REQ.SERVER.${server}.KICK`, JSON.stringify({ cid }), { timeout: 10_000 });
      }
    };
    await mesh.asOperator('system', cutChosen, url);
    cut += chosen.length;
  }
  return cut;
}
