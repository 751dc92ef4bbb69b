import { describeError, pause } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import { REVIEW_LOCK, runAlone } from '../reconcile/run-alone.ts';
import { askersOf } from './ask-issuers.ts';
import type { ReadLists } from './find-turns.ts';
import { collectVersions, openRecalls } from './open-reviews.ts';

/** While something is open issuers are asked so often, ms. */
const BUSY_MS = 250;
/** While nothing is: how late a recall may begin after a list has come into force, ms. */
const IDLE_MS = 1_000;

/**
 * Takes back what may be seen no more, and gives what may be seen from now on, as lists and people say. One gateway at a
 * time does; all that it knows is in the database, so that any other goes on where it ended.
 */
export function keepReviewing(gateway: Gateway): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const read: ReadLists = new Map();
  const askers = askersOf(gateway);
  const look = async (): Promise<boolean> => {
    const open = await runAlone(gateway.database, REVIEW_LOCK, async () => {
      await openRecalls(gateway, read);
      await collectVersions(gateway.database);
      return askers.ask();
    });
    return open === true;
  };
  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let open = false;
      try {
        open = await look();
      } catch (error) {
        gateway.log.warn({ err: describeError(error) }, 'copies are not reviewed; tried again');
      }
      await pause(open ? BUSY_MS : IDLE_MS, stopping.signal);
    }
  };
  const running = keep();
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await askers.stop();
    },
  };
}
