import { setTimeout as delay } from 'node:timers/promises';
import type { ManagedService } from '../local-mesh/managed-service.ts';
import type { Progress } from '../progress.ts';
import { seededRandom } from '../traffic/random.ts';

/** Kills every service once, at random moments of the day. */
export interface Disturbance {
  /** A story begins: what is due during it is set off. */
  storyBegins(index: number): void;
  /** Resolves when every service has been killed. */
  over(): Promise<void>;
  /** How many services were killed so far. */
  killed(): number;
}

/** The longest time from the beginning of a story to the end of a service, milliseconds: some stories are as long, most are shorter. */
const LONGEST_DELAY_MS = 1_500;

/**
 * Plans one SIGKILL for each service. The same seed kills the same services during the same stories.
 *
 * @param stories how many stories the day has
 */
export function planDisturbance(
  services: ReadonlyMap<string, ManagedService>,
  options: { seed: string; stories: number; signal: AbortSignal; progress: Progress },
): Disturbance {
  const random = seededRandom(`disturb/${options.seed}`);
  const plan = [...services.values()].map((service) => ({
    service,
    story: random.integer(0, options.stories - 1),
    delayMs: random.integer(0, LONGEST_DELAY_MS),
  }));
  const kills: Promise<void>[] = [];
  let killed = 0;
  const kill = async (service: ManagedService, delayMs: number): Promise<void> => {
    await delay(delayMs, undefined, { signal: options.signal });
    options.progress.say(`  ⚡ SIGKILL ${service.name}`);
    await service.crash();
    killed += 1;
  };
  return {
    storyBegins: (index) => {
      for (const { service, delayMs } of plan.filter(({ story }) => story === index)) {
        const killing = kill(service, delayMs);
        // An interruption is told elsewhere; here it only means that nothing more is killed.
        killing.catch(() => undefined);
        kills.push(killing);
      }
    },
    over: async () => {
      await Promise.all(kills);
    },
    killed: () => killed,
  };
}

/** A day on which nothing is killed. */
export function noDisturbance(): Disturbance {
  return { storyBegins: () => undefined, over: () => Promise.resolve(), killed: () => 0 };
}
