import { createServer } from 'node:net';
import { freePort } from '@clearance/provision';
import type { MeshPorts } from './start-local-mesh.ts';

/** Ports for a mesh beside others: all free now, the four for HTTP in a row. */
export async function freeMeshPorts(): Promise<MeshPorts> {
  const [nats, monitor, database] = [await freePort(), await freePort(), await freePort()];
  for (;;) {
    const http = await freePort();
    const following = await Promise.all([http + 1, http + 2, http + 3].map(isFree));
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
