const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where a page ends of what has time-ordered ids (UUIDv7): its last id, opaque to its holder. */
export function encodeIdCursor(id: string): string {
  return Buffer.from(id, 'latin1').toString('base64url');
}

/** The id that a cursor names; undefined if it is none of ours. */
export function decodeIdCursor(cursor: string): string | undefined {
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  return UUID.test(id) ? id : undefined;
}
