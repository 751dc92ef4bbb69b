import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '@clearance/provision';

/** What is installed, each with its hashes; seen from `src` and from `dist`. */
const REQUIREMENTS = fileURLToPath(new URL('../../schemathesis-requirements.txt', import.meta.url));

/** Sees nothing but Python's own library and what was installed here: no environment variable, no site-packages. */
const ISOLATED = ['-I', '-S'];
const START = [
  'import sys; sys.path.insert(0, sys.argv.pop(1))',
  'from schemathesis.cli import schemathesis; schemathesis()',
].join('; ');

const OLDEST_PYTHON = [3, 11] as const;
const INSTALL_MS = 5 * 60_000;

/** How schemathesis is begun: a program, and its first arguments. */
export interface Schemathesis {
  program: string;
  args: readonly string[];
}

/**
 * Puts schemathesis under a directory, by pip, every package's version and hash pinned, unless it is there. It appears
 * whole or not at all; another Python or other requirements make another directory.
 *
 * @param root the directory under which it goes
 * @throws Error saying what to do, when there is no Python of 3.11 or later with pip, or PyPI cannot be reached
 */
export async function installSchemathesis(root: string): Promise<Schemathesis> {
  const tag = await pythonTag();
  const digest = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
    .slice(0, 12);
  const home = join(root, `schemathesis-${tag}-${digest}`);
  if (!(await isThere(home))) await install(root, home);
  return { program: PYTHON, args: [...ISOLATED, '-c', START, home] };
}

const PYTHON = process.platform === 'win32' ? 'python' : 'python3';

const NO_PYTHON = `需要 Python ${OLDEST_PYTHON.join('.')} 或更高版本及 pip（Debian：apt-get install python3 python3-pip）\
 Python ${OLDEST_PYTHON.join('.')} or later with pip is needed (Debian: apt-get install python3 python3-pip)`;

/** `cpython-311`: the wheels of one are of no use to another. */
async function pythonTag(): Promise<string> {
  const { code, output } = await runProgram(PYTHON, [
    '-I',
    '-c',
    `import sys; assert sys.version_info >= (${OLDEST_PYTHON.join(', ')}), sys.version; print(sys.implementation.cache_tag)`,
  ]);
  const tag = output.trim();
  if (code !== 0 || !/^[a-z]+-\d+[a-z]*$/.test(tag)) throw new Error(`${NO_PYTHON}: ${lastLine(output)}`);
  return tag;
}

async function install(root: string, home: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const workshop = join(root, `.install-${randomBytes(4).toString('hex')}`);
  const options = [
    ...['--quiet', '--disable-pip-version-check', '--no-input', '--root-user-action', 'ignore'],
    ...['--require-hashes', '--only-binary', ':all:', '--no-compile'],
  ];
  try {
    const { code, output } = await runProgram(
      PYTHON,
      ['-I', '-m', 'pip', 'install', ...options, '--target', workshop, '--requirement', REQUIREMENTS],
      { timeoutMs: INSTALL_MS },
    );
    if (code !== 0) throw new Error(`schemathesis 未能安装 was not installed. ${NO_PYTHON}; PyPI:\n${output.trim()}`);
    // Whoever was faster has put the same there.
    await rename(workshop, home).catch(async (error: unknown) => {
      if (!(await isThere(home))) throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
