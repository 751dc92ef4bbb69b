import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { UnitId, Withheld } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform';
import { putInForce } from '../local-mesh/put-in-force.ts';
import { Patience } from './event-log.ts';

/** One line of `GET /api/v1/results/{id}/disclosures`. */
export interface Disclosed {
  readonly version: number;
  readonly consumer: UnitId;
  readonly listVersion: string;
  readonly receiptAt: string | null;
  readonly withheld: readonly Withheld[];
}

/** The gateway as an auditor and the policy office use it. */
export interface GatewayClient {
  /** Who was shown what of a result. */
  disclosures(resultId: string): Promise<readonly Disclosed[]>;
  /** Signs a list with the policy key and hands it in; the same list may be handed in again. @returns its state */
  putList(document: string): Promise<string>;
}

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
    putList: (document) =>
      persist('POST list', async () => {
        const answer = await putInForce(home, url, document);
        if (answer.ok) return answer.state;
        if (answer.status >= 500) return 'away';
        const findings = answer.findings.map((finding) => JSON.stringify(finding)).join('; ');
        throw new Refused(`POST list: ${answer.status} ${answer.detail} ${findings}`);
      }),
  };
}

class Refused extends Error {}
