import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { UnitId, Withheld } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform';
import { signDetached, signingKey } from '@clearance/provenance';
import { issueToken } from '@clearance/provision';
import { askAs, type AskAs, askWith, type GatewayAnswer } from '../local-mesh/ask-as.ts';
import { Patience } from './event-log.ts';

/** One line of `GET /api/v1/results/{id}/disclosures`. */
export interface Disclosed {
  readonly version: number;
  readonly consumer: UnitId;
  readonly listVersion: string;
  /** RFC 3339. */
  readonly decidedAt: string;
  readonly receiptAt: string | null;
  readonly withheld: readonly Withheld[];
}

/** The gateway as an auditor and the policy office use it. */
export interface GatewayClient {
  /** Who was shown what of a result. */
  disclosures(resultId: string): Promise<readonly Disclosed[]>;
  /** The policy key's signature over a list's text, a detached JWS. */
  signList(document: string): Promise<string>;
  /** A request of one of the two who have to do with a list. The gateway does it once, however often it is repeated. */
  ask<T>(who: PolicyOfficer, ...request: Parameters<AskAs>): Promise<GatewayAnswer<T>>;
}

/**
 * Who has to do with a list. The author could approve the lists of others: that they may not approve their own is not a
 * matter of their role.
 */
export type PolicyOfficer = 'author' | 'approver';

/** Repeats what fails because the gateway is away; `patience` in milliseconds. */
export function gatewayClient(
  home: MeshHome,
  url: string,
  { patience, signal }: { patience: number; signal: AbortSignal },
): GatewayClient {
  const persist = async <T>(what: string, attempt: () => Promise<T | 'away'>): Promise<T> => {
    const until = Date.now() + patience;
    for (let last = 'not ready'; ; await delay(200, undefined, { signal })) {
      try {
        const answer = await attempt();
        if (answer !== 'away') return answer;
      } catch (error) {
        if (error instanceof Refused) throw error;
        last = error instanceof Error ? error.message : String(error);
      }
      if (Date.now() > until) throw new Patience(`not within ${patience / 1_000} s: ${what} (${last})`);
    }
  };
  const officers = {
    author: issueToken(home, { subject: 'demo-author', roles: ['policy', 'policy-approver'] }, Date.now()).then(
      (token) => askWith(url, token),
    ),
    approver: askAs(home, url, 'policy-approver'),
  };
  // Whoever asks is told; until then it is nobody's unhandled rejection.
  for (const officer of Object.values(officers)) officer.catch(() => undefined);
  return {
    disclosures: (resultId) =>
      persist('GET disclosures', async () => {
        const token = (await readFile(home.tokenFile('auditor'), 'utf8')).trim();
        const response = await fetch(`${url}/api/v1/results/${resultId}/disclosures`, {
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
        });
        if (response.status >= 500) return 'away';
        if (!response.ok) throw new Refused(`GET disclosures: ${response.status} ${await response.text()}`);
        return ((await response.json()) as { disclosures: Disclosed[] }).disclosures;
      }),
    signList: async (document) => {
      const key = signingKey(JSON.parse(await readFile(home.signingKeyFile('policy'), 'utf8')));
      return signDetached(new TextEncoder().encode(document), key);
    },
    ask: <T>(who: PolicyOfficer, method: 'GET' | 'POST' | 'PUT', path: string, request?: Parameters<AskAs>[2]) => {
      const idempotencyKey = randomUUID();
      return persist(`${method} ${path}`, async () => {
        const ask = await officers[who];
        const answer = await ask<T>(method, path, { ...request, ...(method === 'GET' ? {} : { idempotencyKey }) });
        return !answer.ok && isPassing(answer) ? 'away' : answer;
      });
    },
  };
}

/** Of a moment: a gateway that starts, is busy, or still has the same request under way. */
function isPassing({ status, problem }: { status: number; problem: { code?: string } }): boolean {
  return status >= 500 || status === 429 || problem.code === 'in-progress';
}

class Refused extends Error {}

/** What the gateway granted. @throws where the script has no refusal */
export function granted<T>(answer: GatewayAnswer<T>): T {
  if (answer.ok) return answer.body;
  const { status, problem } = answer;
  throw new Error(
    [status, problem.code, problem.detail, ...(problem.findings ?? []).map(({ code }) => code)].join(' '),
  );
}
