import { Argument, type Command } from 'commander';
import { answer } from './answer.ts';
import { asAuditor } from './auditor.ts';
import { GATEWAY, JSON_OPTION, refuse } from './ledger-options.ts';
import { saveAnswer } from './save-answer.ts';

/** Of figures what a line tells. */
interface Figures {
  day?: string;
  port?: string | null;
  unit?: string;
  mode?: string | null;
  direction?: string | null;
  results: number;
  available: number;
  delay: { p50: number | null; p90: number | null; p99: number | null; measured: number };
  checks: { recognised: number; required: number; recognisedShare: number | null; repeated: number; avoided: number };
  hoursSaved: number;
  conflicts: number;
}

/** The answers of `GET /api/v1/indicators` and `/api/v1/reports/{month}`. */
interface Indicators {
  from: string;
  to: string;
  waiting: number;
  total: Figures;
  groups?: Figures[];
  byPort?: Figures[];
  byUnit?: Figures[];
}

interface Options {
  by?: string;
  port?: string;
  unit?: string;
  mode?: string;
  direction?: string;
  from?: string;
  to?: string;
  csv?: string;
  bom?: boolean;
  gateway?: string;
  json?: boolean;
}

/** `mesh indicators`: how the region does. Exit 0 answered, 1 refused, 2 could not be done. */
export function addIndicators(program: Command): void {
  const indicators = program
    .command('indicators')
    .description('运行指标：互认、时延、不予共享、结论相左 how the region does: recognition, delays, conflicts')
    .option('--by <dimensions>', '分列 told apart by some of day,port,unit,mode,direction')
    .option('--from <day>', '自（含） first day, YYYY-MM-DD; 30 days when absent')
    .option('--to <day>', '至（不含） the day after the last');
  withPlace(indicators).action((options: Options) => tell('/api/v1/indicators', options));
}

/** `mesh report`: the same of a month. */
export function addReport(program: Command): void {
  const report = program
    .command('report')
    .description('月度运行报告 the report of a month, per port and unit; as CSV per day too')
    .addArgument(new Argument('<month>', '2026-11'));
  withPlace(report).action((month: string, options: Options) =>
    tell(`/api/v1/reports/${encodeURIComponent(month)}`, options),
  );
}

function withPlace(command: Command): Command {
  return command
    .option('--port <place>', '口岸 UN/LOCODE, CNDLC')
    .option('--unit <unit>', '单位 ln.customs')
    .option('--mode <code>', '运输方式 mode of transport: 2 water, 3 rail, 4 road, 5 air')
    .option('--direction <direction>', '进出境 import, export, transit')
    .option('--csv <file>', '写成 CSV 文件 write it as CSV')
    .option('--bom', 'csv：带 BOM，供电子表格 with a byte order mark, for spreadsheets')
    .option(...GATEWAY)
    .option(...JSON_OPTION);
}

async function tell(path: string, { csv, bom, gateway, json, ...query }: Options): Promise<void> {
  const ask = await asAuditor(gateway);
  const format = csv === undefined ? 'json' : 'csv';
  const reply = await ask(path, { ...query, format, bom: bom ? 'true' : undefined });
  if (!reply.ok) return refuse(json, reply);
  if (csv !== undefined) {
    const { bytes, lines } = await saveAnswer(reply.response, csv);
    answer(json, { ok: true, file: csv, bytes, lines: lines - 1 }, [
      `${csv}: ${bytes} 字节 bytes, ${lines - 1} 行 rows`,
    ]);
    return;
  }
  const body = (await reply.response.json()) as Indicators;
  answer(json, { ok: true, ...body }, linesOf(body));
}

function linesOf({ from, to, waiting, total, groups, byPort = [], byUnit = [] }: Indicators): string[] {
  return [
    `${from} – ${to}${waiting === 0 ? '' : `; 待计 yet to be counted ${waiting}`}`,
    ...(groups ?? [...byPort, ...byUnit]).map((figures) => lineOf(placeOf(figures), figures)),
    lineOf('合计 in all', total),
  ];
}

function placeOf({ day, port, unit, mode, direction }: Figures): string {
  return [day, port, unit, mode, direction].flatMap((one) => (one === undefined ? [] : (one ?? '—'))).join(' ');
}

function lineOf(place: string, { results, delay, checks, hoursSaved, conflicts }: Figures): string {
  const share = checks.recognisedShare === null ? '—' : `${(checks.recognisedShare * 100).toFixed(1)}%`;
  const within = (seconds: number | null): string => (seconds === null ? '∞' : `${Math.round(seconds / 6) / 10} min`);
  return [
    place,
    `结果 results ${results}`,
    `可用 available p50 ≤ ${delay.measured === 0 ? '—' : within(delay.p50)}, p99 ≤ ${delay.measured === 0 ? '—' : within(delay.p99)}`,
    `互认 recognised ${checks.recognised}/${checks.recognised + checks.required} (${share})`,
    `免查 avoided ${checks.avoided}, ${hoursSaved} h`,
    `重复 repeated ${checks.repeated}`,
    `相左 conflicts ${conflicts}`,
  ].join('  ');
}
