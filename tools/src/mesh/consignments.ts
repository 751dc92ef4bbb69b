import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { UnitId } from '@clearance/contracts';
import type { TimelineStep, TimelineStepName } from '@clearance/coordination';
import type { AskAs } from '../local-mesh/ask-as.ts';
import { acting, asking, type GatewayOptions, reading, tell } from './gateway-calls.ts';

/** A consignment, as `GET /api/v1/consignments` answers it. */
interface Consignment {
  consignmentId: string;
  firstAt: string;
  lastAt: string;
  results: number;
  issuers: UnitId[];
  locations: string[];
  declarationNumbers: string[];
  transportDocuments: string[];
  containers: string[];
  unsettled: number;
}

interface Timeline {
  consignment: Consignment;
  results: { resultId: string; version: number; kind: string | null }[];
  steps: TimelineStep[];
  more: boolean;
}

interface Rebuild {
  rebuildId: string;
  finishedAt: string | null;
  total: number | null;
  done: number;
  missing: number;
  unreachable: UnitId[];
  waiting: number;
}

interface FindOptions extends GatewayOptions {
  container?: string;
  declaration?: string;
  transportDocument?: string;
  result?: string;
  issuer?: string;
  limit?: string;
  cursor?: string;
}

const PATH = '/api/v1/consignments';

/** `mesh consignments find|show|rebuild`. Exit 0 answered, 1 refused, 2 could not be done. */
export function addConsignments(program: Command): void {
  const consignments = program
    .command('consignments')
    .description(
      '货物全程：按箱号、单证查票，看时间线 goods as they move: find a consignment, read what happened to it',
    );
  reading(
    consignments
      .command('find')
      .description('查票，新的在前 find consignments, the newest first')
      .option('--container <number>', '箱号 container, CSQU3054383')
      .option('--declaration <number>', '报关单号 declaration')
      .option('--transport-document <number>', '运单号 transport document')
      .option('--result <id>', '结果号 a result of it')
      .option('--issuer <unit>', '签发单位 with a result of this unit')
      .option('--limit <n>', '一页几票 how many on a page')
      .option('--cursor <cursor>', '续页 from the page before'),
  ).action(async ({ declaration, result, ...options }: FindOptions) => {
    const { container, transportDocument, issuer, limit, cursor } = options;
    const named = {
      container,
      declarationNumber: declaration,
      transportDocument,
      resultId: result,
      issuer,
      limit,
      cursor,
    };
    const query = new URLSearchParams(
      Object.entries(named).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value]],
      ),
    );
    const ask = await asking('coordinator', options);
    const reply = await ask<{ consignments: Consignment[]; cursor?: string }>('GET', `${PATH}?${query.toString()}`);
    tell(options, reply, (found) => [
      ...(found.consignments.length === 0 ? ['没有 none'] : found.consignments.flatMap(consignmentLines)),
      ...(found.cursor === undefined ? [] : [`续页 more: --cursor ${found.cursor}`]),
    ]);
  });
  reading(
    consignments
      .command('show <id>')
      .description(
        '一票的时间线，可用其任一结果号 what happened to a consignment, by its id or that of any of its results',
      ),
  ).action(async (id: string, options: GatewayOptions) => {
    const ask = await asking('coordinator', options);
    tell(options, await ask<Timeline>('GET', `${PATH}/${encodeURIComponent(id)}/timeline`), timelineLines);
  });
  acting(
    consignments
      .command('rebuild')
      .description(
        '由台账与各单位重建 make all consignments anew, from the ledger and from the units; waits until it is done',
      ),
  ).action(async (options: GatewayOptions & { reason: string }) => {
    const ask = await asking('coordinator', options);
    const begun = await ask<Rebuild>('POST', `${PATH}/rebuilds`, { body: { reason: options.reason } });
    const reply = begun.ok ? await untilRebuilt(ask, begun.body.rebuildId) : begun;
    tell(options, reply, ({ total, missing, unreachable }) => [
      `已重建 made anew: ${total ?? 0}，缺内容 without their content: ${missing}`,
      ...(unreachable.length === 0 ? [] : [`未应答 did not answer: ${unreachable.join(', ')}`]),
    ]);
  });
}

const LOOK_EVERY_MS = 1_000;

/** Waits, and says on standard error how far it is. */
async function untilRebuilt(ask: AskAs, rebuildId: string): ReturnType<typeof ask<Rebuild>> {
  for (let told = ''; ; await delay(LOOK_EVERY_MS)) {
    const reply = await ask<Rebuild>('GET', `${PATH}/rebuilds/${rebuildId}`);
    if (!reply.ok) return reply;
    const { finishedAt, done, total, waiting } = reply.body;
    if (finishedAt !== null && waiting === 0) return reply;
    const line = `${done}/${total ?? '?'} 份 versions, ${waiting} 待归票 to be joined\n`;
    if (line !== told) process.stderr.write(line);
    told = line;
  }
}

function consignmentLines(consignment: Consignment): string[] {
  const { consignmentId, firstAt, lastAt, results, issuers, locations, unsettled } = consignment;
  const goods = [...consignment.declarationNumbers, ...consignment.transportDocuments, ...consignment.containers];
  return [
    `${consignmentId}  ${firstAt} – ${lastAt}  ${results} 份结果 results, ${unsettled} 未办结 unsettled`,
    `  ${issuers.join(', ')}  ${locations.join(', ')}  ${goods.join(' ')}`,
  ];
}

const STEPS: Record<TimelineStepName, string> = {
  examined: '查验 examined',
  submitted: '提交 submitted',
  offered: '送交网关 offered',
  decided: '裁定 decided',
  received: '收到副本 received',
  settled: '办结 settled',
  recognised: '互认 recognised',
  reopened: '重开 reopened',
};

function timelineLines({ consignment, steps, more }: Timeline): string[] {
  return [
    ...consignmentLines(consignment),
    '',
    ...steps.map(stepLine),
    ...(more ? ['', '另有更早的结果 there are older results'] : []),
  ];
}

function stepLine(step: TimelineStep): string {
  const { at, unit, resultId, version, sinceSubmitted, traceId } = step;
  const parts = [
    at,
    STEPS[step.step],
    unit,
    resultId === undefined ? '' : `${resultId} v${version ?? 1}`,
    sinceSubmitted === undefined || sinceSubmitted === 0 ? '' : `${sinceSubmitted > 0 ? '+' : ''}${sinceSubmitted} s`,
    detailOf(step),
    traceId === undefined ? '' : `trace ${traceId}`,
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function detailOf({
  listVersion,
  consumers,
  withheldFrom,
  outcome,
  location,
  recognised,
  required,
}: TimelineStep): string {
  if (listVersion !== undefined) {
    const withheld = withheldFrom?.length ?? 0;
    return `${listVersion}: ${consumers?.length ?? 0} 个单位 units${withheld === 0 ? '' : `, ${withheld} 部分不予共享 not all of it`}`;
  }
  if (outcome === undefined) return '';
  const why = (required ?? []).map(({ check, reasons }) => `${check} (${reasons.join(', ')})`);
  return [outcome, location ?? '', ...(recognised ?? []), ...why].filter((part) => part !== '').join(' ');
}
