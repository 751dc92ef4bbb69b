import type { Command } from 'commander';
import { loadMesh, meshHome } from '@clearance/platform/command';
import { ownersOf, provisionDatabases, provisionMesh } from '@clearance/provision';
import { readConfig } from '../config.ts';
import { MESH_FILE } from '../local-mesh/paths.ts';
import { answer } from './answer.ts';

/** `mesh provision`: what `mesh.yaml` asks for. */
export function addProvision(program: Command): void {
  program
    .command('provision')
    .description(
      '按 mesh.yaml 生成账户、凭证、密钥与令牌；已有的保持不变 derive accounts, credentials, keys and tokens; what exists stays',
    )
    .option('--database-url <url>', '同时建立数据库 also create the databases, as this administrator')
    .option('--json', '机器可读 machine-readable')
    .action(async (options: { databaseUrl?: string; json?: boolean }) => {
      const home = meshHome(readConfig().MESH_HOME);
      const mesh = await loadMesh(MESH_FILE);
      const { written } = await provisionMesh(mesh, home, Date.now());
      const adminUrl = options.databaseUrl ?? readConfig().MESH_DATABASE_URL;
      const databases =
        adminUrl === undefined ? [] : [...(await provisionDatabases(home, ownersOf(mesh), { adminUrl })).keys()];
      answer(options.json, { ok: true, home: home.root, written, databases }, [
        `${home.root}: ${written.length} 个文件已写入 files written, ${databases.length} 个数据库 databases`,
        ...written,
      ]);
    });
}
