import { type CopiesMessage, type UnitId, validateCopiesMessage } from '@clearance/contracts';
import { type Received, type Verdict, verdictOnItems } from '@clearance/messaging';
import { type KeyRing, verifyTokens, versionName } from '@clearance/provenance';
import type { StoredResult } from '../store/stored-result.ts';

/** A copy that its receiver has verified itself. */
export interface VerifiedCopy {
  stored: StoredResult;
  traceparent: string | null;
}

/** What one message on COPIES turned out to hold. */
export interface CopiesRead {
  verified: VerifiedCopy[];
  /** A code for each copy in it that was refused. */
  refused: string[];
  /** Those of the refused ones that should be found again, by name. */
  named: string[];
  verdict: Verdict;
}

/**
 * Reads messages on COPIES: their form, every issuer's signature, and that the issuer is the one of the subject.
 * A message with a bad copy in it is kept as a dead letter; its good copies are taken all the same. One whose key is not
 * known waits a while for the key.
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
      const detail = 'not a message of copies';
      return { verified: [], refused: [], named: [], verdict: { verdict: 'poison', cause: 'malformed', detail } };
    }
    const verified: VerifiedCopy[] = [];
    const refused: string[] = [];
    const named: string[] = [];
    for (const copy of message.copies) {
      const verification = verifications[next++]!;
      if (!verification.ok) {
        refused.push(verification.code);
        if (verification.claims) named.push(...versionName(verification.claims));
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
    return { verified, refused, named, verdict: verdictOnItems(refused, message.copies.length, 'copies', named) };
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
