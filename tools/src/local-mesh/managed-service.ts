import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { watchParent } from '@clearance/provision';

/** A service process that is kept running. */
export interface ManagedService {
  readonly name: string;
  readonly url: string;
  readonly pid: () => number | undefined;
  /** Resolves when `/readyz` says 200. @throws when it has not within the limit, with what is not ready. */
  ready(limitMs: number, signal?: AbortSignal): Promise<void>;
  /** Ends it at once, as a crash would; it is started again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
  /** Starts it after a stop, with the environment that it had. */
  startAgain(): void;
}

/**
 * How a service's process is run. V8 by itself lets the heap of a process on a large machine grow to several times what
 * is in use: a smaller space for what is new, and collecting when the heap has doubled, spare 30 MiB idle and 120 under
 * load (docs/performance.md).
 */
const NODE_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=100'];
const RESTART_AFTER_MS = 300;
const STOP_LIMIT_MS = 28_000;

/** Starts a service process, writes its log to a file, and starts it again should it end by itself. */
export function manageService(options: {
  name: string;
  script: string;
  environment: Record<string, string>;
  httpPort: number;
  logFile: string;
  onRestart?: (name: string, code: number | null) => void;
}): ManagedService {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const url = `http://127.0.0.1:${options.httpPort}`;
  let stopping = false;
  let child: ChildProcess;
  let exited: Promise<void>;
  let restart: NodeJS.Timeout | undefined;

  const start = (flags: 'w' | 'a'): void => {
    const log = openSync(options.logFile, flags, 0o600);
    child = spawn(process.execPath, [...NODE_FLAGS, options.script], {
      env: options.environment,
      stdio: ['ignore', log, log],
      // In a group of its own: Ctrl-C is for this process, which then drains its services in order.
      detached: true,
    });
    closeSync(log);
    const unwatch = child.pid === undefined ? undefined : watchParent(child.pid);
    exited = new Promise((resolve) => {
      child.once('exit', (code) => {
        unwatch?.();
        resolve();
        if (stopping) return;
        options.onRestart?.(options.name, code);
        restart = setTimeout(() => start('a'), RESTART_AFTER_MS);
      });
    });
  };
  start('w');

  return {
    name: options.name,
    url,
    pid: () => child.pid,
    ready: async (limitMs, signal) => {
      const until = Date.now() + limitMs;
      for (let last = 'no answer yet'; ; await delay(100)) {
        signal?.throwIfAborted();
        try {
          const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(10_000) });
          if (response.ok) return;
          const { checks } = (await response.json()) as { checks: { name: string; ok: boolean; detail?: string }[] };
          last = checks.flatMap(({ name, ok, detail }) => (ok ? [] : [`${name}: ${detail ?? 'not ready'}`])).join('; ');
        } catch (error) {
          last = error instanceof Error ? error.message : String(error);
        }
        if (Date.now() > until)
          throw new Error(`${options.name} 未就绪 is not ready: ${last}. Log: ${options.logFile}`);
      }
    },
    crash: async () => {
      const ended = exited;
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      stopping = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(insist);
    },
    startAgain: () => {
      stopping = false;
      start('a');
    },
  };
}
