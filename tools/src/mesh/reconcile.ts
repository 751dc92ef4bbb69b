import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { type DifferenceReport, durationMilliseconds, isDate, type ReconciliationReport } from '@clearance/contracts';
import { createProgress } from '../progress.ts';
import { answer, REFUSED } from './answer.ts';
import { type AskGateway, asCoordinator, type CoordinatorAnswer, refusalText } from './coordinator.ts';

interface Options {
  from?: string;
  to?: string;
  repair: boolean;
  olderThan: string;
  wait: string;
  gateway?: string;
  json?: boolean;
}

/** What was found on all days, and what was left of it after the repairs. */
interface Reconciled {
  ok: boolean;
  from: string;
  to: string;
  pairs: number;
  versions: number;
  /** As found at first. */
  differences: DifferenceReport[];
  repaired: number;
  /** As found when it was looked at again. */
  remaining: DifferenceReport[];
  onTheirWay: number;
  unreachable: string[];
}

const DAY_MS = 86_400_000;
/** How long another run is waited for, and between two looks at what is being repaired. */
const BUSY_LIMIT_MS = 120_000;
const LOOK_EVERY_MS = 1_000;

/** `mesh reconcile`: compares what was issued, disclosed and received, day by day, and repairs it. */
export function addReconcile(program: Command): void {
  program
    .command('reconcile')
    .description(
      '对账并修复：签发、披露、接收是否一致 compare what was issued, disclosed and received, and repair what differs',
    )
    .option('--from <day>', '起始日 (UTC) first day, 2026-11-20; yesterday when absent')
    .option('--to <day>', '截止日 (UTC) last day; today when absent')
    .option('--no-repair', '只报告，不修复 tell only')
    .option('--older-than <duration>', '较新的仍在途中，不比较 leave out what is younger, ISO 8601', 'PT2M')
    .option('--wait <duration>', '等待修复完成 wait for repairs to take effect, ISO 8601, each day', 'PT1M')
    .option('--gateway <url>', '网关地址 the gateway’s address')
    .option('--json', '机器可读 machine-readable')
    .action(async (options: Options) => {
      const reconciled = await reconcileDays(await asCoordinator(options.gateway), options);
      answer(options.json, reconciled, linesOf(reconciled));
      if (!reconciled.ok) process.exitCode = REFUSED;
    });
}

async function reconcileDays(ask: AskGateway, options: Options): Promise<Reconciled> {
  const progress = createProgress();
  const waitMs = durationMilliseconds(options.wait);
  if (waitMs === undefined) throw new Error(`--wait ${options.wait}: ISO 8601, PT1M`);
  const days = daysOf(options, Date.now());
  const found: ReconciliationReport[] = [];
  const left: ReconciliationReport[] = [];
  let repaired = 0;
  for (const day of days) {
    const request = { from: day, to: day, repair: options.repair, olderThan: options.olderThan };
    const look = (): Promise<ReconciliationReport> =>
      untilFree(() => ask('/api/v1/reconciliations', request)).then((report) => {
        repaired += report.repaired;
        return report;
      });
    const first = await progress.step(`对账 ${day} compare`, look, summaryOf);
    found.push(first);
    const settling = first.repaired > 0;
    left.push(
      settling ? await progress.step(`修复 ${day} repair`, () => untilRepaired(look, first, waitMs), summaryOf) : first,
    );
  }
  const remaining = left.flatMap(({ differences }) => differences);
  const unreachable = [...new Set([...found, ...left].flatMap((report) => report.unreachable))].sort();
  const onTheirWay = sum(left, 'onTheirWay');
  return {
    ok: remaining.length === 0 && unreachable.length === 0 && onTheirWay === 0,
    from: days[0]!,
    to: days.at(-1)!,
    pairs: sum(found, 'pairs'),
    versions: sum(found, 'versions'),
    differences: found.flatMap(({ differences }) => differences),
    repaired,
    remaining,
    onTheirWay,
    unreachable,
  };
}

/** Looks again until nothing is being repaired and nothing is on its way, or the time is over; a last look either way. */
async function untilRepaired(
  look: () => Promise<ReconciliationReport>,
  first: ReconciliationReport,
  waitMs: number,
): Promise<ReconciliationReport> {
  const until = Date.now() + waitMs;
  for (let last = first; ; last = await look()) {
    if (last.repaired === 0 && last.onTheirWay === 0) return last;
    if (Date.now() > until) return last;
    await delay(LOOK_EVERY_MS);
  }
}

/** Repeats while another run is under way. @throws what else the gateway refuses. */
async function untilFree(
  attempt: () => Promise<CoordinatorAnswer<ReconciliationReport>>,
): Promise<ReconciliationReport> {
  for (const until = Date.now() + BUSY_LIMIT_MS; ; await delay(LOOK_EVERY_MS)) {
    const reply = await attempt();
    if (reply.ok) return reply.body;
    if (reply.status !== 409 || Date.now() > until) throw new Error(refusalText(reply));
  }
}

/** The days asked for, UTC, yesterday and today when nothing is said. @throws when they are none. */
function daysOf({ from, to }: Options, now: number): string[] {
  const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
  const last = to ?? dayOf(now);
  const first = from ?? dayOf(Math.min(now, Date.parse(last)) - (to === undefined ? DAY_MS : 0));
  for (const day of [first, last]) if (!isDate(day)) throw new Error(`${day}: 日期格式 a day is written 2026-11-21`);
  const days: string[] = [];
  for (let day = Date.parse(first); day <= Date.parse(last); day += DAY_MS) days.push(dayOf(day));
  if (days.length === 0)
    throw new Error(`--from ${first} --to ${last}: 起始日在截止日之后 the first day is after the last`);
  return days;
}

function sum(reports: readonly ReconciliationReport[], figure: 'pairs' | 'versions' | 'onTheirWay'): number {
  return reports.reduce((total, report) => total + report[figure], 0);
}

function summaryOf({ differences, repaired, onTheirWay, unreachable }: ReconciliationReport): string {
  const count = differences.reduce((total, difference) => total + difference.count, 0);
  return [
    `${count} 项差异 differences`,
    `${repaired} 项修复 repairs`,
    ...(onTheirWay === 0 ? [] : [`${onTheirWay} 项在途 on their way`]),
    ...(unreachable.length === 0 ? [] : [`无应答 no answer: ${unreachable.join(', ')}`]),
  ].join(', ');
}

const COLUMNS = ['日期 day', '签发 issuer', '接收 receiver', '代码 code', '差异 found', '修复 repaired'];

function linesOf({ differences, remaining, pairs, versions, onTheirWay, unreachable, ok }: Reconciled): string[] {
  const rows = differences.map(({ day, issuer, receiver, code, count, repaired }) =>
    [day, issuer, receiver ?? '-', code, count, repaired].join('  '),
  );
  const left = remaining.flatMap(({ code, issuer, receiver, message, examples }) => [
    `${code}  ${issuer} → ${receiver ?? '-'}: ${message.zh} / ${message.en}`,
    ...examples.map(({ resultId, version }) => `  ${resultId} v${version}`),
  ]);
  return [
    ...(rows.length === 0 ? [] : [COLUMNS.join('  '), ...rows]),
    ...(left.length === 0 ? [] : ['仍有差异 remaining:', ...left]),
    ...(onTheirWay === 0 ? [] : [`${onTheirWay} 份副本仍在途中 copies are still on their way`]),
    ...(unreachable.length === 0 ? [] : [`无应答的单位 units that did not answer: ${unreachable.join(', ')}`]),
    `${ok ? '一致 all equal' : '不一致 not all equal'}: ${pairs} 对 pairs, ${versions} 个版本 versions`,
  ];
}
