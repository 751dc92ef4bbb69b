import { readFile } from 'node:fs/promises';
import type { Finding } from '@clearance/negative-list';
import type { MeshHome } from '@clearance/platform';
import { signDetached, signingKey } from '@clearance/provenance';

/** The gateway's answer to a list. */
export type ListAnswer =
  | { ok: true; version: string; state: string; warnings: Finding[] }
  | { ok: false; status: number; detail: string; findings: Finding[] };

/** Signs a list with the home's policy key and hands it to the gateway. */
export async function submitList(home: MeshHome, gatewayUrl: string, document: string): Promise<ListAnswer> {
  const key = signingKey(JSON.parse(await readFile(home.signingKeyFile('policy'), 'utf8')));
  const token = (await readFile(home.tokenFile('policy'), 'utf8')).trim();
  const response = await fetch(`${gatewayUrl}/api/v1/lists`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ document, signature: signDetached(new TextEncoder().encode(document), key) }),
  });
  const body = (await response.json()) as Record<string, unknown>;
  if (response.ok) return { ok: true, ...(body as { version: string; state: string; warnings: Finding[] }) };
  return {
    ok: false,
    status: response.status,
    detail: String(body['detail']),
    findings: (body['findings'] as Finding[] | undefined) ?? [],
  };
}
