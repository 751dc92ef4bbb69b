import { setTimeout as delay } from 'node:timers/promises';
import type { Review, ReviewDetails } from '@clearance/contracts';
import type { Day } from './day.ts';
import { Patience } from './event-log.ts';
import { granted } from './gateway-client.ts';

const LOOK_EVERY_MS = 100;

/**
 * The recall that a list has brought about, once every unit has confirmed it.
 *
 * @throws Patience when that takes too long, with what it waits for
 */
export async function recalled(day: Day, listVersion: string): Promise<ReviewDetails> {
  let last = 'none';
  for (const until = Date.now() + day.patience; Date.now() < until;) {
    const { reviews } = granted(await day.gateway.ask<{ reviews: Review[] }>('author', 'GET', '/api/v1/reviews'));
    const found = reviews.find((review) => review.listVersion === listVersion);
    if (found?.state === 'confirmed') {
      return granted(await day.gateway.ask<ReviewDetails>('author', 'GET', `/api/v1/reviews/${found.reviewId}`));
    }
    if (found !== undefined)
      last = `${found.state}, ${found.decided} of ${found.versions} decided, ${found.waiting} waiting`;
    await delay(LOOK_EVERY_MS, undefined, { signal: day.signal });
  }
  throw new Patience(`the recall under ${listVersion} is not confirmed within ${day.patience / 1_000} s: ${last}`);
}
