/** A version of a result that has arrived, or was issued just now. */
export interface Arrival {
  resultId: string;
  version: number;
}

/** What to do with arrivals, given the newest versions that are stored. */
export interface ArrivalPlan<A extends Arrival> {
  /** Results not known before: the newest arriving version of each. */
  insert: A[];
  /** Results known in an older version: the newest arriving version of each. */
  supersede: A[];
  /** Versions that are not the newest; they only complete the history. */
  history: A[];
  /** What was known already, or arrived twice. */
  repeated: A[];
}

/**
 * Sorts arrivals by what they change: the highest version wins whatever the order of arrival, and nothing counts twice.
 *
 * @param newest result id → version that is stored as the newest now.
 */
export function planArrivals<A extends Arrival>(
  arrivals: readonly A[],
  newest: ReadonlyMap<string, number>,
): ArrivalPlan<A> {
  const plan: ArrivalPlan<A> = { insert: [], supersede: [], history: [], repeated: [] };
  const byResult = new Map<string, Map<number, A>>();
  for (const arrival of arrivals) {
    const versions = byResult.get(arrival.resultId) ?? new Map<number, A>();
    byResult.set(arrival.resultId, versions);
    if (versions.has(arrival.version) || newest.get(arrival.resultId) === arrival.version) plan.repeated.push(arrival);
    else versions.set(arrival.version, arrival);
  }
  for (const [resultId, versions] of byResult) {
    const stored = newest.get(resultId);
    const descending = [...versions.values()].sort((a, b) => b.version - a.version);
    for (const [position, arrival] of descending.entries()) {
      if (position > 0 || (stored !== undefined && arrival.version < stored)) plan.history.push(arrival);
      else if (stored === undefined) plan.insert.push(arrival);
      else plan.supersede.push(arrival);
    }
  }
  return plan;
}
