import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody who is sent telemetry, and forgets it: what a collector costs is not what is measured. */
export interface Sink {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** What came, bytes. */
  readonly bytes: () => number;
  stop(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function startSink(): Promise<Sink> {
  let bytes = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
