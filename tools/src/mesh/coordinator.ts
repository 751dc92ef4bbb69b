import { readFile } from 'node:fs/promises';
import type { Problem } from '@clearance/contracts';
import { meshHome } from '@clearance/platform/command';
import { readConfig } from '../config.ts';

/** The gateway's answer to a coordinator. */
export type CoordinatorAnswer<T> = { ok: true; body: T } | { ok: false; status: number; problem: Partial<Problem> };

/** Asks the running gateway with the coordinator's token of the state directory. */
export type AskGateway = <T>(path: string, body?: object) => Promise<CoordinatorAnswer<T>>;

/**
 * Makes the coordinator's way to the gateway.
 *
 * @param url of the gateway; the local one when absent
 * @returns a function that throws when the gateway cannot be reached
 */
export async function asCoordinator(url: string | undefined): Promise<AskGateway> {
  const config = readConfig();
  const token = (await readFile(meshHome(config.MESH_HOME).tokenFile('coordinator'), 'utf8')).trim();
  const base = url ?? `http://127.0.0.1:${config.MESH_HTTP_PORT}`;
  return async (path, body) => {
    const response = await fetch(`${base}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new Error(`${base}: 网关无应答 the gateway does not answer`, { cause: error });
    });
    const answer = (await response.json()) as never;
    return response.ok ? { ok: true, body: answer } : { ok: false, status: response.status, problem: answer };
  };
}

/** A refusal as a person reads it. */
export function refusalText({ status, problem }: { status: number; problem: Partial<Problem> }): string {
  const errors = (problem.errors ?? []).map(({ pointer, message }) => `${pointer} ${message.zh} / ${message.en}`);
  return [`${status} ${problem.detail ?? ''}`, ...errors].join('\n');
}
