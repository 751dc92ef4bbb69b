/** A cursor is opaque to its holder; inside it is a place in a sequence. */
export function encodeCursor(sequence: string): string {
  return Buffer.from(sequence, 'latin1').toString('base64url');
}

/** The place that a cursor names, or undefined if it is none of ours. */
export function decodeCursor(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  return /^[0-9]{1,18}$/.test(text) && encodeCursor(text) === cursor ? text : undefined;
}
