import type { DisclosureRecord } from '@clearance/contracts';
import type { View } from './view.ts';

/**
 * Of views that are given again, those that the ledger does not hold yet. The same view for the same consumers, decided
 * under the same list, is one disclosure however often its copy must be repeated.
 */
export function unrecorded(views: readonly View[], recorded: readonly DisclosureRecord[]): View[] {
  return views.filter(
    (view) =>
      !recorded.some(
        (entry) =>
          entry.resultId === view.claims.resultId &&
          entry.version === view.claims.version &&
          entry.listVersion === view.listVersion &&
          entry.tokenDigest === view.tokenDigest &&
          view.consumers.every((consumer) => entry.consumers.includes(consumer)),
      ),
  );
}
