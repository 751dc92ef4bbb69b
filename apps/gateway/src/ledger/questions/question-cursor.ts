import { hash } from 'node:crypto';
import type { LedgerSelection } from '@clearance/contracts';
import { canonicalJson } from '@clearance/provenance';

/** Where a page begins, and up to which row of the ledger the question is answered, whatever is added meanwhile. */
export interface QuestionPlace {
  /** When the first row of the page was decided: microseconds since the epoch. */
  micros: string;
  sequence: string;
  upTo: string;
}

const PLACE = /^(-?[0-9]{1,17}) ([0-9]{1,16}) ([0-9]{1,16}) ([A-Za-z0-9_-]{11})$/;

/** A cursor is opaque to its holder; inside it is where the next page begins, and of which question. */
export function encodeCursor({ micros, sequence, upTo }: QuestionPlace, selection: LedgerSelection): string {
  return Buffer.from(`${micros} ${sequence} ${upTo} ${nameOf(selection)}`, 'latin1').toString('base64url');
}

/** The place that a cursor names, or undefined if it is none of ours, or one of another question. */
export function decodeCursor(cursor: string, selection: LedgerSelection): QuestionPlace | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, micros, sequence, upTo, name] = PLACE.exec(text) ?? [];
  if (micros === undefined || sequence === undefined || upTo === undefined) return undefined;
  const place = { micros, sequence, upTo };
  return name === nameOf(selection) && encodeCursor(place, selection) === cursor ? place : undefined;
}

function nameOf(selection: LedgerSelection): string {
  return hash('sha256', canonicalJson(selection), 'base64url').slice(0, 11);
}
