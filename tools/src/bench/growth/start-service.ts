import { until } from '../exchange/until.ts';
import type { MeshExchange } from '../exchange/start-mesh.ts';

/** Two looks at its readiness, ms: so much too late it may be seen. */
const LOOK_EVERY_MS = 20;

/**
 * How long a service whose units are provisioned takes from the start of its process until it is ready: its program is
 * loaded, and every unit's database, account, streams and consumers are there, ms.
 */
export async function startServiceAgain({ mesh }: MeshExchange, name: string): Promise<number> {
  const service = mesh.services.get(name)!;
  await service.stop();
  const since = performance.now();
  service.startAgain();
  await until(`${name} is ready`, LOOK_EVERY_MS, async () => {
    const answer = await fetch(`${service.url}/readyz`).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok === true;
  });
  return performance.now() - since;
}
