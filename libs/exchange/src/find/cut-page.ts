/** What an answer needs beside its items: the cursor and the braces. */
const FRAME_BYTES = 1_024;

/**
 * The first items of a page whose JSON texts fit into one message, and at least one: whoever asks for 200 large results
 * gets as many as the broker carries, and a cursor for the rest.
 *
 * @param maxBytes of one message, `limits.maxPayloadBytes` of the mesh
 */
export function cutPage<T>(items: readonly T[], maxBytes: number): T[] {
  let room = maxBytes - FRAME_BYTES;
  const fitting = items.findIndex((item) => (room -= Buffer.byteLength(JSON.stringify(item)) + 1) < 0);
  return fitting === -1 ? [...items] : items.slice(0, Math.max(1, fitting));
}
