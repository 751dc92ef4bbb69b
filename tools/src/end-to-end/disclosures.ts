import type { UnitId, Withheld } from '@clearance/contracts';
import { ask } from './gateway-http.ts';
import { eventually, type TestLocalMesh } from './test-local-mesh.ts';

/** The answer of `GET /api/v1/results/{id}/disclosures`, as an auditor's program sees it. */
export interface Disclosures {
  resultId: string;
  issuer: UnitId;
  kind: string;
  disclosures: {
    version: number;
    consumer: UnitId;
    listVersion: string;
    decidedAt: string;
    receiptAt: string | null;
    withheld: Withheld[];
    tokenDigest: string;
    ledger: { sequence: number; hash: string };
  }[];
}

/** Who was shown a result, once every consumer has confirmed one view of every version up to `version`. */
export function settledDisclosures(mesh: TestLocalMesh, resultId: string, version = 1): Promise<Disclosures> {
  return eventually(async () => {
    const { status, body } = await ask<Disclosures>(mesh, `/api/v1/results/${resultId}/disclosures`, {
      role: 'auditor',
    });
    if (status !== 200 || !body.disclosures.some((disclosure) => disclosure.version === version)) return undefined;
    // A version that was decided again under another list may have been given as two views; one of them is held.
    const views = Map.groupBy(body.disclosures, (disclosure) => `${disclosure.version} ${disclosure.consumer}`);
    const confirmed = [...views.values()].every((given) => given.some(({ receiptAt }) => receiptAt !== null));
    return confirmed ? body : undefined;
  }, `all receipts for ${resultId}, version ${version}`);
}
