import type { Recognition } from '@clearance/contracts';
import { mesh } from './shared-mesh.fixture.ts';
import { playTravelling, travelling } from './travelling-consignments.ts';

/** When the traffic was made, milliseconds since 1970. */
export const now = Date.now();
/** What the last unit was answered about each consignment that has travelled through the shared mesh. */
export let recognitions: Recognition[];
beforeAll(async () => {
  recognitions = await playTravelling(mesh, travelling(now));
}, 180_000);

export { mesh };
