import { mkdir } from 'node:fs/promises';
import type { LocalizedText } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform';
import { DEFAULT_PORTS } from './nats-configuration.ts';
import { requirePort } from './ports.ts';
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

const title: LocalizedText = { zh: 'NATS 服务器', en: 'the NATS server' };

/**
 * Starts a nats-server on the configuration that provisioning wrote, and waits until JetStream serves.
 * @param options.binary from `findNatsServer`
 * @param options.configuration another file than the home's, for tests
 * @throws ProvisionFault `port-taken` (naming MESH_NATS_PORT or MESH_NATS_MONITOR_PORT), `already-running`, `server-failed`
 */
export async function startNats(
  home: MeshHome,
  options: { binary: string; port?: number; monitorPort?: number; configuration?: string },
): Promise<NatsServer> {
  const port = options.port ?? DEFAULT_PORTS.nats;
  const monitorPort = options.monitorPort ?? DEFAULT_PORTS.monitor;
  const configuration = options.configuration ?? home.natsConfigurationFile;
  await stopStaleServer(home, 'nats-server', title, configuration, 'SIGTERM');
  await requirePort(port, title, 'MESH_NATS_PORT');
  await requirePort(monitorPort, { zh: 'NATS 监控', en: 'the NATS monitor' }, 'MESH_NATS_MONITOR_PORT');
  await mkdir(home.natsStore, { recursive: true, mode: 0o700 });
  const monitorUrl = `http://127.0.0.1:${monitorPort}`;
  const server = await startServer(home, {
    server: 'nats-server',
    title,
    command: options.binary,
    args: ['-c', configuration, '-a', '127.0.0.1', '-p', String(port), '-m', String(monitorPort)],
    ready: async () => (await fetch(`${monitorUrl}/healthz`, { signal: AbortSignal.timeout(2_000) })).ok,
    stopSignal: 'SIGTERM',
  });
  return { ...server, url: `nats://127.0.0.1:${port}`, monitorUrl, reload: () => server.signal('SIGHUP') };
}
