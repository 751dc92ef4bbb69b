import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readConfig } from './config.ts';
import { faultReportText } from './faults/report-text.ts';
import { runFaults, type Stage } from './faults/run-faults.ts';
import { listenForInterrupts } from './interrupts.ts';
import { createProgress } from './progress.ts';

const HELP = `npm run faults [-- options]

在一套临时网格上持续提交业务，同时强行终止服务、网关副本、NATS、PostgreSQL，切断连接，暂停进程，删除流，抹去存储；
最后逐一核对每个已受理版本在每个应得单位的下落。
Plays the region's trade on temporary meshes while it kills services, gateway replicas, NATS and PostgreSQL, cuts connections,
pauses processes, deletes streams and wipes the broker's storage; then accounts for every accepted version at every unit.

  --minutes <n>   故障持续多久 how long faults go on, 10 unless told; starting and accounting come on top
  --seed <text>   同一种子，同样的故障次序 the same seed chooses the same faults; drawn at random unless told
  --brokers <1|3|both>  单台、三节点集群，或先后各一段（默认，七成与三成） one broker, a cluster of three, or
                  first the one then the other (70 % and 30 % of the time; the default)
  --reoffer-after <duration>  单位多久重发未办结的版本，默认 PT5S（mesh.yaml 为 PT1M） how soon units offer again what is
                  not settled; PT5S unless told, where mesh.yaml says PT1M
  --rate <n>      每分钟业务步数 steps of trade a minute, 600 unless told
  --json          标准输出只有一个 JSON 对象 one JSON object on standard output
  --keep          保留临时目录及日志 leaves the temporary directories, with their logs
  --help

退出码 exit: 0 无缺失、无重复、无泄露 nothing missing, doubled or leaked · 1 有 something was · 2 故障 the run itself failed
`;

const SHARE_OF_ONE_BROKER = 0.7;

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
    const { CLEARANCE_LOG_LEVEL: logLevel } = readConfig();
    const report = await runFaults({ ...options, logLevel, progress, signal: interrupts.signal });
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : faultReportText(report));
    return report.ok ? 0 : 1;
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
        minutes: { type: 'string', default: '10' },
        seed: { type: 'string', default: String(randomInt(1_000_000)) },
        brokers: { type: 'string', default: 'both' },
        rate: { type: 'string', default: '600' },
        'reoffer-after': { type: 'string', default: 'PT5S' },
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help' as const;
    const ms = positive(values.minutes, '--minutes') * 60_000;
    const { seed, json, keep, 'reoffer-after': reofferAfter } = values;
    const stages = stagesOf(values.brokers, ms);
    return { seed, json, keep, stages, reofferAfter, stepsPerMinute: positive(values.rate, '--rate') };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 100_000)) throw new RangeError(`${option}: ${text} 不是正数 is no positive number`);
  return value;
}

function stagesOf(brokers: string, ms: number): Stage[] {
  switch (brokers) {
    case '1':
      return [{ brokers: 1, until: { ms } }];
    case '3':
      return [{ brokers: 3, until: { ms } }];
    case 'both':
      return [
        { brokers: 1, until: { ms: ms * SHARE_OF_ONE_BROKER } },
        { brokers: 3, until: { ms: ms * (1 - SHARE_OF_ONE_BROKER) } },
      ];
    default:
      throw new RangeError(`--brokers: 1, 3 or both, not ${brokers}`);
  }
}
