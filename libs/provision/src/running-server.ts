import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalizedText } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform';
import { describe, writePrivate } from './private-files.ts';
import { ProvisionFault } from './provision-fault.ts';
import type { Identity } from './run-program.ts';
import { watchParent } from './watch-parent.ts';

/** How a server's process ended. */
export interface ServerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A server process that this process started. */
export interface RunningServer {
  readonly pid: number;
  /** Settles when the process has ended, whoever ended it. */
  readonly exited: Promise<ServerExit>;
  /** Asks it to end, waits, and insists after a while. Ending one that has ended does nothing. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would, and waits for that. */
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

export interface ServerStart {
  /** Its name in the home directory: log and run file are called after it. */
  server: string;
  title: LocalizedText;
  command: string;
  args: readonly string[];
  identity?: Identity | undefined;
  directory?: string;
  /** Whether it serves now. A rejection means not yet, but a ProvisionFault means never, and is passed on. */
  ready: () => Promise<boolean>;
  /** The signal that ends it in good order. */
  stopSignal: NodeJS.Signals;
}

const READY_MS = 60_000;
const READY_POLL_MS = 20;
const STOP_MS = 20_000;

/**
 * Starts a server and waits until it serves. It runs in a process group of its own, so that Ctrl-C in a terminal reaches the
 * starter alone, which stops its servers last; and it is ended when the starter dies without having stopped it.
 * @throws ProvisionFault `server-failed` with the last lines of its log
 */
export async function startServer(home: MeshHome, start: ServerStart): Promise<RunningServer> {
  const logFile = home.logFile(start.server);
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(start.command, start.args, {
    detached: true,
    stdio: ['ignore', log, log],
    ...start.identity,
    ...(start.directory === undefined ? {} : { cwd: start.directory }),
  });
  closeSync(log);
  const exited = exitOf(child);
  if (child.pid === undefined) throw await failed(start, logFile, await exited);
  const server = running(child, child.pid, exited, start.stopSignal);
  const unwatch = watchParent(server.pid);
  void exited.then(unwatch);
  await writePrivate(home.runFile(start.server), `${JSON.stringify({ server: server.pid, starter: process.pid })}\n`);

  const ended = await untilReady(start.ready, exited).catch(async (error: unknown) => {
    await server.kill();
    throw error;
  });
  if (ended !== undefined) {
    await server.kill();
    throw await failed(start, logFile, ended);
  }
  void exited.then(() => rm(home.runFile(start.server), { force: true })).catch(() => undefined);
  return server;
}

/** Undefined once the server serves; else how it ended, or `timeout`. */
async function untilReady(
  ready: () => Promise<boolean>,
  exited: Promise<ServerExit>,
): Promise<ServerExit | 'timeout' | undefined> {
  let ended: ServerExit | undefined;
  void exited.then((exit) => {
    ended = exit;
  });
  const deadline = Date.now() + READY_MS;
  while (ended === undefined) {
    if (await ready().catch(notYet)) return undefined;
    if (Date.now() > deadline) return 'timeout';
    await Promise.race([exited, delay(READY_POLL_MS)]);
  }
  return ended;
}

function notYet(error: unknown): false {
  if (error instanceof ProvisionFault) throw error;
  return false;
}

function running(
  child: ChildProcess,
  pid: number,
  exited: Promise<ServerExit>,
  stopSignal: NodeJS.Signals,
): RunningServer {
  const alive = (): boolean => child.exitCode === null && child.signalCode === null;
  const endBy = async (signal: NodeJS.Signals): Promise<void> => {
    if (alive()) child.kill(signal);
    await exited;
  };
  return {
    pid,
    exited,
    signal: (signal) => {
      if (alive()) child.kill(signal);
    },
    kill: () => endBy('SIGKILL'),
    stop: async () => {
      const insist = setTimeout(() => void endBy('SIGKILL'), STOP_MS);
      await endBy(stopSignal);
      clearTimeout(insist);
    },
  };
}

function exitOf(child: ChildProcess): Promise<ServerExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}

async function failed(start: ServerStart, logFile: string, ended: ServerExit | 'timeout'): Promise<ProvisionFault> {
  const how = ended === 'timeout' ? `${READY_MS / 1000} s` : (ended.signal ?? `exit ${ended.code ?? '?'}`);
  return new ProvisionFault(
    'server-failed',
    {
      zh: `${start.title.zh}未能启动（${how}）。日志末尾如下，全文见 ${logFile}。`,
      en: `${start.title.en} did not come up (${how}). The end of its log follows; the whole is in ${logFile}.`,
    },
    await logTail(logFile),
  );
}

/** The last 4 KiB of a log. */
export async function logTail(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.min(size, 4096);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8').trimEnd();
    } finally {
      await file.close();
    }
  } catch (error) {
    return describe(error);
  }
}
