import { describeError, untilDone } from '@clearance/platform';
import { keepEvents } from '../announce/pending-event.ts';
import { reopenFallen } from '../recognise/reopen-fallen.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';
import { signAnew } from './sign-anew.ts';

/** What follows from keys needs of a unit. */
export type KeyedUnit = Pick<
  Unit,
  'id' | 'database' | 'signingKey' | 'keyRing' | 'offers' | 'events' | 'room' | 'now' | 'log'
>;

/**
 * Does what a change of keys asks for, at the start and after every change, until it is done: recognitions that rested
 * on a signature which stands no more are reopened, and own versions are signed anew whose signature has fallen.
 *
 * @param onChange tells of a change of the signing key or of the trust document
 * @returns how to stop; resolves when what was begun is finished or given up
 */
export function followKeys(unit: KeyedUnit, onChange: (listener: () => void) => void): () => Promise<void> {
  const stopping = new AbortController();
  let working = Promise.resolve();
  const report = (error: unknown): void =>
    unit.log.warn({ unit: unit.id, err: describeError(error) }, 'what the keys ask for is not done yet; tried again');
  const work = (): void => {
    working = working
      .then(() => untilDone(() => applyKeys(unit), { signal: stopping.signal, report }))
      .then(() => undefined)
      .catch(() => undefined);
  };
  onChange(work);
  work();
  return async () => {
    stopping.abort();
    await working;
  };
}

/** Reopens first: whoever asks again then decides by what is held now. */
export async function applyKeys(unit: KeyedUnit): Promise<void> {
  const now = unit.now();
  const { reopened, events } = await inTransaction(unit.database, async (transaction) => {
    const reopened = await reopenFallen(transaction, unit.keyRing(), now);
    return { reopened: reopened.length, events: await keepEvents(transaction, reopened, now) };
  });
  unit.events.push(events);
  if (reopened > 0) {
    unit.log.warn(
      { unit: unit.id, recognitions: reopened },
      'recognitions reopened: a key that they rest on has fallen',
    );
  }
  // What is being stored under the former key cannot be seen yet: a look that came too early would leave it behind for good.
  await unit.room.underWay();
  await signAnew(unit);
}
