import type { UnitId } from '@clearance/contracts';
import { type DataSource, type EntityManager, oldestUnsettledSeconds, pause, unsettled } from '@clearance/platform';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';

/** Room for versions that are accepted and not yet offered: `limits.maxWaiting` of the mesh. */
export interface WaitingRoom {
  /** Takes room for up to `wanted` versions; fewer are granted when there is less. */
  take(wanted: number): TakenRoom;
  /** Resolves when all room that is taken now is given back: what was being signed is then committed, or given up. */
  underWay(): Promise<void>;
}

/** Room taken; `done` says how many versions were committed into it, and gives the rest back. Call it once. */
export interface TakenRoom {
  readonly granted: number;
  done(committed: number): void;
}

const COUNT_EVERY_MS = 2_000;

/**
 * Keeps the room of one unit. What is in the table is counted now and then, for that and for the metric; what was
 * accepted since, or is being stored, is added, so that the bound holds however fast results come in. A unit that is away
 * takes no room: results that were offered and are only not settled do not count.
 *
 * @param size versions, `limits.maxWaiting` of the mesh
 * @throws when the table cannot be counted the first time
 */
export async function openWaitingRoom(
  unit: UnitId,
  database: DataSource,
  size: number,
): Promise<WaitingRoom & { stop(): void }> {
  let counted = 0;
  let since = 0;
  let open = 0;
  const taken = new Set<Promise<void>>();
  const count = async (): Promise<void> => {
    const before = since;
    const [row]: [{ waiting: string; all: string; age: string | null }] = await database.query(
      `select count(*) filter (where attempts = 0) as waiting, count(*) as all,
         extract(epoch from now() - min(created_at)) as age from offer_outbox`,
    );
    counted = Number(row.waiting);
    // What was committed while the table was read may be in it and is counted twice, until the next time.
    since -= before;
    unsettled.set({ unit }, Number(row.all));
    oldestUnsettledSeconds.set({ unit }, Number(row.age ?? 0));
  };
  const stopping = new AbortController();
  const keepCounting = async (): Promise<void> => {
    for (;;) {
      await pause(COUNT_EVERY_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      // While the database is away nothing is accepted, so the last count is good enough.
      await count().catch(() => undefined);
    }
  };
  await count();
  void keepCounting();
  return {
    take: (wanted) => {
      const granted = Math.max(0, Math.min(wanted, size - counted - since - open));
      open += granted;
      const { promise, resolve } = Promise.withResolvers<void>();
      taken.add(promise);
      return {
        granted,
        done: (committed) => {
          open -= granted;
          since += committed;
          taken.delete(promise);
          resolve();
        },
      };
    },
    underWay: async () => {
      await Promise.all(taken);
    },
    stop: () => stopping.abort(),
  };
}

/**
 * Runs `work` in one transaction, again when it collided with another. Of the room that its last run took it keeps as much
 * as there are `offers` in what it returns.
 */
export async function withRoom<T extends { offers: readonly unknown[] }>(
  unit: Pick<Unit, 'database' | 'room'>,
  work: (transaction: EntityManager, take: (wanted: number) => number) => Promise<T>,
): Promise<T> {
  let taken: TakenRoom | undefined;
  let committed = 0;
  try {
    const outcome = await inTransaction(unit.database, (transaction) => {
      taken?.done(0);
      taken = undefined;
      return work(transaction, (wanted) => (taken = unit.room.take(wanted)).granted);
    });
    committed = outcome.offers.length;
    return outcome;
  } finally {
    taken?.done(committed);
  }
}
