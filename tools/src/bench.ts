import { parseArgs } from 'node:util';
import { benchReportText } from './bench/report-text.ts';
import { BENCHMARKS, runBench } from './bench/run-bench.ts';
import { listenForInterrupts } from './interrupts.ts';

const HELP = `npm run bench [-- options]

每项与其对照在同一次运行中交替测量，给出中位数与范围。
Measures each benchmark in turn with what it is compared to, in the same run; prints medians and spreads.

  --only <names>  只运行其中几项，逗号分隔 only some of: ${Object.keys(BENCHMARKS).join(', ')}
  --rounds <n>    每项比较的轮数，默认 3，少于 3 不可引用 rounds of each comparison, 3 unless told; fewer than 3 mean nothing
  --quick         少量数据、一轮：只看能否运行 little data, one round: to see that it runs
  --json          标准输出只有一个 JSON 对象 one JSON object on standard output
  --help

退出码 exit: 0 已测量 measured · 2 用法错误或故障 wrong usage, or the run itself failed
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const interrupts = listenForInterrupts(say);
  try {
    const { names, quick, rounds, json } = options;
    const report = await runBench(names, { quick, rounds, say, signal: interrupts.signal });
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : benchReportText(report));
    return 0;
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
        only: { type: 'string', default: Object.keys(BENCHMARKS).join(',') },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help' as const;
    const { quick, json } = values;
    const names = values.only.split(',');
    const unknown = names.filter((name) => !Object.hasOwn(BENCHMARKS, name));
    if (unknown.length > 0) throw new RangeError(`--only: ${unknown.join(', ')} 没有这一项 there is no such benchmark`);
    const rounds = Number(values.rounds ?? (quick ? 1 : 3));
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) throw new RangeError('--rounds: 1–100');
    return { names, quick, json, rounds };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}
