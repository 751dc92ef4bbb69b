import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { systemEnvironment } from '../../config.ts';
import { REPOSITORY } from '../../local-mesh/paths.ts';

/** A small program of a comparison, in a process of its own, as the parts of the mesh are. */
export interface Program {
  readonly pid: number;
  send(message: object): void;
  onMessage(listener: (message: Record<string, unknown>) => void): void;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a built program of a comparison (`pipe/filter`) and waits until it says `{ready: true}`.
 *
 * @throws when it ends before that
 */
export async function startProgram(name: string, settings: object): Promise<Program> {
  const path = join(REPOSITORY, 'tools', 'dist', 'bench', 'exchange', `${name}.js`);
  const child: ChildProcess = fork(path, [JSON.stringify(settings)], {
    env: { ...systemEnvironment(), NODE_ENV: 'production' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => Promise.reject(new Error(`${path} ended before it was ready (${String(code)})`))),
  ]);
  return {
    pid: child.pid!,
    send: (message) => void child.send(message),
    onMessage: (listener) => void child.on('message', listener),
    ended: exited.then(() => undefined),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** In a program: its settings. From then on it ends with whoever started it. */
export function settingsOf<T>(): T {
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
  return JSON.parse(process.argv[2]!) as T;
}

/** In a program: says something to whoever started it. */
export function tell(message: object): void {
  process.send!(message);
}
