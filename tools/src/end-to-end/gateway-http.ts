import { readFile } from 'node:fs/promises';
import type { Problem, UnitId } from '@clearance/contracts';
import type { TokenRole } from '@clearance/platform';
import type { TestLocalMesh } from './test-local-mesh.ts';

/** An answer of the gateway, its body as JSON where it is JSON. */
export interface Answer<T = Problem> {
  status: number;
  headers: Headers;
  body: T;
}

/** One HTTP request to the gateway, as the holder of a role's token or with a token of one's own. */
export async function ask<T = Problem>(
  mesh: Pick<TestLocalMesh, 'home' | 'httpUrl'>,
  path: string,
  options: {
    role?: TokenRole | UnitId;
    token?: string;
    method?: 'GET' | 'POST' | 'PUT';
    body?: unknown;
    ifMatch?: string;
  } = {},
): Promise<Answer<T>> {
  const { role, method = 'GET', body, ifMatch } = options;
  const token =
    options.token ?? (role === undefined ? undefined : (await readFile(mesh.home.tokenFile(role), 'utf8')).trim());
  const response = await fetch(`${mesh.httpUrl}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
}

/** One thing on which readiness rests, as `/readyz` tells it. */
export interface ReadinessCheck {
  name: string;
  ok: boolean;
  detail?: string;
}

/** What a service's `/readyz` says. */
export async function readiness(url: string): Promise<{ status: number; checks: ReadinessCheck[] }> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(20_000) });
  const { checks } = (await response.json()) as { checks: ReadinessCheck[] };
  return { status: response.status, checks };
}
