import type { Mesh, Outcome, SignedStatement, UnitId } from '@clearance/contracts';
import type { Publisher } from '@clearance/messaging';
import type { DataSource, Logger } from '@clearance/platform';
import type { TokenVerifier } from '@clearance/platform/tokens';
import type { KeyRing, SigningKey } from '@clearance/provenance';
import type { AgencyProfile } from './agency-profile.ts';
import type { EventBatch } from './announce/pending-event.ts';
import type { WaitingRoom } from './issue/waiting-room.ts';
import type { PendingOffer } from './offer/pending-offer.ts';
import type { CopiesReader } from './receive/read-messages.ts';

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
  /** Reads the trust document now: a key that is not in the ring may have been listed a moment ago. */
  readonly rereadKeys: () => Promise<KeyRing>;
  /** How this process reads messages on COPIES. */
  readonly readMessages: CopiesReader;
  readonly offers: Outlet<PendingOffer>;
  readonly events: Outlet<EventBatch>;
  /** What this unit says about access, on its way to the gateway. */
  readonly statements: Outlet<SignedStatement>;
  /** Asks the gateway, in this unit's account. Never throws: nobody there, or no answer in time, is `not-ready`. */
  readonly askGateway: (subject: string, body: object) => Promise<Outcome<unknown>>;
  /** Judges who of its people speak for it; undefined where none can sign in. */
  readonly people: TokenVerifier | undefined;
  /** Whether they have to prove each word by the key of their token; else only those whose token is bound to one. */
  readonly needsProof: boolean;
  /** For how many more versions of own results there is room before they are offered. */
  readonly room: WaitingRoom;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
