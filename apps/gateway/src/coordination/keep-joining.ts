import { describeError, pause } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import { COORDINATION_LOCK, runAlone } from '../reconcile/run-alone.ts';
import { countDue } from '../indicators/count-due.ts';
import { joinNew } from './join-new.ts';
import { stepRebuild } from './rebuild.ts';

/** How late a result is found in its consignment, ms. */
const LOOK_EVERY_MS = 500;

/**
 * Joins what is decided into consignments and counts it, behind the decisions, which do not wait for it; and makes all of it
 * anew when that is asked for. One gateway at a time does; what is to be joined and counted stands in the database, so that
 * another goes on where one ended.
 */
export function keepJoining(gateway: Gateway): { stop(): Promise<void> } {
  const { database, log } = gateway;
  const stopping = new AbortController();
  const look = async (): Promise<boolean> => {
    const outcome = await runAlone(database, COORDINATION_LOCK, async () => {
      const rebuilding = await stepRebuild(gateway);
      const joining = await joinNew(database);
      const counting = await countDue(database);
      return rebuilding || joining.more || counting.more;
    });
    return outcome === true;
  };
  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let more = false;
      try {
        more = await look();
      } catch (error) {
        log.warn({ err: describeError(error) }, 'results are not joined and counted for coordinators; tried again');
      }
      if (!more) await pause(LOOK_EVERY_MS, stopping.signal);
    }
  };
  const running = keep();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
