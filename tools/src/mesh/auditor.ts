import { readFile } from 'node:fs/promises';
import type { Problem } from '@clearance/contracts';
import { meshHome } from '@clearance/platform/command';
import { readConfig } from '../config.ts';

/** The gateway's answer to an auditor, its body yet to be read; or why it refuses. */
export type AuditorAnswer = { ok: true; response: Response } | { ok: false; status: number; problem: Partial<Problem> };

/** Asks the running gateway with the auditor's token of the state directory. */
export type AskAsAuditor = (path: string, query: Record<string, string | undefined>) => Promise<AuditorAnswer>;

/**
 * Makes the auditor's way to the gateway.
 *
 * @param url of the gateway; the local one when absent
 * @returns a function that throws when the gateway cannot be reached, or answers with what is no problem document
 */
export async function asAuditor(url: string | undefined): Promise<AskAsAuditor> {
  const config = readConfig();
  const token = (await readFile(meshHome(config.MESH_HOME).tokenFile('auditor'), 'utf8')).trim();
  const base = url ?? `http://127.0.0.1:${config.MESH_HTTP_PORT}`;
  return async (path, query) => {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const response = await fetch(`${base}${path}?${new URLSearchParams(given)}`, {
      headers: { authorization: `Bearer ${token}` },
    }).catch((error: unknown) => {
      throw new Error(`${base}: 网关无应答 the gateway does not answer`, { cause: error });
    });
    if (response.ok) return { ok: true, response };
    return { ok: false, status: response.status, problem: (await response.json()) as Partial<Problem> };
  };
}
