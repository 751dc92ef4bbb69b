import { readFile } from 'node:fs/promises';
import type { Problem } from '@clearance/contracts';
import type { Finding } from '@clearance/negative-list';
import type { MeshHome, TokenRole } from '@clearance/platform/command';

/** The gateway's answer to a request; a refused list comes with what lint found. */
export type GatewayAnswer<T> =
  { ok: true; body: T } | { ok: false; status: number; problem: Partial<Problem> & { findings?: Finding[] } };

/** A request to the gateway, by whoever holds a role's token. */
export type AskAs = <T>(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  request?: { body?: object; ifMatch?: string; idempotencyKey?: string },
) => Promise<GatewayAnswer<T>>;

/**
 * Asks a running gateway with the token of a role, from the state directory.
 *
 * @returns a function that throws when the gateway cannot be reached
 */
export async function askAs(home: MeshHome, gatewayUrl: string, role: TokenRole): Promise<AskAs> {
  return askWith(gatewayUrl, (await readFile(home.tokenFile(role), 'utf8')).trim());
}

/** The same with a token of one's own. */
export function askWith(gatewayUrl: string, token: string): AskAs {
  return async (method, path, { body, ifMatch, idempotencyKey } = {}) => {
    const response = await fetch(`${gatewayUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new Error(`${gatewayUrl}: 网关无应答 the gateway does not answer`, { cause: error });
    });
    const answer = (await response.json()) as never;
    return response.ok ? { ok: true, body: answer } : { ok: false, status: response.status, problem: answer };
  };
}
