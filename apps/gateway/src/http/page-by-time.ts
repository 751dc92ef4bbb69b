import { problem, type Violation, violation } from '@clearance/contracts';
import { ProblemError } from './problem-filter.ts';

/** Where a page ends that is ordered by time: microseconds since the epoch, id. */
export interface TimePlace {
  micros: string;
  id: string;
}

/** Which page is asked for. */
export interface PageByTime {
  limit: number;
  after: TimePlace | undefined;
}

/** Items on a page unless told otherwise. */
export const DEFAULT_PAGE = 50;
/** Items on a page, at most. */
export const MAX_PAGE = 200;

/** A cursor is opaque to its holder; inside it is the place where a page ended. */
export function encodeTimePlace({ micros, id }: TimePlace): string {
  return Buffer.from(`${micros} ${id}`, 'latin1').toString('base64url');
}

const PLACE = /^([0-9]{1,17}) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

function decodeTimePlace(cursor: string): TimePlace | undefined {
  const [, micros, id] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (micros === undefined || id === undefined) return undefined;
  const place = { micros, id };
  return encodeTimePlace(place) === cursor ? place : undefined;
}

/** `limit` and `cursor` of a query. @throws ProblemError listing every parameter at fault. */
export function readPageByTime(parameters: Record<string, unknown>): PageByTime {
  const errors: Violation[] = [];
  const { limit = String(DEFAULT_PAGE), cursor, ...others } = parameters;
  for (const name of Object.keys(others)) errors.push(violation(`/${name}`, 'unknown-member'));
  const size = typeof limit === 'string' && /^[1-9][0-9]{0,2}$/.test(limit) ? Number(limit) : Infinity;
  if (size > MAX_PAGE) errors.push(violation('/limit', 'out-of-range', { expected: `1…${MAX_PAGE}` }));
  const after = typeof cursor === 'string' ? decodeTimePlace(cursor) : undefined;
  if (cursor !== undefined && after === undefined)
    errors.push(violation('/cursor', 'bad-format', { expected: 'cursor' }));
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  return { limit: size, after };
}
