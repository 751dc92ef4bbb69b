import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { meshHome } from '@clearance/platform';
import { readConfig } from './config.ts';
import { withTemporaryMesh } from './demo/temporary-mesh.ts';
import { fuzzApi } from './fuzz/fuzz-api.ts';
import { FUZZED, makeRecords, tokenOfAll } from './fuzz/make-records.ts';
import { installSchemathesis } from './fuzz/install-schemathesis.ts';
import { listenForInterrupts } from './interrupts.ts';
import { createProgress } from './progress.ts';

const HELP = `npm run fuzz [-- options]

在一套临时网格上，依 OpenAPI 描述以 schemathesis 试探网关的 HTTP 接口：不得有 5xx，不得有描述之外的应答。
Tries the HTTP API of a temporary mesh's gateway by its OpenAPI description, with schemathesis: no 5xx, and no answer
that is not described. Needs Python 3.11 or later and, the first time, PyPI; it is kept under MESH_HOME.

  --examples <n>  每个操作的试探次数，默认 100 cases of each operation, 100 unless told
  --seed <n>      同一种子，同样的试探 the same seed tries the same
  --keep          保留临时目录及日志 leaves the temporary directory, with its logs
  --help

退出码 exit: 0 未发现问题 nothing was found · 1 有 something was · 2 故障 the run itself failed
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const progress = createProgress();
  const interrupts = listenForInterrupts(progress.say);
  try {
    const { CLEARANCE_LOG_LEVEL: logLevel, MESH_HOME } = readConfig();
    const { examples, seed, keep } = options;
    const program = await progress.step('schemathesis', () =>
      installSchemathesis(join(meshHome(MESH_HOME).root, 'tools')),
    );
    const { signal } = interrupts;
    const { ok } = await withTemporaryMesh(
      { progress, logLevel, keep, signIn: true, environment: FUZZED },
      async (mesh) => {
        signal.throwIfAborted();
        const { home, httpUrl: url } = mesh;
        const token = await tokenOfAll(mesh);
        const known = await progress.step('可供查询的记录 records to ask about', () =>
          makeRecords(mesh, token, signal),
        );
        return fuzzApi(program, { url, token, known, directory: join(home.root, 'fuzz'), examples, seed, signal });
      },
    );
    progress.say(`种子 seed ${seed}`);
    return ok ? 0 : 1;
  } catch (error) {
    const interrupted = interrupts.exitCode();
    if (interrupted !== undefined) return interrupted;
    process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 2;
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        examples: { type: 'string', default: '100' },
        seed: { type: 'string', default: String(randomInt(1_000_000)) },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help' as const;
    return {
      examples: counted(values.examples, '--examples'),
      seed: counted(values.seed, '--seed'),
      keep: values.keep,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

function counted(value: string, option: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 1_000_000) return number;
  throw new RangeError(`${option}: 0–1000000`);
}
