import { type CopiesMessage, type UnitId, validateCopiesMessage } from '@clearance/contracts';
import type { Received, Verdict } from '@clearance/messaging';
import { type KeyRing, verifyTokens } from '@clearance/provenance';
import type { StoredResult } from '../store/stored-result.ts';

/** A copy that its receiver has verified itself. */
export interface VerifiedCopy {
  stored: StoredResult;
  traceparent: string | null;
}

/** What one message on COPIES turned out to hold. */
export interface CopiesRead {
  verified: VerifiedCopy[];
  verdict: Verdict;
}

/**
 * Reads messages on COPIES: their form, every issuer's signature, and that the issuer is the one of the subject.
 * A message with a bad copy in it is kept as a dead letter; its good copies are taken all the same.
 *
 * @param self the receiving unit: a copy of its own result would be a mistake of the gateway.
 */
export function readCopies(messages: readonly Received[], self: UnitId, ring: KeyRing): CopiesRead[] {
  const parsed = messages.map(({ data }) => parse(data));
  const tokens = parsed.flatMap((message) => message?.copies.map((copy) => copy.token) ?? []);
  const verifications = verifyTokens(tokens, ring);
  let next = 0;
  return messages.map(({ subject }, index) => {
    const message = parsed[index];
    if (message === undefined) {
      return { verified: [], verdict: { verdict: 'poison', cause: 'malformed', detail: 'not a message of copies' } };
    }
    const verified: VerifiedCopy[] = [];
    const refused: string[] = [];
    for (const copy of message.copies) {
      const verification = verifications[next++]!;
      if (!verification.ok) {
        refused.push(verification.code);
        continue;
      }
      const { claims, content, keyId, token } = verification.result;
      if (claims.issuer === self || subject !== `copies.${claims.issuer}`) {
        refused.push('wrong-subject');
        continue;
      }
      const stored: StoredResult = {
        ...claims,
        own: false,
        content: JSON.stringify(content),
        withheld: JSON.stringify(copy.withheld),
        token,
        keyId,
        digest: null,
        firstDigest: null,
        listVersion: message.listVersion,
      };
      verified.push({ stored, traceparent: copy.traceparent ?? null });
    }
    if (refused.length === 0) return { verified, verdict: { verdict: 'done' } };
    const detail = `${refused.length} of ${message.copies.length} copies refused: ${[...new Set(refused)].join(', ')}`;
    return { verified, verdict: { verdict: 'poison', cause: 'unverifiable', detail } };
  });
}

function parse(data: Uint8Array): CopiesMessage | undefined {
  try {
    const checked = validateCopiesMessage(JSON.parse(new TextDecoder().decode(data)));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}
