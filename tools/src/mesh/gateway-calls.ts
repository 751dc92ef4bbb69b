import type { Command } from 'commander';
import type { Finding } from '@clearance/negative-list';
import { meshHome, type TokenRole } from '@clearance/platform/command';
import { readConfig } from '../config.ts';
import { askAs, type AskAs, type GatewayAnswer } from '../local-mesh/ask-as.ts';
import { answer, REFUSED } from './answer.ts';
import { refusalText } from './coordinator.ts';

/** What every command that asks the gateway may be told. */
export interface GatewayOptions {
  gateway?: string;
  json?: boolean;
}

/** A command that is written into a history. */
export function acting(command: Command): Command {
  return reading(command.requiredOption('--reason <text>', '理由，载入历史 why, for the history'));
}

/** A command that asks the gateway. */
export function reading(command: Command): Command {
  return command
    .option('--gateway <url>', '网关地址 the gateway’s address')
    .option('--json', '机器可读 machine-readable');
}

/** The state directory, and where its gateway listens. */
export function gatewayOf(options: { gateway?: string }): { home: ReturnType<typeof meshHome>; url: string } {
  const config = readConfig();
  return { home: meshHome(config.MESH_HOME), url: options.gateway ?? `http://127.0.0.1:${config.MESH_HTTP_PORT}` };
}

/** Asks with the token of a role. */
export function asking(role: TokenRole, options: { gateway?: string }): Promise<AskAs> {
  const { home, url } = gatewayOf(options);
  return askAs(home, url, role);
}

/** Tells the gateway's answer: as one object, or in lines; a refusal with every finding, and its exit code. */
export function tell<T extends object>(
  options: GatewayOptions,
  reply: GatewayAnswer<T>,
  linesOf: (body: T) => string[],
): void {
  if (reply.ok) {
    answer(options.json, { ok: true, ...reply.body }, linesOf(reply.body));
    return;
  }
  const findings = findingLines('', reply.problem.findings ?? []);
  answer(options.json, { ...reply.problem, ok: false }, [refusalText(reply), ...findings]);
  process.exitCode = REFUSED;
}

/** A finding a line, as compilers write them. */
export function findingLines(file: string, findings: readonly Finding[]): string[] {
  return findings.map(
    ({ line, column, severity, code, entry, message }) =>
      `${file}:${line}:${column} ${severity} ${code}${entry === undefined ? '' : ` ${entry}`} ${message.zh} / ${message.en}`,
  );
}
