import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '@clearance/provision';

/** Debian's package that promtool comes with; taken apart, never installed, so that no service is started. */
const PACKAGE = 'prometheus';
const PROMTOOL = 'promtool';

const INSTALL_MS = 4 * 60_000;
/** Where nothing can be reached, that is found out soon. */
const HASTE = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::https::Timeout=20'];

const NO_PROMTOOL = `没有 promtool：请安装（Debian：apt-get install prometheus）并置于 PATH\
 there is no promtool: install it (Debian: apt-get install prometheus) and have it on PATH`;

/**
 * Finds promtool: the one on PATH, one taken from Debian's package before, or else takes it from there now. For that it
 * needs neither root nor anything of the system's own state; package lists too old to download by are read anew, beside it.
 *
 * @param root the directory under which it goes
 * @returns the program to run
 * @throws Error saying what to do, when promtool is not there and apt-get cannot bring it
 */
export async function installPromtool(root: string): Promise<string> {
  if (await runs(PROMTOOL)) return PROMTOOL;
  const program = join(root, PROMTOOL);
  if (await runs(program)) return program;
  await install(root, program);
  if (!(await runs(program))) throw new Error(`${NO_PROMTOOL}\n${program} 不能运行 does not run`);
  return program;
}

async function runs(program: string): Promise<boolean> {
  return (await runProgram(program, ['--version'], { timeoutMs: 20_000 })).code === 0;
}

async function install(root: string, program: string): Promise<void> {
  const workshop = join(root, `.install-${randomBytes(4).toString('hex')}`);
  const tree = join(workshop, 'tree');
  try {
    await mkdir(tree, { recursive: true });
    const file = await download(workshop);
    const { code, output } = await runProgram('dpkg-deb', ['--extract', file, tree], { timeoutMs: INSTALL_MS });
    if (code !== 0) throw new Error(`${NO_PROMTOOL}\n${output.trim()}`);
    // It appears whole or not at all; of the rest of the package nothing is kept.
    await rename(join(tree, 'usr', 'bin', PROMTOOL), program);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/** The package's file, by the system's package lists, or by new ones of our own where those lead nowhere. */
async function download(workshop: string): Promise<string> {
  const [state, cache] = [join(workshop, 'state'), join(workshop, 'cache')];
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  // Root's apt would write as another user, who cannot reach the workshop.
  const common = ['-qq', '-o', 'APT::Sandbox::User=root', '-o', `Dir::Cache=${cache}`, ...HASTE];
  const apart = [...common, '-o', `Dir::State=${state}`];
  const attempts = [
    [[...common, 'download', PACKAGE]],
    [
      [...apart, 'update'],
      [...apart, 'download', PACKAGE],
    ],
  ];
  let said = '';
  for (const attempt of attempts) {
    for (const args of attempt) {
      const { code, output } = await runProgram('apt-get', args, { timeoutMs: INSTALL_MS, directory: workshop });
      if (code !== 0) said = output;
    }
    const file = (await readdir(workshop)).find((name) => name.endsWith('.deb'));
    if (file !== undefined) return join(workshop, file);
  }
  throw new Error(`${NO_PROMTOOL}\n${said.trim()}`);
}
