import type { StragglerPlace } from './find-stragglers.ts';

/** A cursor is opaque to its holder; inside it is the place where a page ended. */
export function encodeCursor({ micros, resultId, version }: StragglerPlace): string {
  return Buffer.from(`${micros} ${resultId} ${version}`, 'latin1').toString('base64url');
}

const PLACE = /^([0-9]{1,17}) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}) ([1-9][0-9]{0,8})$/;

/** The place that a cursor names, or undefined if it is none of ours. */
export function decodeCursor(cursor: string): StragglerPlace | undefined {
  const [, micros, resultId, version] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (micros === undefined || resultId === undefined || version === undefined) return undefined;
  const place = { micros, resultId, version: Number(version) };
  return encodeCursor(place) === cursor ? place : undefined;
}
