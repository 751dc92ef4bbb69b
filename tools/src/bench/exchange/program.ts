import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemEnvironment } from '../../config.ts';

/** A small program of a comparison, in a process of its own, as the parts of the mesh are. */
export interface Program {
  readonly pid: number;
  send(message: object): void;
  onMessage(listener: (message: Record<string, unknown>) => void): void;
  stop(): Promise<void>;
}

/**
 * Starts a program (a module's URL without its ending) and waits until it says `{ready: true}`.
 *
 * @throws when it ends before that
 */
export async function startProgram(module: URL, settings: object): Promise<Program> {
  const path = fileURLToPath(module);
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
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** In a program: its settings. */
export function settingsOf<T>(): T {
  return JSON.parse(process.argv[2]!) as T;
}

/** In a program: says something to whoever started it. */
export function tell(message: object): void {
  process.send!(message);
}
