import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, readIfThere } from './private-files.ts';
import { ProvisionFault } from './provision-fault.ts';

const WAIT_MS = 15_000;
const POLL_MS = 25;

/**
 * Runs `work` while no other process does the same under this lock: a file that is read, changed and replaced by two at
 * once would lose what one of them wrote. A lock whose holder has died is taken over.
 *
 * @throws ProvisionFault `home-unusable` when a living process keeps the lock.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (const until = Date.now() + WAIT_MS; ; await delay(POLL_MS)) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const holder = Number(await readIfThere(path));
    if (Number.isSafeInteger(holder) && holder > 1 && !isAlive(holder)) await rm(path, { force: true });
    else if (Date.now() > until) {
      throw new ProvisionFault('home-unusable', {
        zh: `进程 ${holder} 正在修改同一文件（${path}）。请等它结束；若它已不在，请删除该文件。`,
        en: `Process ${holder} is changing the same file (${path}). Wait for it to end; if it is gone, remove the file.`,
      });
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
