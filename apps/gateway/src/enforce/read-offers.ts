import { type OfferMessage, type UnitId, validateOfferMessage } from '@clearance/contracts';
import { type Verdict, verdictOnItems } from '@clearance/messaging';
import { type KeyRing, type VerifiedToken, verifyTokens, versionName } from '@clearance/provenance';

/** A message on a unit's OFFERS. */
export interface OfferedMessage {
  unit: UnitId;
  data: Uint8Array;
  /** When it lay on the stream, ms since the epoch; absent where that is not known. */
  storedAt?: number | undefined;
}

/** A result whose issuer's signature the gateway has verified. */
export interface VerifiedOffer {
  verified: VerifiedToken;
  traceparent: string | undefined;
  /** When it lay on its unit's stream, ms since the epoch; absent where that is not known. */
  offeredAt?: number | undefined;
}

/** What one message turned out to hold. */
export interface OffersRead {
  offers: VerifiedOffer[];
  /** A code for each result in it that was refused. */
  refused: string[];
  /** Those of the refused ones that a revoked key signed, by name. */
  named: string[];
  verdict: Verdict;
}

/**
 * Reads messages on OFFERS: their form, every signature, and that each issuer is the unit whose account it came by.
 * A message with a bad result in it is kept as a dead letter; its good results go on all the same. One whose key is not
 * known waits a while for the key.
 */
export function readOffers(messages: readonly OfferedMessage[], ring: KeyRing): OffersRead[] {
  const parsed = messages.map(({ data }) => parse(data));
  const verifications = verifyTokens(
    parsed.flatMap((message) => message?.results.map(({ token }) => token) ?? []),
    ring,
  );
  let next = 0;
  return messages.map(({ unit, storedAt }, index) => {
    const message = parsed[index];
    if (message === undefined) {
      const detail = 'not a message of offers';
      return { offers: [], refused: [], named: [], verdict: { verdict: 'poison', cause: 'malformed', detail } };
    }
    const offers: VerifiedOffer[] = [];
    const refused: string[] = [];
    const named: string[] = [];
    for (const { traceparent } of message.results) {
      const verification = verifications[next++]!;
      if (!verification.ok) {
        refused.push(verification.code);
        if (verification.claims) named.push(...versionName(verification.claims));
      } else if (verification.result.claims.issuer !== unit) refused.push('wrong-account');
      else offers.push({ verified: verification.result, traceparent, offeredAt: storedAt });
    }
    return { offers, refused, named, verdict: verdictOnItems(refused, message.results.length, 'results', named) };
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
