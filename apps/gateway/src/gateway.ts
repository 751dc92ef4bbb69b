import type { Mesh, UnitId } from '@clearance/contracts';
import type { Publisher } from '@clearance/messaging';
import type { DataSource, Logger } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import type { ListInForce } from './lists/list-in-force.ts';

/** The gateway at work in this process: everything that its steps need, and nothing global. */
export interface Gateway {
  readonly mesh: Mesh;
  /** Everyone who may be given copies. */
  readonly consumers: readonly UnitId[];
  readonly database: DataSource;
  readonly keyRing: () => KeyRing;
  /** The compiled list in force at this moment; undefined when there is none. */
  readonly listInForce: (at: number) => ListInForce | undefined;
  /** Into a unit's account; undefined while its connection is not open. */
  readonly publisherTo: (unit: UnitId) => Publisher | undefined;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
