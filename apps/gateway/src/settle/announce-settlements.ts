import { SUBJECTS, type UnitId } from '@clearance/contracts';
import { packItems } from '@clearance/messaging';
import { describeError } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';

/** A version that every entitled unit has confirmed. */
export interface Settled {
  issuer: UnitId;
  resultId: string;
  version: number;
  /** RFC 3339. */
  settledAt: string;
  /** The key that signed what is settled: the version may have been signed anew meanwhile. */
  keyId?: string;
  /** Of the last receipt; absent when its trace is not recorded. */
  traceparent?: string | undefined;
}

/** Tells issuers what is settled. What does not arrive is told again when the issuer offers it again. */
export async function announceSettlements(gateway: Gateway, settled: readonly Settled[]): Promise<void> {
  const announcements = [...Map.groupBy(settled, ({ issuer }) => issuer)].map(async ([issuer, ofIssuer]) => {
    const items = ofIssuer.map(({ resultId, version, settledAt, keyId, traceparent }) =>
      JSON.stringify({ resultId, version, settledAt, keyId, traceparent }),
    );
    const messages = packItems(items, 512).map((pack) => ({
      subject: SUBJECTS.settlements,
      body: `{"settlements":[${pack.join(',')}]}`,
    }));
    try {
      const publisher = gateway.publisherTo(issuer);
      if (publisher === undefined) throw new Error('its account is not connected yet');
      await publisher.publishAll(messages);
    } catch (error) {
      gateway.log.warn(
        { issuer, err: describeError(error) },
        'settlements not taken; the next offer brings them again',
      );
    }
  });
  await Promise.all(announcements);
}
