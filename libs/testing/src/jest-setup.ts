import { startTestServers } from './servers.ts';

/** Jest's global set-up of the project `real`: one PostgreSQL and one NATS server for the run. */
export default async function setUp(): Promise<void> {
  (globalThis as { stopTestServers?: () => Promise<void> }).stopTestServers = await startTestServers();
}
