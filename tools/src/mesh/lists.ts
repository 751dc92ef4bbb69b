import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { consumersOf } from '@clearance/contracts';
import { loadMesh, meshHome } from '@clearance/platform';
import { lintNegativeList } from '@clearance/negative-list';
import { readConfig } from '../config.ts';
import { LIST_FILE, MESH_FILE } from '../local-mesh/paths.ts';
import { submitList } from '../local-mesh/submit-list.ts';
import { answer, REFUSED } from './answer.ts';

/** `mesh lists …`: check, hand in, show. */
export function addLists(program: Command): void {
  const lists = program.command('lists').description('负面清单 negative lists');

  lists
    .command('lint [file]')
    .description('检查清单，逐条列出问题 lint a list; every finding is listed with its line and column')
    .option('--json', '机器可读 machine-readable')
    .action(async (file: string | undefined, options: { json?: boolean }) => {
      const path = file ?? LIST_FILE;
      const mesh = await loadMesh(MESH_FILE);
      const findings = lintNegativeList(await readFile(path, 'utf8'), { units: consumersOf(mesh), at: Date.now() });
      const ok = !findings.some(({ severity }) => severity === 'error');
      answer(options.json, { ok, file: path, findings }, [
        ...findings.map(
          ({ line, column, severity, code, entry, message }) =>
            `${path}:${line}:${column} ${severity} ${code}${entry === undefined ? '' : ` ${entry}`} ${message.zh} / ${message.en}`,
        ),
        ok ? '清单可用 the list is usable' : '清单不可用 the list is not usable',
      ]);
      if (!ok) process.exitCode = REFUSED;
    });

  lists
    .command('submit <file>')
    .description('签署并提交到运行中的网关 sign a list with the policy key and hand it to the running gateway')
    .option('--gateway <url>', '网关地址 the gateway’s address')
    .option('--json', '机器可读 machine-readable')
    .action(async (file: string, options: { gateway?: string; json?: boolean }) => {
      const config = readConfig();
      const url = options.gateway ?? `http://127.0.0.1:${config.MESH_HTTP_PORT}`;
      const result = await submitList(meshHome(config.MESH_HOME), url, await readFile(file, 'utf8'));
      if (result.ok) {
        answer(options.json, result, [`${result.version}: ${result.state}`]);
        return;
      }
      const findings = result.findings.map(
        ({ line, column, code, message }) => `${file}:${line}:${column} ${code} ${message.zh} / ${message.en}`,
      );
      answer(options.json, result, [`${result.status} ${result.detail}`, ...findings]);
      process.exitCode = REFUSED;
    });

  lists
    .command('show')
    .description('已有的清单 the lists that the gateway has')
    .option('--gateway <url>', '网关地址 the gateway’s address')
    .option('--json', '机器可读 machine-readable')
    .action(async (options: { gateway?: string; json?: boolean }) => {
      const config = readConfig();
      const home = meshHome(config.MESH_HOME);
      const token = (await readFile(home.tokenFile('policy'), 'utf8')).trim();
      const url = `${options.gateway ?? `http://127.0.0.1:${config.MESH_HTTP_PORT}`}/api/v1/lists`;
      const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
      const body = (await response.json()) as { lists: { version: string; effectiveFrom: string; inForce: boolean }[] };
      answer(
        options.json,
        { ok: true, ...body },
        body.lists.map(({ version, effectiveFrom, inForce }) => `${inForce ? '*' : ' '} ${version}  ${effectiveFrom}`),
      );
    });
}
