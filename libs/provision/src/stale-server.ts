import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalizedText } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform';
import { codeOf, readIfThere } from './private-files.ts';
import { ProvisionFault } from './provision-fault.ts';
import { runProgram } from './run-program.ts';

const STOP_MS = 20_000;
const POLL_MS = 50;

/**
 * Ends a server that an earlier starter of this home left behind when it was killed. `marker` is a text that the command line of
 * this home's server holds and no other's does: its data directory or configuration file. A process id alone proves nothing,
 * since it may have been given to another process.
 * @returns whether one had to be ended
 * @throws ProvisionFault `already-running` when the starter is alive: then the mesh is simply running twice
 */
export async function stopStaleServer(
  home: MeshHome,
  server: string,
  title: LocalizedText,
  marker: string,
  stopSignal: NodeJS.Signals,
): Promise<boolean> {
  const run = readRun(await readIfThere(home.runFile(server)));
  if (run === undefined) return false;
  if (!(await commandLine(run.server)).includes(marker)) {
    await rm(home.runFile(server), { force: true });
    return false;
  }
  if (isAlive(run.starter)) {
    throw new ProvisionFault('already-running', {
      zh: `${title.zh}已由进程 ${run.starter} 在 ${home.root} 中运行。请先停止它，或用 MESH_HOME 指定另一目录。`,
      en: `${title.en} already runs in ${home.root}, started by process ${run.starter}. Stop that first, or name another directory with MESH_HOME.`,
    });
  }
  await endProcess(run.server, stopSignal);
  await rm(home.runFile(server), { force: true });
  return true;
}

/** Ends a process that is no child of ours, and waits until it has gone. */
async function endProcess(pid: number, stopSignal: NodeJS.Signals): Promise<void> {
  sendSignal(pid, stopSignal);
  const insistAt = Date.now() + STOP_MS;
  while (isAlive(pid)) {
    if (Date.now() > insistAt) sendSignal(pid, 'SIGKILL');
    await delay(POLL_MS);
  }
}

/** A process's command line, or '' when there is no such process. */
export async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ').trim();
  }
  const { code, output } = await runProgram('ps', ['-o', 'args=', '-p', String(pid)]);
  return code === 0 ? output.trim() : '';
}

function readRun(text: string | undefined): { server: number; starter: number } | undefined {
  if (text === undefined) return undefined;
  try {
    const run = JSON.parse(text) as { server?: unknown; starter?: unknown };
    return isPid(run.server) && isPid(run.starter) ? { server: run.server, starter: run.starter } : undefined;
  } catch {
    return undefined;
  }
}

function isPid(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 1;
}

/** A process of another user counts as alive: signalling it fails for want of the right, not of the process. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone meanwhile, which is what was wanted.
  }
}
