import { spawn } from 'node:child_process';

/** Another user to run a program as; only root can. */
export interface Identity {
  uid: number;
  gid: number;
}

/** How a program ended: `code` is undefined when it could not be started or a signal ended it. */
export interface ProgramResult {
  code: number | undefined;
  /** Standard output and error together, the last 64 KiB. */
  output: string;
}

const OUTPUT_LIMIT = 65_536;

/** Runs a program to its end and returns what it said. Never throws: a program that is not there has no code. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { identity?: Identity | undefined; timeoutMs?: number; directory?: string } = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options.identity,
      ...(options.directory === undefined ? {} : { cwd: options.directory }),
    });
    // Not spawn's own time-out: its timer outlives a program that could not be started.
    const timer =
      options.timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const end = (result: ProgramResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_LIMIT);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => end({ code: undefined, output: error.message }));
    child.once('close', (code) => end({ code: code ?? undefined, output }));
  });
}
