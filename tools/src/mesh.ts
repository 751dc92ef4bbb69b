import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { consumersOf } from '@clearance/contracts';
import { loadMesh, meshHome } from '@clearance/platform';
import { lintNegativeList } from '@clearance/negative-list';
import { ownersOf, provisionDatabases, provisionMesh } from '@clearance/provision';
import { readConfig } from './config.ts';
import { LIST_FILE, MESH_FILE } from './local-mesh/paths.ts';
import { submitList } from './local-mesh/submit-list.ts';

/** Exit codes of every verb: 0 done, 1 refused (the answer says why), 2 could not be done at all. */
const REFUSED = 1;
const FAULT = 2;

const program = new Command('npm run mesh --')
  .description('网格运维工具 The operator’s tool of the mesh')
  .showHelpAfterError()
  .configureOutput({ writeErr: (text) => process.stderr.write(text) });

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

/** Prints the answer: one JSON object last on standard output, or lines for people. */
function answer(json: boolean | undefined, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = FAULT;
}
