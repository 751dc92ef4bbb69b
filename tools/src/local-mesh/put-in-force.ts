import { readFile } from 'node:fs/promises';
import { type Finding, parseNegativeList } from '@clearance/negative-list';
import type { MeshHome } from '@clearance/platform/command';
import { signDetached, signingKey } from '@clearance/provenance';
import { askAs, type GatewayAnswer } from './ask-as.ts';

/** What became of a list. */
export type ListAnswer =
  | { ok: true; version: string; state: string; warnings: Finding[] }
  | { ok: false; status: number; detail: string; findings: Finding[] };

interface DraftAnswer {
  draftId: string;
  revision: number;
  findings: Finding[];
}

/**
 * Takes a list the whole way for both who have to do with it: drafted and submitted with the token of the `policy` role,
 * approved with that of the `policy-approver` and signed with the home's policy key. What the gateway refuses is withdrawn.
 * A list that there is already, with the same text, is left as it is.
 */
export async function putInForce(home: MeshHome, gatewayUrl: string, document: string): Promise<ListAnswer> {
  const [author, approver] = await Promise.all([
    askAs(home, gatewayUrl, 'policy'),
    askAs(home, gatewayUrl, 'policy-approver'),
  ]);
  const key = signingKey(JSON.parse(await readFile(home.signingKeyFile('policy'), 'utf8')));
  const parsed = parseNegativeList(document);
  if (parsed.ok) {
    const path = `/api/v1/lists/${encodeURIComponent(parsed.list.version)}`;
    const known = await author<{ document: string; version: string; state: string }>('GET', path);
    if (known.ok && known.body.document === document) return { ok: true, ...known.body, warnings: [] };
  }
  const reason = 'mesh lists put';
  const drafted = await author<DraftAnswer>('POST', '/api/v1/drafts', { body: { document, reason } });
  if (!drafted.ok) return refused(drafted);
  const path = `/api/v1/drafts/${drafted.body.draftId}`;
  const submitted = await author<DraftAnswer>('POST', `${path}/submit`, { body: { reason }, ifMatch: '"1"' });
  const signature = signDetached(new TextEncoder().encode(document), key);
  const approved = submitted.ok
    ? await approver<{ version: string; state: string; warnings: Finding[] }>('POST', `${path}/approve`, {
        body: { signature, reason },
        ifMatch: '"2"',
      })
    : submitted;
  if (approved.ok) return { ok: true, ...approved.body };
  const ifMatch = submitted.ok ? '"2"' : '"1"';
  await author('POST', `${path}/withdraw`, { body: { reason: `${approved.status}` }, ifMatch }).catch(() => undefined);
  return refused(approved);
}

function refused({ status, problem }: Extract<GatewayAnswer<unknown>, { ok: false }>): ListAnswer {
  return { ok: false, status, detail: String(problem.detail), findings: problem.findings ?? [] };
}
