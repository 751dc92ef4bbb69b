import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { submitBatch } from '../../traffic/backend.ts';
import { contentOf } from './contents.ts';
import type { MeshExchange } from './start-mesh.ts';

/** How often results are handed over, so many at once as the rate asks for. */
const EVERY_MS = 50;

/** Of all copies, how long after its submission the gateway had the receipt for it, milliseconds. */
export interface Latency {
  p50: number;
  p99: number;
  copies: number;
}

/**
 * Submits at a steady rate, and says how long it took until copies were stored: until the gateway had the unit's receipt,
 * which it gets only after the unit's commit, and which is therefore a little more.
 *
 * @param rate results a second
 * @param over ends it sooner
 */
export async function measureLatency(
  mesh: MeshExchange,
  rate: number,
  seconds: number,
  over?: AbortSignal,
): Promise<Latency> {
  const run = randomBytes(4).toString('hex');
  const perTick = Math.max(1, Math.round((rate * EVERY_MS) / 1_000));
  const everyMs = (perTick / rate) * 1_000;
  const submittedAt = new Map<string, number>();
  const open: Promise<void>[] = [];
  const since = performance.now();
  for (let tick = 0; tick * everyMs < seconds * 1_000 && over?.aborted !== true; tick += 1) {
    await delay(Math.max(0, since + tick * everyMs - performance.now()));
    const contents = Array.from({ length: perTick }, (_, index) => contentOf(`${run}-${tick}-${index}`));
    const at = Date.now();
    open.push(
      submitBatch(mesh.backend, contents).then((outcome) => {
        if (!outcome.ok) throw new Error(`not accepted: ${JSON.stringify(outcome.problem)}`);
        for (const each of outcome.value) {
          if (!each.ok) throw new Error(`not accepted: ${JSON.stringify(each.problem)}`);
          submittedAt.set(each.value.resultId, at);
        }
      }),
    );
  }
  await Promise.all(open);
  await mesh.settled();
  const rows = await mesh.query<{ result_id: string; receipts: string }>(
    'gateway',
    'select result_id, receipts from settlement where result_id = any($1::uuid[])',
    [[...submittedAt.keys()]],
  );
  const latencies = rows
    .flatMap(({ result_id: id, receipts }) =>
      Object.values(JSON.parse(receipts) as Record<string, string>).map((at) => Date.parse(at) - submittedAt.get(id)!),
    )
    .sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;
  return { p50: at(0.5), p99: at(0.99), copies: latencies.length };
}
