import { problem, violation } from '@clearance/contracts';
import { ProblemError } from './problem-filter.ts';

/** An entity tag (RFC 9110, 8.8.3): what stands between the quotes, and whether it is weak. */
export interface EntityTag {
  weak: boolean;
  opaque: string;
}

/** Visible characters but the quote, and Latin-1: no escapes, so that a comma may stand inside (RFC 9110, `etagc`). */
const TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y;
const SEPARATOR = /[ \t]*(?:,[ \t]*)+/y;
/** More are no honest precondition. */
const MAX_TAGS = 100;

/**
 * Reads `If-Match` or `If-None-Match`: `*`, or a list of entity tags in which empty members are passed over (RFC 9110,
 * 5.6.1).
 *
 * @returns undefined if it is neither
 */
export function parseEntityTags(header: string): '*' | EntityTag[] | undefined {
  const text = header.replace(/^[ \t,]+|[ \t,]+$/g, '');
  if (header.trim() === '*') return '*';
  const tags: EntityTag[] = [];
  for (let at = 0; ;) {
    TAG.lastIndex = at;
    const found = TAG.exec(text);
    if (found === null || tags.length === MAX_TAGS) return undefined;
    tags.push({ weak: found[1] !== undefined, opaque: found[2]! });
    at = TAG.lastIndex;
    if (at === text.length) return tags;
    SEPARATOR.lastIndex = at;
    if (!SEPARATOR.test(text)) return undefined;
    at = SEPARATOR.lastIndex;
  }
}

/**
 * The ETag of a record's state, for the header `ETag`: strong, since the same state is always answered in the same bytes.
 *
 * @param state a revision's number or a digest: visible ASCII without quotes
 */
export function etagOf(state: string | number): string {
  return `"${state}"`;
}

/**
 * Lets a write go on only if its caller has seen the record as it is: nobody overwrites what they have not read. Tags
 * are compared strongly (RFC 9110, 13.1.1): a weak one matches nothing.
 *
 * @param header `If-Match` as it came
 * @param current the record's ETag as it is answered, with quotes; undefined when there is no such record
 * @throws ProblemError 428 without the header, 400 if it cannot be read, 412 if it names another state
 */
export function requireMatch(header: string | undefined, current: string | undefined): void {
  if (header === undefined || header.trim() === '') throw new ProblemError(problem('precondition-required'));
  const asked = parseEntityTags(header);
  if (asked === undefined) {
    const errors = [violation('/If-Match', 'bad-format', { expected: 'ETag' })];
    throw new ProblemError(problem('invalid', { errors }));
  }
  if (current !== undefined && matches(asked, current)) return;
  throw new ProblemError(problem('precondition-failed'));
}

function matches(asked: '*' | EntityTag[], current: string): boolean {
  if (asked === '*') return true;
  const now = parseEntityTags(current);
  if (now === undefined || now === '*' || now.length !== 1 || now[0]!.weak) return false;
  return asked.some(({ weak, opaque }) => !weak && opaque === now[0]!.opaque);
}
