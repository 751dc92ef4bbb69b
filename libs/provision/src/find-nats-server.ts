import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalizedText } from '@clearance/contracts';
import { installNatsServer, type InstallAttempt, type Installers } from './install-nats-server.ts';
import { formatVersion, isRecentEnough, OLDEST_NATS_SERVER, versionOf, type Version } from './nats-server-version.ts';
import { ProvisionFault } from './provision-fault.ts';

/** A nats-server that the mesh can run on. */
export interface FoundNatsServer {
  /** A path, or `nats-server` when it is the one on PATH. */
  binary: string;
  version: string;
  source: 'path' | 'cache' | 'installed';
}

export interface FindNatsServerOptions {
  /** Where an installed one is looked for, in order; it is installed into the last. Usually the home's `bin` and the repository's. */
  caches: readonly string[];
  report?: (message: LocalizedText) => void;
  /** The name to look up on PATH, or a path. */
  command?: string;
  installers?: Installers;
}

/**
 * Finds nats-server ≥ 2.12.3: the one on PATH if it is recent enough, one installed before, or else installs 2.15.1. One that is too
 * old is reported, and never used.
 * @throws ProvisionFault `nats-server-unavailable`, saying what was tried and what a person can do
 */
export async function findNatsServer(options: FindNatsServerOptions): Promise<FoundNatsServer> {
  const report = options.report ?? (() => undefined);
  const command = options.command ?? 'nats-server';
  const onPath = await versionOf(command);
  if (onPath !== undefined && isRecentEnough(onPath)) {
    return { binary: command, version: formatVersion(onPath), source: 'path' };
  }
  if (onPath !== undefined) report(tooOld(onPath));
  const cached = await inCaches(options.caches);
  if (cached !== undefined) return cached;

  const target = options.caches.at(-1);
  if (target === undefined) throw unavailable(onPath, []);
  await mkdir(target, { recursive: true });
  const attempts = await installNatsServer(target, options.installers ?? { python: 'python3', go: 'go' }, report);
  const installed = await inCaches([target]);
  if (installed === undefined) throw unavailable(onPath, attempts);
  report({ zh: `已安装 nats-server ${installed.version}`, en: `installed nats-server ${installed.version}` });
  return { ...installed, source: 'installed' };
}

async function inCaches(caches: readonly string[]): Promise<FoundNatsServer | undefined> {
  for (const cache of caches) {
    const binary = join(cache, 'nats-server');
    const version = await versionOf(binary);
    if (version !== undefined && isRecentEnough(version))
      return { binary, version: formatVersion(version), source: 'cache' };
  }
  return undefined;
}

function tooOld(version: Version): LocalizedText {
  const [found, least] = [formatVersion(version), formatVersion(OLDEST_NATS_SERVER)];
  return {
    zh: `PATH 上的 nats-server ${found} 过旧（需要 ≥ ${least}：更早的版本在移除节点时会丢失已确认的数据），不予使用。`,
    en: `nats-server ${found} on PATH is too old and is not used: ${least} or later is needed, earlier ones lose acknowledged data when a peer is removed.`,
  };
}

function unavailable(onPath: Version | undefined, attempts: readonly InstallAttempt[]): ProvisionFault {
  const least = formatVersion(OLDEST_NATS_SERVER);
  const old = onPath === undefined ? undefined : tooOld(onPath);
  return new ProvisionFault(
    'nats-server-unavailable',
    {
      zh: `${old?.zh ?? ''}没有可用的 nats-server，也未能安装。请任选其一：安装 nats-server ≥ ${least} 并置于 PATH；安装 Python 3 与 pip；安装 Go；或用 MESH_NATS_URL 指向已有的 NATS 服务器。`,
      en: `${old === undefined ? '' : `${old.en} `}There is no usable nats-server, and none could be installed. Do one of these: put nats-server ${least} or later on PATH; install Python 3 with pip; install Go; or point MESH_NATS_URL to a NATS server that runs.`,
    },
    attempts.map(({ way, output }) => `[${way}] ${output}`).join('\n'),
  );
}
