import { parseArgs } from 'node:util';
import { readConfig } from './config.ts';
import { reportText } from './demo/report-text.ts';
import { playDay } from './demo/run-demo.ts';
import { withTemporaryMesh } from './demo/temporary-mesh.ts';
import { listenForInterrupts } from './interrupts.ts';
import { createProgress } from './progress.ts';

const HELP = `npm run demo [-- options]

在一套全新的临时网格上演示一天的业务：逐个情节说明预期与实际，最后给出数字；不留下进程与文件。
Plays one scripted day on a fresh temporary mesh: each story with what is expected and what is observed, then figures.
Leaves no process and no file behind. It always brings its own NATS and PostgreSQL.

  --json            标准输出只有一个 JSON 对象 one JSON object on standard output
  --disturb <seed>  其间将每个服务强行终止一次 kills every service once meanwhile, at moments drawn from the seed
  --keep            保留临时目录及日志 leaves the temporary directory, with its logs
  --help

退出码 exit: 0 全部符合预期 all as expected · 1 有不符 something was not · 2 故障 a fault
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const progress = createProgress();
  const interrupts = listenForInterrupts(progress.say);
  try {
    const { CLEARANCE_LOG_LEVEL: logLevel } = readConfig();
    progress.say('东北通关协作网格：一天的业务 Northeast clearance mesh: one day');
    const report = await withTemporaryMesh({ progress, logLevel, keep: options.keep }, (mesh) => {
      interrupts.signal.throwIfAborted();
      const { disturb } = options;
      return playDay(mesh, { progress, signal: interrupts.signal, ...(disturb === undefined ? {} : { disturb }) });
    });
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report));
    return report.ok ? 0 : 1;
  } catch (error) {
    const interrupted = interrupts.exitCode();
    if (interrupted !== undefined) return interrupted;
    process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 2;
  }
}

interface Options {
  json: boolean;
  keep: boolean;
  help: boolean;
  disturb?: string;
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        disturb: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}
