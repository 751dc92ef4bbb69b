import type { Command } from 'commander';
import { answer, FAULT, REFUSED } from './answer.ts';
import type { AuditorAnswer } from './auditor.ts';
import { refusalText } from './coordinator.ts';

/** Conditions that name what is asked for; each is the API's parameter of the same name. */
export interface Conditions {
  consumer?: string;
  grant?: string;
  entry?: string;
  issuer?: string;
  kind?: string;
  listVersion?: string;
  from?: string;
  to?: string;
  first?: string;
  last?: string;
}

export const GATEWAY = ['--gateway <url>', '网关地址 the gateway’s address'] as const;
export const GRANT = [
  '--grant <id>',
  '只看依该授权（获准的查阅申请）提供的 only where something was shown under this grant, the request that was granted',
] as const;
export const JSON_OPTION = ['--json', '机器可读 machine-readable'] as const;

/** Options for the conditions of a period. */
export function withConditions(command: Command): Command {
  return command
    .option('--issuer <unit>', '签发单位 the unit that issued it')
    .option('--kind <kind>', '结果种类 kind of result, customs.examination')
    .option('--list-version <version>', '负面清单版本 version of the negative list that was decided by')
    .option('--from <time>', '自（含） decided then or later, RFC 3339')
    .option('--to <time>', '至（不含） decided before, RFC 3339');
}

/** Tells a refusal; the gateway's own faults are none of the question's. */
export function refuse(json: boolean | undefined, reply: Extract<AuditorAnswer, { ok: false }>): void {
  answer(json, { ...reply.problem, ok: false }, [refusalText(reply)]);
  process.exitCode = reply.status >= 500 ? FAULT : REFUSED;
}
