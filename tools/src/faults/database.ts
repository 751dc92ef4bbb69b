import { readdir, readFile } from 'node:fs/promises';
import type { MeshHome } from '@clearance/platform';
import { type PostgresServer, startPostgres } from '@clearance/provision';

/** A PostgreSQL that can be broken and mended. */
export interface Database {
  readonly adminUrl: string;
  /** Ends the server at once, as a crash would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Holds the server and all its sessions still, and lets them go on. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL of its own on a home. Its data need not survive a power failure, but do survive a crash. */
export async function startDatabase(home: MeshHome, port: number): Promise<Database> {
  const options = { port, durable: false };
  let server: PostgresServer = await startPostgres(home, options);
  const signalAll = async (signal: NodeJS.Signals): Promise<void> => {
    for (const pid of [server.pid, ...(await childrenOf(server.pid))]) {
      try {
        process.kill(pid, signal);
      } catch {
        // A session that has ended meanwhile.
      }
    }
  };
  return {
    adminUrl: server.adminUrl,
    kill: () => server.kill(),
    start: async () => {
      server = await startPostgres(home, options);
    },
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    stop: () => server.stop(),
  };
}

/** Processes that a process has started; only Linux tells them without a program of its own. */
async function childrenOf(parent: number): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^[0-9]+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // `pid (name) state parent …`; a name may hold anything but the last parenthesis ends it.
    const ppid = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
    if (ppid === parent) found.push(Number(name));
  }
  return found;
}
