import { mkdir, readFile } from 'node:fs/promises';
import type { LocalizedText } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform';
import { DEFAULT_PORTS } from './nats-configuration.ts';
import { requirePort } from './ports.ts';
import { writePrivate } from './private-files.ts';
import { startServer, type RunningServer } from './running-server.ts';
import { stopStaleServer } from './stale-server.ts';

/** A running nats-server. After `kill` or `stop` the same call starts it again on what its store holds. */
export interface NatsServer extends RunningServer {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  /** HTTP address of `/healthz`, `/varz`, `/jsz`. */
  readonly monitorUrl: string;
  /** Reads the configuration again: accounts that provisioning added appear, clients stay connected. */
  reload(): void;
}

/** One server of a cluster on this machine. */
export interface NatsNode {
  /** Its name in the cluster: `n1`. */
  name: string;
  /** Where the other servers reach it. */
  clusterPort: number;
  /** Cluster ports of all servers. */
  routePorts: readonly number[];
}

const title: LocalizedText = { zh: 'NATS 服务器', en: 'the NATS server' };

/**
 * Starts a nats-server on the configuration that provisioning wrote, and waits until JetStream serves.
 * @param options.binary from `findNatsServer`
 * @param options.configuration another file than the home's, for tests
 * @param options.node makes it one server of a cluster, with a store of its own beside the home's
 * @throws ProvisionFault `port-taken` (naming MESH_NATS_PORT or MESH_NATS_MONITOR_PORT), `already-running`, `server-failed`
 */
export async function startNats(
  home: MeshHome,
  options: { binary: string; port?: number; monitorPort?: number; configuration?: string; node?: NatsNode },
): Promise<NatsServer> {
  const port = options.port ?? DEFAULT_PORTS.nats;
  const monitorPort = options.monitorPort ?? DEFAULT_PORTS.monitor;
  const common = options.configuration ?? home.natsConfigurationFile;
  const configuration = options.node === undefined ? common : await configurationOfNode(home, common, options.node);
  const server = options.node === undefined ? 'nats-server' : `nats-server-${options.node.name}`;
  const store = natsStoreOf(home, options.node);
  await stopStaleServer(home, server, title, configuration, 'SIGTERM');
  await requirePort(port, title, 'MESH_NATS_PORT');
  await requirePort(monitorPort, { zh: 'NATS 监控', en: 'the NATS monitor' }, 'MESH_NATS_MONITOR_PORT');
  await mkdir(store, { recursive: true, mode: 0o700 });
  const monitorUrl = `http://127.0.0.1:${monitorPort}`;
  const running = await startServer(home, {
    server,
    title,
    command: options.binary,
    args: ['-c', configuration, '-a', '127.0.0.1', '-p', String(port), '-m', String(monitorPort)],
    // A server of a cluster serves when enough others are there: whoever starts them waits for that.
    ready: async () => {
      const health = options.node === undefined ? '' : '?js-server-only=true';
      return (await fetch(`${monitorUrl}/healthz${health}`, { signal: AbortSignal.timeout(2_000) })).ok;
    },
    stopSignal: 'SIGTERM',
  });
  return { ...running, url: `nats://127.0.0.1:${port}`, monitorUrl, reload: () => running.signal('SIGHUP') };
}

/** Where a server keeps its streams. */
export function natsStoreOf(home: MeshHome, node?: NatsNode): string {
  return node === undefined ? home.natsStore : `${home.natsStore}-${node.name}`;
}

/** The home's configuration with what one server of a cluster has of its own, in a file beside it. */
async function configurationOfNode(home: MeshHome, configuration: string, node: NatsNode): Promise<string> {
  const { name, clusterPort, routePorts } = node;
  const routes = routePorts.filter((port) => port !== clusterPort).map((port) => `"nats://127.0.0.1:${port}"`);
  const shared = (await readFile(configuration, 'utf8'))
    .replace(/^server_name: .*$/m, `server_name: ${name}`)
    .replace(/^( *)store_dir: .*$/m, `$1store_dir: ${JSON.stringify(natsStoreOf(home, node))}`);
  const cluster = `cluster: { name: clearance, listen: "127.0.0.1:${clusterPort}", routes: [${routes.join(', ')}] }`;
  const path = configuration.replace(/(\.conf)?$/, `-${name}.conf`);
  await writePrivate(path, `${shared}${cluster}\n`);
  return path;
}
