/** Characters of JSON in one message at most: well below any broker's `max_payload`, and a bound on a reader's memory. */
export const PACK_CHARACTERS = 240_000;

/**
 * Divides JSON texts into packs for one message each, in order: at most `maxItems` items, and at most
 * PACK_CHARACTERS characters unless a single item is larger.
 */
export function packItems(items: readonly string[], maxItems: number): string[][] {
  const packs: string[][] = [];
  let size = 0;
  for (const item of items) {
    const open = packs.at(-1);
    if (open === undefined || open.length >= maxItems || size + item.length > PACK_CHARACTERS) {
      packs.push([item]);
      size = item.length;
    } else {
      open.push(item);
      size += item.length;
    }
  }
  return packs;
}
