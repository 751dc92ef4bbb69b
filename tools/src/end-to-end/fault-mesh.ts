import { rm } from 'node:fs/promises';
import { type NatsServer, type PostgresServer, startNats, startPostgres } from '@clearance/provision';
import { startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

/** A mesh whose broker and database a test may end and start again. */
export interface FaultMesh extends TestLocalMesh {
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  /** Ends the broker as a crash would; with `losingStorage` everything it had kept is gone too. */
  killBroker(how?: 'losing-storage'): Promise<void>;
  startBroker(): Promise<void>;
}

/**
 * Starts a mesh with a broker and a PostgreSQL of its own, whose units offer again after `reofferAfter` what is not
 * settled.
 *
 * @param reofferAfter ISO 8601 duration
 * @param natsServer the nats-server program
 */
export async function startFaultMesh(reofferAfter: string, natsServer: string): Promise<FaultMesh> {
  const mesh = await startTestMesh(undefined, { reofferAfter });
  let database: PostgresServer = mesh.database!;
  let broker: NatsServer = mesh.broker!;
  const ports = { port: Number(new URL(mesh.natsUrl).port), monitorPort: Number(new URL(broker.monitorUrl).port) };
  return {
    ...mesh,
    stopDatabase: () => database.stop(),
    startDatabase: async () => {
      database = await startPostgres(mesh.home, { port: database.port, durable: false });
    },
    killBroker: async (how) => {
      await broker.kill();
      if (how === 'losing-storage') await rm(mesh.home.natsStore, { recursive: true, force: true });
    },
    startBroker: async () => {
      broker = await startNats(mesh.home, { binary: natsServer, ...ports });
    },
    cleanup: async () => {
      await Promise.all([...mesh.services.values()].map((service) => service.stop()));
      await Promise.all([broker.stop(), database.stop()]);
      await mesh.cleanup();
    },
  };
}
