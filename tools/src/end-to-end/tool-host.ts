import { fileURLToPath } from 'node:url';

/**
 * Runs commands of the operator's tool one after another, for tests that run dozens: most of what a command costs is to load
 * what it needs. What is run is the tool's entry as built, each time anew.
 */
const ENTRY = new URL('../mesh.js', import.meta.url);

/** A command, and where it is run. */
export interface ToolCommand {
  words: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
}

/** How it ended. */
export interface ToolEnded {
  code: number;
  text: string;
  stderr: string;
}

/** Thrown where a process of its own would have ended. */
class Exited extends Error {}

let commands = 0;
async function run({ words, env, cwd }: ToolCommand): Promise<ToolEnded> {
  const { exit } = process;
  const { write: writeOut } = process.stdout;
  const { write: writeErr } = process.stderr;
  const ended: ToolEnded = { code: 0, text: '', stderr: '' };
  let exited: number | undefined;
  process.argv = [process.execPath, fileURLToPath(ENTRY), ...words];
  process.env = { ...env };
  process.chdir(cwd);
  process.exitCode = undefined;
  process.stdout.write = keeping((piece) => (ended.text += piece));
  process.stderr.write = keeping((piece) => {
    // After its end a process says no more.
    if (exited === undefined) ended.stderr += piece;
  });
  process.exit = ((code) => {
    exited ??= Number(code ?? process.exitCode ?? 0);
    throw new Exited();
  }) as typeof process.exit;
  try {
    await import(`${ENTRY.href}?command=${(commands += 1)}`);
  } finally {
    process.exit = exit;
    process.stdout.write = writeOut;
    process.stderr.write = writeErr;
  }
  return { ...ended, code: exited ?? Number(process.exitCode ?? 0) };
}

/** A stream's `write` that gives what is written to somebody. */
function keeping(keep: (text: string) => void): typeof process.stdout.write {
  return (piece: string | Uint8Array, ...more: unknown[]) => {
    keep(typeof piece === 'string' ? piece : Buffer.from(piece).toString());
    const done = more.find((each) => typeof each === 'function') as (() => void) | undefined;
    if (done !== undefined) process.nextTick(done);
    return true;
  };
}

let before: Promise<unknown> = Promise.resolve();
process.on('message', (command: ToolCommand) => {
  before = before.then(async () => process.send!(await run(command)));
});
process.on('disconnect', () => process.exit(0));
