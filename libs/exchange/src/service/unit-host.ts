import type { UnitId } from '@clearance/contracts';
import type { FollowedFile, Logger } from '@clearance/platform';
import type { Readiness } from '@clearance/platform/nest';
import type { KeyRing } from '@clearance/provenance';
import type { Seat } from '@clearance/messaging/nest';
import type { Unit } from '../unit.ts';
import { readingOnce, readMessages } from '../receive/read-messages.ts';
import { type OpenUnit, openUnit, type UnitSurroundings } from './open-unit.ts';
import { openTrust } from './unit-keys.ts';

/** The units of one process: opened independently, so that one whose database is away does not hold up the others. */
export interface UnitHost {
  /** Opens all units; `joined` hears of each as soon as it can work. Resolves when all have, rejects if one never can. */
  open(joined: (seat: Seat) => void): Promise<void>;
  /** @throws when the unit is not hosted here or not open yet. */
  get(id: UnitId): Unit;
  readiness(): Promise<Readiness[]>;
  close(): Promise<void>;
}

/** Creates the host of the given units; nothing is opened yet. */
export function createUnitHost(ids: readonly UnitId[], surroundings: UnitSurroundings & { log: Logger }): UnitHost {
  const opened = new Map<UnitId, OpenUnit>();
  const stopping = new AbortController();
  let trust: FollowedFile<KeyRing> | undefined;
  return {
    open: async (joined) => {
      trust = await openTrust(surroundings.home, surroundings.log);
      const shared = { trust, readMessages: ids.length > 1 ? readingOnce() : readMessages };
      await Promise.all(
        ids.map(async (id) => {
          const open = await openUnit(id, { ...surroundings, ...shared }, stopping.signal);
          opened.set(id, open);
          joined(open.seat);
          surroundings.log.info({ unit: id }, 'unit works');
        }),
      );
    },
    get: (id) => {
      const open = opened.get(id);
      if (!open) throw new Error(`${id} is not open in this process`);
      return open.unit;
    },
    readiness: async () => {
      const parts = ids.map(async (id): Promise<Readiness[]> => {
        const open = opened.get(id);
        return open ? open.readiness() : [{ name: id, ok: false, detail: 'waiting for its broker and database' }];
      });
      return (await Promise.all(parts)).flat();
    },
    close: async () => {
      stopping.abort();
      await Promise.all([...opened.values()].map((open) => open.close()));
      trust?.stop();
    },
  };
}
