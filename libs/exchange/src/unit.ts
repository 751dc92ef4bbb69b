import type { Mesh, UnitId } from '@clearance/contracts';
import type { Publisher } from '@clearance/messaging';
import type { DataSource, Logger } from '@clearance/platform';
import type { KeyRing, SigningKey } from '@clearance/provenance';
import type { AgencyProfile } from './agency-profile.ts';
import type { PendingEvent } from './announce/pending-event.ts';
import type { PendingOffer } from './offer/pending-offer.ts';

/** Where committed work is handed on at once; what it can't take is found again in the outbox table. */
export interface Outlet<T> {
  push(items: readonly T[]): void;
}

/** One unit at work in this process: everything that the steps of an exchange need, and nothing global. */
export interface Unit {
  readonly id: UnitId;
  readonly mesh: Mesh;
  readonly agency: AgencyProfile;
  readonly database: DataSource;
  readonly publisher: Publisher;
  /** The key that signs now. */
  readonly signingKey: () => SigningKey;
  /** Public keys of all units, old ones included. */
  readonly keyRing: () => KeyRing;
  readonly offers: Outlet<PendingOffer>;
  readonly events: Outlet<PendingEvent>;
  /** Versions of own results that are accepted and not settled yet, as counted a moment ago. */
  readonly backlog: () => number;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
