import type { Gateway } from '../gateway.ts';
import { listInForce } from '../metrics.ts';

const LOOK_EVERY_MS = 2_000;

/** Says at intervals, for the metrics, by which list this replica decides: lists come into force by the clock. */
export function watchListInForce(gateway: Gateway): { stop(): void } {
  const look = (): void => {
    const version = gateway.listInForce(gateway.now())?.version;
    listInForce.reset();
    if (version !== undefined) listInForce.set({ version }, 1);
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
}
