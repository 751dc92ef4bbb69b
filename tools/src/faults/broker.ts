import { rm } from 'node:fs/promises';
import type { MeshHome } from '@clearance/platform';
import { freePort, natsStoreOf, type NatsNode, type NatsServer, startNats } from '@clearance/provision';

/** One nats-server that can be broken and mended. */
export interface Broker {
  readonly name: string;
  readonly url: string;
  readonly monitorUrl: string;
  /** Ends it as a crash would; with `losing-storage` everything it had kept is gone too. */
  kill(how?: 'losing-storage'): Promise<void>;
  /** Starts it again on what its store holds, and waits until it answers. */
  start(): Promise<void>;
  /** Holds it still and lets it go on, as a machine that stalls does. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/**
 * Starts one nats-server, or a cluster of three, on a provisioned home.
 *
 * @param binary the nats-server program
 */
export async function startBrokers(home: MeshHome, count: 1 | 3, binary: string): Promise<Broker[]> {
  const routePorts = count === 1 ? [] : await Promise.all(Array.from({ length: count }, () => freePort()));
  return Promise.all(
    Array.from({ length: count }, async (_, index): Promise<Broker> => {
      const name = `n${index + 1}`;
      const clusterPort = routePorts[index];
      const node = clusterPort === undefined ? undefined : { name, clusterPort, routePorts };
      return startBroker(home, binary, node);
    }),
  );
}

async function startBroker(home: MeshHome, binary: string, node: NatsNode | undefined): Promise<Broker> {
  const options = {
    binary,
    port: await freePort(),
    monitorPort: await freePort(),
    ...(node === undefined ? {} : { node }),
  };
  let server: NatsServer = await startNats(home, options);
  return {
    name: node?.name ?? 'nats-server',
    url: server.url,
    monitorUrl: server.monitorUrl,
    kill: async (how) => {
      await server.kill();
      if (how === 'losing-storage') await rm(natsStoreOf(home, node), { recursive: true, force: true });
    },
    start: async () => {
      server = await startNats(home, options);
    },
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    stop: () => server.stop(),
  };
}
