import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** The version that is run; it decides what is found, so it is not the newest of the day. */
export const SCHEMATHESIS = '4.32.5';

/**
 * Puts schemathesis into a virtual environment of its own, unless it is there.
 *
 * @param root the directory under which it goes
 * @returns the path of its program
 * @throws when there is no Python 3.10 or later, or PyPI cannot be reached
 */
export async function installSchemathesis(root: string): Promise<string> {
  const home = join(root, `schemathesis-${SCHEMATHESIS}`);
  const program = join(home, 'bin', 'st');
  const there = await access(program).then(
    () => true,
    () => false,
  );
  if (there) return program;
  await run('python3', ['-m', 'venv', home]);
  await run(join(home, 'bin', 'pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `schemathesis==${SCHEMATHESIS}`,
  ]);
  return program;
}

/** Runs a program; what it says goes to standard error. @throws when it cannot be run, or fails. */
async function run(program: string, args: readonly string[]): Promise<void> {
  const code = await exitCodeOf(program, args, {});
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ''}: 退出码 exit code ${code}`);
}

/** Runs a program to its end, its output on standard error. */
export function exitCodeOf(
  program: string,
  args: readonly string[],
  { env = process.env, cwd, signal }: { env?: NodeJS.ProcessEnv; cwd?: string; signal?: AbortSignal },
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env,
      stdio: ['ignore', process.stderr, process.stderr],
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal }),
    });
    child.once('error', (error) => reject(new Error(`${program} 无法运行 cannot be run: ${error.message}`)));
    child.once('close', resolve);
  });
}
