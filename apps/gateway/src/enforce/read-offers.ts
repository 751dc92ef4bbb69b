import { type OfferMessage, type UnitId, validateOfferMessage } from '@clearance/contracts';
import type { Verdict } from '@clearance/messaging';
import { type KeyRing, type VerifiedToken, verifyTokens } from '@clearance/provenance';

/** A message on a unit's OFFERS. */
export interface OfferedMessage {
  unit: UnitId;
  data: Uint8Array;
}

/** A result whose issuer's signature the gateway has verified. */
export interface VerifiedOffer {
  verified: VerifiedToken;
  traceparent: string | undefined;
}

/** What one message turned out to hold. */
export interface OffersRead {
  offers: VerifiedOffer[];
  verdict: Verdict;
}

/**
 * Reads messages on OFFERS: their form, every signature, and that each issuer is the unit whose account it came by.
 * A message with a bad result in it is kept as a dead letter; its good results go on all the same.
 */
export function readOffers(messages: readonly OfferedMessage[], ring: KeyRing): OffersRead[] {
  const parsed = messages.map(({ data }) => parse(data));
  const verifications = verifyTokens(
    parsed.flatMap((message) => message?.results.map(({ token }) => token) ?? []),
    ring,
  );
  let next = 0;
  return messages.map(({ unit }, index) => {
    const message = parsed[index];
    if (message === undefined) {
      return { offers: [], verdict: { verdict: 'poison', cause: 'malformed', detail: 'not a message of offers' } };
    }
    const offers: VerifiedOffer[] = [];
    const refused: string[] = [];
    for (const { traceparent } of message.results) {
      const verification = verifications[next++]!;
      if (!verification.ok) refused.push(verification.code);
      else if (verification.result.claims.issuer !== unit) refused.push('wrong-account');
      else offers.push({ verified: verification.result, traceparent });
    }
    if (refused.length === 0) return { offers, verdict: { verdict: 'done' } };
    const detail = `${refused.length} of ${message.results.length} results refused: ${[...new Set(refused)].join(', ')}`;
    return { offers, verdict: { verdict: 'poison', cause: 'unverifiable', detail } };
  });
}

function parse(data: Uint8Array): OfferMessage | undefined {
  try {
    const checked = validateOfferMessage(JSON.parse(new TextDecoder().decode(data)));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}
