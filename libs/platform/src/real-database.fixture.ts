import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { testServers } from '@clearance/testing';

/** A database of one test file's own. */
export interface OwnDatabase {
  url: string;
  /** A statement as the administrator, on a connection beside those under test. */
  asAdministrator(sql: string): Promise<unknown[]>;
  drop(): Promise<void>;
}

/** Creates an empty database in the run's PostgreSQL. */
export async function ownDatabase(): Promise<OwnDatabase> {
  const { databaseUrl } = testServers();
  const name = `t_${randomBytes(6).toString('hex')}`;
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  const on = async (address: string, sql: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    try {
      return (await client.query(sql)).rows as unknown[];
    } finally {
      await client.end();
    }
  };
  await on(databaseUrl, `create database ${name}`);
  return {
    url: url.href,
    asAdministrator: (sql) => on(url.href, sql),
    drop: async () => void (await on(databaseUrl, `drop database ${name} with (force)`)),
  };
}

/** How a child process ended, and what it wrote. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The address of a source file of this library, for a program to import. */
export const sourceUrl = (file: string): string => new URL(file, import.meta.url).href;

/** A program of this library's sources, in a process of its own. `line` waits for a line on its standard output. */
export function runProgram(source: string): {
  ended: Promise<Ended>;
  line: (text: string) => Promise<void>;
  signal: (signal: NodeJS.Signals) => void;
} {
  const child = spawn(
    process.execPath,
    ['--conditions=clearance-source', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', source],
    { cwd: fileURLToPath(new URL('../', import.meta.url)), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const written = { stdout: '', stderr: '' };
  let look: () => void = () => undefined;
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
      look();
    });
  }
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...written })));
  const line = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        if (written.stdout.split('\n').includes(text)) resolve();
      };
      look();
      void ended.then(() => reject(new Error(`ended without the line "${text}": ${written.stderr}`)));
    });
  return { ended, line, signal: (signal) => void child.kill(signal) };
}
