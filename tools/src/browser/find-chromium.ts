import { runProgram } from '@clearance/provision';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const INSTALL_MS = 8 * 60_000;
/** Where nothing can be reached, that is found out soon. */
const HASTE = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::https::Timeout=20'];
/** The browser, and letters for what it shows: Debian's chromium brings no Chinese ones. */
const PACKAGES = ['chromium', 'fonts-noto-cjk'];

const NO_CHROMIUM = `没有 chromium：请安装（Debian：apt-get install ${PACKAGES.join(' ')}）并置于 PATH，或以 CHROMIUM 指明\
 there is no chromium: install it (Debian: apt-get install ${PACKAGES.join(' ')}) and have it on PATH, or name it by CHROMIUM`;

/**
 * Finds a Chromium: the one that is named, one on PATH, or else, where this process may, the one that Debian's packages bring.
 * It depends on half of a desktop's libraries, so unlike a single program it cannot be taken out of its package alone.
 *
 * @param named by whoever runs the tests
 * @throws Error saying what to do, when there is none and it cannot be installed here
 */
export async function findChromium(named: string | undefined, say: (line: string) => void): Promise<string> {
  for (const name of named === undefined ? NAMES : [named]) if (await runs(name)) return name;
  if (named !== undefined || process.getuid?.() !== 0) throw new Error(NO_CHROMIUM);
  say('正在安装 chromium installing chromium (apt-get) …');
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...PACKAGES]]) {
    const { code, output } = await runProgram('apt-get', ['-qq', ...HASTE, ...args], { timeoutMs: INSTALL_MS });
    if (code !== 0) throw new Error(`${NO_CHROMIUM}\n${output.trim().slice(-2_000)}`);
  }
  if (!(await runs(NAMES[0]!))) throw new Error(NO_CHROMIUM);
  return NAMES[0]!;
}

async function runs(program: string): Promise<boolean> {
  return (await runProgram(program, ['--version'], { timeoutMs: 30_000 })).code === 0;
}
