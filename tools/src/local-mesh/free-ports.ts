import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { MeshPorts } from './start-local-mesh.ts';

/** Below those that systems give to outgoing connections, one of which could take a port that was free a moment ago. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * Ports for a mesh beside others: all free now, those for HTTP in a row.
 *
 * @param gateways replicas of the gateway
 * @param signIn whether the mesh is to have a development sign-in, after them
 */
export async function freeMeshPorts(gateways = 1, signIn = false): Promise<MeshPorts> {
  const services = 3 + gateways + (signIn ? 1 : 0);
  for (;;) {
    const nats = randomInt(LOWEST, HIGHEST);
    const [monitor, database, http] = [nats + 1, nats + 2, nats + 3];
    const all = Array.from({ length: 3 + services }, (_, index) => nats + index);
    if ((await Promise.all(all.map(isFree))).every(Boolean)) {
      return { nats, monitor, database, http, ...(signIn ? { signIn: http + services - 1 } : {}) };
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
