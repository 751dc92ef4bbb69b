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

/** Who was shown a result, once every one of its versions up to `version` has been confirmed by all who were shown it. */
export function settledDisclosures(mesh: TestLocalMesh, resultId: string, version = 1): Promise<Disclosures> {
  return eventually(async () => {
    const { status, body } = await ask<Disclosures>(mesh, `/api/v1/results/${resultId}/disclosures`, {
      role: 'auditor',
    });
    const whole =
      status === 200 &&
      body.disclosures.some((disclosure) => disclosure.version === version) &&
      body.disclosures.every(({ receiptAt }) => receiptAt !== null);
    return whole ? body : undefined;
  }, `all receipts for ${resultId}, version ${version}`);
}
