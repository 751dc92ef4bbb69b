import type { Command } from 'commander';
import { answer, REFUSED } from './answer.ts';
import { asCoordinator, refusalText } from './coordinator.ts';

/** The answer of `GET /api/v1/stragglers`. */
interface Stragglers {
  at: string;
  stragglers: { unit: string; waiting: number; oldestSince: string; ageSeconds: number }[];
  results: {
    resultId: string;
    version: number;
    issuer: string;
    kind: string;
    disclosedAt: string;
    waitingFor: string[];
  }[];
  cursor?: string;
}

interface Options {
  unit?: string;
  olderThan: string;
  limit: string;
  gateway?: string;
  json?: boolean;
}

/** `mesh stragglers`: which unit has not confirmed what, and for how long. */
export function addStragglers(program: Command): void {
  program
    .command('stragglers')
    .description('尚未回执的单位与结果 which unit has not confirmed what, and for how long')
    .option('--unit <unit>', '只看一个单位 only this unit, ln.customs')
    .option('--older-than <duration>', '等待超过 waited for longer than, ISO 8601', 'PT5M')
    .option('--limit <n>', '最多列出的结果数 results listed at most', '20')
    .option('--gateway <url>', '网关地址 the gateway’s address')
    .option('--json', '机器可读 machine-readable')
    .action(async (options: Options) => {
      const { unit, olderThan, limit } = options;
      const ask = await asCoordinator(options.gateway);
      const query = new URLSearchParams({ olderThan, limit, ...(unit === undefined ? {} : { unit }) });
      const reply = await ask<Stragglers>(`/api/v1/stragglers?${query}`);
      if (!reply.ok) {
        answer(options.json, { ...reply.problem, ok: false }, [refusalText(reply)]);
        process.exitCode = REFUSED;
        return;
      }
      answer(options.json, { ok: true, ...reply.body }, linesOf(reply.body));
    });
}

function linesOf({ stragglers, results, cursor }: Stragglers): string[] {
  if (stragglers.length === 0) return ['全部单位均已回执 every unit has confirmed what it was given'];
  return [
    ...stragglers.map(
      ({ unit, waiting, oldestSince, ageSeconds }) =>
        `${unit}  ${waiting} 项未回执 not confirmed, ${ageSeconds} s (${oldestSince})`,
    ),
    ...results.map(
      ({ resultId, version, issuer, kind, disclosedAt, waitingFor }) =>
        `  ${resultId} v${version}  ${issuer}  ${kind}  ${disclosedAt}  → ${waitingFor.join(', ')}`,
    ),
    ...(cursor === undefined ? [] : ['  … 更多 more']),
  ];
}
