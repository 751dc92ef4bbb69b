import { setTimeout as delay } from 'node:timers/promises';
import type { Review } from '@clearance/contracts';
import { askAs } from '../../local-mesh/ask-as.ts';
import { putInForce } from '../../local-mesh/put-in-force.ts';
import { watchCpu } from '../exchange/cpu-time.ts';
import type { Passage } from '../exchange/exchange.ts';
import type { MeshExchange } from '../exchange/start-mesh.ts';
import { listText, type Withholding } from './list-text.ts';
import { bodyOf } from './preview.ts';

/** What one recall took: from the list's coming into force until every consumer had confirmed what it holds since. */
export interface MeasuredRecall extends Passage {
  /** Copies that were replaced. */
  readonly copies: number;
}

/** The announced moment lies ahead by so much: the list is drafted, submitted and approved before. */
const AHEAD_MS = 3_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Announces a stricter list, and resolves when it comes into force.
 *
 * @param version of the list, another one each time
 * @returns when that was, milliseconds since the epoch
 */
export async function putStricterList(
  { mesh }: MeshExchange,
  version: string,
  withholdings: readonly Withholding[],
): Promise<number> {
  const from = Date.now() + AHEAD_MS;
  const put = await putInForce(mesh.home, mesh.httpUrl, await listText(version, from, withholdings));
  if (!put.ok || put.state !== 'scheduled') throw new Error(`not announced in time: ${JSON.stringify(put)}`);
  await delay(Math.max(0, from - Date.now()));
  return from;
}

/** Waits until what a list withholds has been taken back everywhere. */
export async function recalled(
  { mesh }: MeshExchange,
  { version, from }: { readonly version: string; readonly from: number },
  postgresPid: number,
  signal: AbortSignal,
): Promise<MeasuredRecall> {
  const cpu = watchCpu({
    ...Object.fromEntries([...mesh.services.values()].map(({ name, pid }) => [name, pid()])),
    'nats-server': mesh.broker!.pid,
    postgres: postgresPid,
  });
  const ask = await askAs(mesh.home, mesh.httpUrl, 'coordinator');
  for (;;) {
    signal.throwIfAborted();
    await delay(LOOK_EVERY_MS);
    const { reviews } = bodyOf(await ask<{ reviews: Review[] }>('GET', '/api/v1/reviews?limit=1'));
    const review = reviews.find(({ listVersion }) => listVersion === version);
    if (review?.state === 'incomplete') throw new Error(`not all was taken back: ${JSON.stringify(review)}`);
    if (review?.state !== 'confirmed') continue;
    const { versions: results, copies } = review;
    return { results, copies, seconds: (Date.now() - from) / 1_000, cpu: cpu() };
  }
}
