import { randomBytes } from 'node:crypto';
import {
  MAX_TOKEN_CHARACTERS,
  type ResultContent,
  type ResultStatus,
  STREAMS,
  type UnitId,
} from '@clearance/contracts';
import { type MaybeTrace, startStep, type Step } from '@clearance/platform';
import { contentDigest, issueTokens, type SigningKey, type UnsignedResult } from '@clearance/provenance';
import type { StoredResult } from '../store/stored-result.ts';
import { type PendingOffer, pendingOffer } from '../offer/pending-offer.ts';
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

/** Begins the step in which a version is issued: its offers, copies and receipts go on from it. */
export function startIssuing(
  unit: UnitId,
  { resultId, version, status, content }: Omit<Unsigned, 'traceparent'>,
  from: MaybeTrace,
  links: readonly MaybeTrace[],
): Step {
  return startStep({
    name: 'issue result',
    from,
    facts: { unit, issuer: unit, resultId, version, status, kind: content.kind },
    links,
    messaging: { operation: 'create', destination: STREAMS.OFFERS.name },
  });
}

/** What a revocation adds to a token, at most: whatever could be issued can also be revoked. */
const REVOCATION_CHARACTERS = 16_384;

/** A version that is signed: what is stored, and what is offered. */
export interface SignedVersion {
  stored: StoredResult;
  offer: PendingOffer;
}

/**
 * Signs versions together and makes of each what is stored and what is offered; undefined for a content of so many fields
 * that its token would not reach anybody: of a message a quarter is left for what a copy says of what was withheld. Every field is signed for itself: a token is up to 13 times its content.
 */
export function signVersions(unit: Unit, versions: readonly Unsigned[]): (SignedVersion | undefined)[] {
  const issuedAt = new Date(unit.now()).toISOString();
  const key = unit.signingKey();
  const sendable = Math.min(MAX_TOKEN_CHARACTERS, Math.floor((unit.mesh.limits.maxPayloadBytes * 3) / 4));
  const tokens = tokensOf(
    versions.map(({ resultId, version, status, content }) => ({
      claims: { issuer: unit.id, resultId, version, status, issuedAt },
      content: content,
    })),
    key,
  );
  return versions.map((unsigned, index) => {
    const token = tokens[index];
    const { resultId, version, status, traceparent } = unsigned;
    const most = sendable - (status === 'revoked' ? 0 : REVOCATION_CHARACTERS);
    if (token === undefined || token.length > most) return undefined;
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
        viewNumber: 0,
      },
      offer: pendingOffer({ resultId, version }, token, traceparent),
    };
  });
}

/** All signed together; or, when one of them exceeds what a token may be, each for itself. */
function tokensOf(results: readonly UnsignedResult[], key: SigningKey): (string | undefined)[] {
  try {
    return issueTokens(results, key, (bytes) => randomBytes(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    if (results.length === 1) return [undefined];
    return results.flatMap((result) => tokensOf([result], key));
  }
}
