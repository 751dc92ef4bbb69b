import { setTimeout as delay } from 'node:timers/promises';
import { unitsOf } from '@clearance/contracts';
import type { BreakableMesh } from './breakable-mesh.ts';

const LOOK_EVERY_MS = 200;

/**
 * Waits until a mesh has recovered: every service says that it is ready, and everything that was accepted up to now is settled,
 * which means that every unit has confirmed its copy.
 *
 * @returns whether it did so within the limit
 */
export async function recovered(mesh: BreakableMesh, limitMs: number, signal: AbortSignal): Promise<boolean> {
  const since = new Date();
  const until = Date.now() + limitMs;
  while (Date.now() < until) {
    signal.throwIfAborted();
    if ((await isReady(mesh)) && (await isSettled(mesh, since))) return true;
    await delay(LOOK_EVERY_MS);
  }
  return false;
}

async function isReady(mesh: BreakableMesh): Promise<boolean> {
  const answers = await Promise.all(
    [...mesh.services.values()].map(({ url }) =>
      fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
        async (response) => {
          await response.body?.cancel();
          return response.ok;
        },
        () => false,
      ),
    ),
  );
  return answers.every(Boolean);
}

/** Whether nothing that was accepted until then waits for anyone. A database that does not answer has an open question. */
async function isSettled(mesh: BreakableMesh, acceptedUntil: Date): Promise<boolean> {
  for (const unit of unitsOf(mesh.mesh)) {
    const waiting = await mesh
      .query(unit, 'select 1 from offer_outbox where created_at <= $1 limit 1', [acceptedUntil])
      .catch(() => [undefined]);
    if (waiting.length > 0) return false;
  }
  return true;
}
