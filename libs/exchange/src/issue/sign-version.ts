import type { ResultContent, ResultStatus } from '@clearance/contracts';
import { randomBytes } from 'node:crypto';
import { contentDigest, issueTokens } from '@clearance/provenance';
import type { StoredResult } from '../store/stored-result.ts';
import type { PendingOffer } from '../offer/pending-offer.ts';
import type { Unit } from '../unit.ts';

/** A version of an own result that is to be signed. */
export interface Unsigned {
  resultId: string;
  version: number;
  status: ResultStatus;
  content: ResultContent;
  /** Digest of the first version's content; absent when this is the first. */
  firstDigest?: string;
  traceparent: string;
}

/** Signs versions together and makes of each what is stored and what is offered. */
export function signVersions(
  unit: Unit,
  versions: readonly Unsigned[],
): { stored: StoredResult; offer: PendingOffer }[] {
  const issuedAt = new Date(unit.now()).toISOString();
  const key = unit.signingKey();
  const tokens = issueTokens(
    versions.map(({ resultId, version, status, content }) => ({
      claims: { issuer: unit.id, resultId, version, status, issuedAt },
      content: content,
    })),
    key,
    (bytes) => randomBytes(bytes),
  );
  return versions.map((unsigned, index) => {
    const token = tokens[index]!;
    const { resultId, version, status, traceparent } = unsigned;
    const digest = contentDigest(unsigned.content);
    return {
      stored: {
        resultId,
        version,
        status,
        issuer: unit.id,
        own: true,
        issuedAt,
        content: JSON.stringify(unsigned.content),
        withheld: '[]',
        token,
        keyId: key.kid,
        digest,
        firstDigest: unsigned.firstDigest ?? digest,
        listVersion: null,
      },
      offer: { resultId, version, item: JSON.stringify({ token, traceparent }) },
    };
  });
}
