import type { Verdict } from './consume-batches.ts';

/** Refusals that waiting may mend: a new key is listed before it is used, but not read by every service at once. */
const MENDABLE = new Set(['unknown-key']);
const MAX_NAMED = 64;

/**
 * The verdict on a message with several items, of which some were refused.
 *
 * @param refused a code for each refused item
 * @param total number of items in the message
 * @param items what they are called: `copies`
 * @param named those of the refused ones that should be found again, each by a name that tells nothing of its content
 */
export function verdictOnItems(
  refused: readonly string[],
  total: number,
  items: string,
  named: readonly string[] = [],
): Verdict {
  if (refused.length === 0) return { verdict: 'done' };
  const names = named.length > MAX_NAMED ? [...named.slice(0, MAX_NAMED), '…'] : named;
  const which = names.length === 0 ? '' : ` (${names.join(', ')})`;
  const detail = `${refused.length} of ${total} ${items} refused: ${[...new Set(refused)].join(', ')}${which}`;
  const mendable = refused.some((code) => MENDABLE.has(code));
  return { verdict: mendable ? 'later' : 'poison', cause: 'unverifiable', detail };
}

/** Whether to read a message again with fresher keys before anything is said of it. */
export function waitsForKey(verdict: Verdict): boolean {
  return verdict.verdict === 'later';
}
