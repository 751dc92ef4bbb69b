import type { Mesh, Outcome, UnitId } from '@clearance/contracts';
import type { Publisher, QueueState, SentMemory } from '@clearance/messaging';
import type { DataSource, Logger } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import type { recognitionNeeds } from '@clearance/recognition';
import type { Grants } from './access/grants.ts';
import type { ListInForce } from './lists/list-in-force.ts';

/** The gateway at work in this process: everything that its steps need, and nothing global. */
export interface Gateway {
  readonly mesh: Mesh;
  /** What recognition under the mesh's arrangements needs of copies: lint says which entries would break it. */
  readonly recognitionNeeds: ReturnType<typeof recognitionNeeds>;
  /** Everyone who may be given copies. */
  readonly consumers: readonly UnitId[];
  readonly database: DataSource;
  readonly keyRing: () => KeyRing;
  /** Reads the trust document now: a key that is not in the ring may have been listed a moment ago. */
  readonly rereadKeys: () => Promise<KeyRing>;
  /** The compiled list in force at this moment; undefined when there is none. */
  readonly listInForce: (at: number) => ListInForce | undefined;
  /** Reads the lists now: another gateway may have put one into the schedule a moment ago. */
  readonly rereadLists: () => Promise<void>;
  /** What owners have granted of what the list makes conditional. */
  readonly grants: Grants;
  /** Into a unit's account; undefined while its connection is not open. */
  readonly publisherTo: (unit: UnitId) => Publisher | undefined;
  /** What this process has put on a unit's COPIES; undefined while its connection is not open. */
  readonly queueOf: (unit: UnitId) => SentMemory | undefined;
  /** What waits on a unit's streams; undefined while its connection is not open, or when its broker does not say. */
  readonly queuesIn: (unit: UnitId) => Promise<QueueState[] | undefined>;
  /** Asks a unit's service, in its own account. Never throws: nobody there, or no answer in time, is `not-ready`. */
  readonly askUnit: (unit: UnitId, subject: string, body: object, traceparent: string) => Promise<Outcome<unknown>>;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
