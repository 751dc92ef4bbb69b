/**
 * Joins calls that arrive close together into one batch, so that cost follows load and not the number of calls.
 *
 * While a batch runs, the next one gathers; an idle coalescer waits `lingerMs` for company before it starts, or until it
 * has `enough`.
 * Each caller gets the outcomes of its own items, in order; a batch that throws, or gives another number of outcomes
 * than it had items, rejects all its callers.
 */
export function coalesce<I, O>(
  work: (items: I[]) => Promise<O[]>,
  options: {
    maxItems: number;
    lingerMs: number;
    /** The weight of an item, and of a batch at most unless a single call is heavier; without them only items count. */
    weigh?: (item: I) => number;
    maxWeight?: number;
    /** Whether nothing is left to wait for; asked after each call. */
    enough?: (items: readonly I[]) => boolean;
  },
): (items: I[]) => Promise<O[]> {
  const { maxItems, lingerMs, weigh = () => 0, maxWeight = Infinity, enough = () => false } = options;
  interface Call {
    items: I[];
    weight: number;
    resolve: (outcomes: O[]) => void;
    reject: (error: unknown) => void;
  }
  const waiting: Call[] = [];
  let running = false;
  let lingering: NodeJS.Timeout | undefined;

  const take = (): Call[] => {
    const taken: Call[] = [];
    let size = 0;
    let weight = 0;
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const fits = size + next.items.length <= maxItems && weight + next.weight <= maxWeight;
      if (taken.length > 0 && !fits) break;
      size += next.items.length;
      weight += next.weight;
      taken.push(next);
      waiting.shift();
    }
    return taken;
  };

  const run = async (): Promise<void> => {
    lingering = undefined;
    while (waiting.length > 0) {
      const calls = take();
      try {
        const items = calls.flatMap((call) => call.items);
        const outcomes = await work(items);
        if (outcomes.length !== items.length) throw new Error(`${outcomes.length} outcomes for ${items.length} items`);
        let offset = 0;
        for (const call of calls) {
          call.resolve(outcomes.slice(offset, offset + call.items.length));
          offset += call.items.length;
        }
      } catch (error) {
        for (const call of calls) call.reject(error);
      }
    }
    running = false;
  };

  return (items) =>
    new Promise((resolve, reject) => {
      const weight = items.reduce((sum, item) => sum + weigh(item), 0);
      waiting.push({ items, weight, resolve, reject });
      if (!running) {
        running = true;
        lingering = setTimeout(() => void run(), lingerMs);
      }
      if (lingering !== undefined && enough(waiting.flatMap((call) => call.items))) {
        clearTimeout(lingering);
        void run();
      }
    });
}
