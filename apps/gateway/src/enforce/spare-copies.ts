import type { UnitId } from '@clearance/contracts';
import type { Gateway } from '../gateway.ts';

/** A version that was offered again, with those whose receipt for it is missing. */
export interface OfferedAgain {
  /** `id:version`. */
  key: string;
  waiting: readonly UnitId[];
}

/** Whether a consumer needs no further copy of a version now. */
export type Spared = (consumer: UnitId, key: string) => boolean;

/**
 * Who is to be spared another copy of what is offered again: whose last one certainly waits in its queue still, whose
 * queue is so full that only what is new should go there, and who cannot be reached. Nobody is spared for good: what is
 * not settled is offered again, and looked at again.
 */
export async function spareCopies(gateway: Gateway, offeredAgain: readonly OfferedAgain[]): Promise<Spared> {
  const keysOf = new Map<UnitId, string[]>();
  for (const { key, waiting } of offeredAgain) {
    for (const consumer of waiting) {
      const keys = keysOf.get(consumer);
      if (keys) keys.push(key);
      else keysOf.set(consumer, [key]);
    }
  }
  const spared = new Map<UnitId, (key: string) => boolean>();
  await Promise.all(
    [...keysOf].map(async ([consumer, keys]) => spared.set(consumer, await ofOne(gateway, consumer, keys))),
  );
  return (consumer, key) => spared.get(consumer)?.(key) ?? false;
}

async function ofOne(gateway: Gateway, consumer: UnitId, keys: readonly string[]): Promise<(key: string) => boolean> {
  const queue = gateway.queueOf(consumer);
  if (queue === undefined || (await queue.crowded())) return () => true;
  const whereabouts = await queue.whereabouts(keys);
  return (key) => whereabouts.get(key) === 'waiting';
}
