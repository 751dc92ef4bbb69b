import { readFile } from 'node:fs/promises';
import type { Mesh } from '@clearance/contracts';
import { loadMesh, type MeshHome } from '@clearance/platform';
import {
  findNatsServer,
  ownersOf,
  provisionDatabases,
  provisionMesh,
  type NatsServer,
  type PostgresServer,
  requirePort,
  type RunningServer,
  startNats,
  startPostgres,
} from '@clearance/provision';
import { systemEnvironment } from '../config.ts';
import type { Progress } from '../progress.ts';
import { type ManagedService, manageService } from './managed-service.ts';
import { appEntry, LIST_FILE, MESH_FILE, SHARED_BIN, SIGN_IN_ENTRY } from './paths.ts';
import { putInForce } from './put-in-force.ts';

/**
 * The ports of one local mesh. `http` is the gateway's; the three unit services take the ones after it, then further
 * gateways.
 */
export interface MeshPorts {
  nats: number;
  monitor: number;
  database: number;
  http: number;
  /** Of the development sign-in, which is started where there is one. */
  signIn?: number;
}

/** Where the development sign-in of `npm start` listens unless told: after the services. */
export function signInPort(http: number): number {
  return http + serviceNames().length;
}

/** A whole mesh on this machine. */
export interface LocalMesh {
  home: MeshHome;
  mesh: Mesh;
  natsUrl: string;
  /** Of the broker's monitor and process, when it is the embedded one. */
  broker?: NatsServer;
  database?: PostgresServer;
  /** The gateway's address. */
  httpUrl: string;
  /** The development sign-in's address, where there is one. */
  signInUrl?: string;
  services: ReadonlyMap<string, ManagedService>;
  stop(): Promise<void>;
}

/** How to start one. */
export interface LocalMeshOptions {
  home: MeshHome;
  ports: MeshPorts;
  /** Real servers in place of the embedded ones. */
  natsUrl?: string;
  databaseUrl?: string;
  /** Another mesh than the repository's `mesh.yaml`: the path of its file. */
  meshFile?: string;
  /** Further settings of every service, by environment variable. */
  environment?: Readonly<Record<string, string>>;
  /** Of the databases' names; another one makes another mesh in the same server. */
  databasePrefix?: string;
  logLevel: string;
  progress: Progress;
  /** Replicas of the gateway, named `gateway`, `gateway-2` …; one unless told. */
  gateways?: number;
  /** Copies that JetStream keeps of each stream; one unless told. More needs a cluster. */
  streamReplicas?: number;
  /** False for a mesh that is thrown away: its database need not survive a power failure. */
  durable?: boolean;
  /** Gives up between two steps, and stops what was started. */
  signal?: AbortSignal;
}

const READY_LIMIT_MS = 120_000;
const UNIT_SERVICES = ['customs-sync', 'inspection-sync', 'border-sync'];
const SIGN_IN = 'sign-in';

/**
 * Starts NATS, PostgreSQL, the twelve units and the gateway, and puts the default list in force if there is none.
 * What was started is stopped again when a step fails.
 *
 * @throws the fault of the step, with what to do about it.
 */
export async function startLocalMesh(options: LocalMeshOptions): Promise<LocalMesh> {
  const { home } = options;
  const progress = interruptible(options.progress, options.signal);
  const stoppers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    // Services first, then what they need, each in the opposite order of its start.
    while (stoppers.length > 0) await stoppers.pop()!();
  };
  try {
    const mesh = await loadMesh(options.meshFile ?? MESH_FILE);
    await progress.step('密钥、账户与凭证 keys, accounts, credentials', () => provisionMesh(mesh, home, Date.now()));
    const broker = options.natsUrl === undefined ? await startBroker({ ...options, progress }, stoppers) : undefined;
    const natsUrl = options.natsUrl ?? broker!.url;
    const database =
      options.databaseUrl === undefined ? await startDatabase({ ...options, progress }, stoppers) : undefined;
    const adminUrl = options.databaseUrl ?? database!.adminUrl;
    const owners = ownersOf(mesh);
    const prefix = options.databasePrefix;
    await progress.step(
      '数据库 databases',
      () => provisionDatabases(home, owners, { adminUrl, ...(prefix === undefined ? {} : { prefix }) }),
      () => `${owners.length}`,
    );

    await requireHttpPorts(options.ports.http, serviceNames(options.gateways));
    if (options.ports.signIn !== undefined)
      await requirePort(
        options.ports.signIn,
        { zh: '开发环境登录', en: 'the development sign-in' },
        'MESH_SIGN_IN_PORT',
      );
    const services = startServices(options, natsUrl);
    stoppers.push(async () => {
      await Promise.all([...services.values()].map((service) => service.stop()));
    });
    const gateway = services.get('gateway')!;
    await progress.step('负面清单 negative list', () => ensureList(home, gateway.url, options.signal));
    await progress.step(
      '十二个单位与网关 twelve units and the gateway',
      () => Promise.all([...services.values()].map((service) => service.ready(READY_LIMIT_MS, options.signal))),
      () => `${mesh.units.length} units`,
    );
    const embedded = { ...(broker ? { broker } : {}), ...(database ? { database } : {}) };
    const signInUrl = services.get(SIGN_IN)?.url;
    return {
      ...{ home, mesh, natsUrl, httpUrl: gateway.url, services, stop },
      ...embedded,
      ...(signInUrl === undefined ? {} : { signInUrl }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Begins no further step once the signal has come. */
function interruptible(progress: Progress, signal: AbortSignal | undefined): Progress {
  return {
    ...progress,
    step: (title, work, detail) => {
      signal?.throwIfAborted();
      return progress.step(title, work, detail);
    },
  };
}

/** The processes of a mesh, in the order of their HTTP ports. */
function serviceNames(gateways = 1): string[] {
  const further = Array.from({ length: gateways - 1 }, (_, index) => `gateway-${index + 2}`);
  return ['gateway', ...UNIT_SERVICES, ...further];
}

async function requireHttpPorts(first: number, names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    await requirePort(first + index, { zh: `${name} HTTP`, en: `${name} (HTTP)` }, 'MESH_HTTP_PORT');
  }
}

type Stoppers = (() => Promise<void>)[];

async function startBroker({ home, ports, progress }: LocalMeshOptions, stoppers: Stoppers): Promise<NatsServer> {
  const found = await progress.step(
    'nats-server',
    () =>
      findNatsServer({
        caches: [home.bin, SHARED_BIN],
        report: ({ zh, en }) => progress.say(`    ${zh} ${en}`),
      }),
    ({ version, source }) => `${version} (${source})`,
  );
  const server = await progress.step(
    'NATS 与 JetStream',
    () => startNats(home, { binary: found.binary, port: ports.nats, monitorPort: ports.monitor }),
    ({ url }) => url,
  );
  stoppers.push(() => stopped(server));
  return server;
}

async function startDatabase(
  { home, ports, progress, durable }: LocalMeshOptions,
  stoppers: Stoppers,
): Promise<PostgresServer> {
  const server = await progress.step(
    'PostgreSQL',
    () => startPostgres(home, { port: ports.database, durable: durable ?? true }),
    ({ port }) => `127.0.0.1:${port}`,
  );
  stoppers.push(() => stopped(server));
  return server;
}

function stopped(server: RunningServer): Promise<void> {
  return server.stop();
}

function startServices(options: LocalMeshOptions, natsUrl: string): Map<string, ManagedService> {
  const { home, ports, progress } = options;
  const common = {
    ...systemEnvironment(),
    NODE_ENV: 'production',
    MESH_HOME: home.root,
    MESH_CONFIG: options.meshFile ?? MESH_FILE,
  };
  const environment = {
    ...common,
    MESH_NATS_URL: natsUrl,
    CLEARANCE_LOG_LEVEL: options.logLevel,
    CLEARANCE_STREAM_REPLICAS: String(options.streamReplicas ?? 1),
    ...(ports.signIn === undefined ? {} : { CLEARANCE_CONSOLE_ISSUER: `http://127.0.0.1:${ports.signIn}` }),
    ...options.environment,
  };
  const onRestart = (name: string, code: number | null): void =>
    progress.say(`  ! ${name} 意外终止 ended unexpectedly (${code ?? 'signal'}); ${home.logFile(name)}`);
  const manage = (name: string, script: string, httpPort: number, variables: Record<string, string>): ManagedService =>
    manageService({ name, script, environment: variables, httpPort, logFile: home.logFile(name), onRestart });
  const services = new Map(
    serviceNames(options.gateways).map((name, index) => {
      const httpPort = ports.http + index;
      const own = { MESH_HTTP_PORT: String(httpPort), CLEARANCE_HTTP_PORT: String(httpPort) };
      return [name, manage(name, appEntry(name.replace(/-[0-9]+$/, '')), httpPort, { ...environment, ...own })];
    }),
  );
  if (ports.signIn !== undefined) {
    const own = { MESH_SIGN_IN_PORT: String(ports.signIn), MESH_HTTP_PORT: String(ports.http) };
    services.set(SIGN_IN, manage(SIGN_IN, SIGN_IN_ENTRY, ports.signIn, { ...common, ...own }));
  }
  return services;
}

/** Puts the default list in force when the gateway has none: a first start. */
async function ensureList(home: MeshHome, gatewayUrl: string, signal: AbortSignal | undefined): Promise<void> {
  const document = await readFile(LIST_FILE, 'utf8');
  const until = Date.now() + READY_LIMIT_MS;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const existing = await listsOf(home, gatewayUrl);
      if (existing > 0) return;
      const answer = await putInForce(home, gatewayUrl, document);
      if (answer.ok) return;
      if (answer.status !== 503) throw new ListRefused(answer.detail);
    } catch (error) {
      if (error instanceof ListRefused || Date.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

class ListRefused extends Error {}

async function listsOf(home: MeshHome, gatewayUrl: string): Promise<number> {
  const token = (await readFile(home.tokenFile('policy'), 'utf8')).trim();
  const response = await fetch(`${gatewayUrl}/api/v1/lists`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET /api/v1/lists: ${response.status}`);
  return ((await response.json()) as { lists: unknown[] }).lists.length;
}
