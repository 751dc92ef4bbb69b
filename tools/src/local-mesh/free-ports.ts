import { createServer } from 'node:net';
import { freePort } from '@clearance/provision';
import type { MeshPorts } from './start-local-mesh.ts';

/**
 * Ports for a mesh beside others: all free now, those for HTTP in a row.
 *
 * @param gateways replicas of the gateway
 */
export async function freeMeshPorts(gateways = 1): Promise<MeshPorts> {
  const [nats, monitor, database] = [await freePort(), await freePort(), await freePort()];
  for (;;) {
    const http = await freePort();
    const following = await Promise.all(Array.from({ length: 2 + gateways }, (_, index) => isFree(http + 1 + index)));
    if (following.every(Boolean)) return { nats, monitor, database, http };
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
