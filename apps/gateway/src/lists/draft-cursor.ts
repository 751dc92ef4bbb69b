import type { DraftPlace } from './keep-drafts.ts';

/** A cursor is opaque to its holder; inside it is the place where a page ended. */
export function encodeDraftCursor({ micros, draftId }: DraftPlace): string {
  return Buffer.from(`${micros} ${draftId}`, 'latin1').toString('base64url');
}

const PLACE = /^([0-9]{1,17}) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** The place that a cursor names, or undefined if it is none of ours. */
export function decodeDraftCursor(cursor: string): DraftPlace | undefined {
  const [, micros, draftId] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (micros === undefined || draftId === undefined) return undefined;
  const place = { micros, draftId };
  return encodeDraftCursor(place) === cursor ? place : undefined;
}
