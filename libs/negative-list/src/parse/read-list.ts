import { LIST_BOUNDS } from '../language/negative-list.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';
import type { Remark } from '../language/finding.ts';
import { readDate, readEntry } from './read-entry.ts';
import { missing, readArray, readObject, readWord } from './shapes.ts';

const MEMBERS = ['apiVersion', 'kind', 'version', 'effectiveFrom', 'entries'] as const;
const VERSION = {
  fits: (word: string) => /^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/.test(word),
  zh: '版本号，如 "2026.11-1"（须加引号）',
  en: 'a version such as "2026.11-1" (quoted)',
};

/** What could be read of a list: the entries that could not be are undefined, in their places. */
export interface ListShape {
  version: string | undefined;
  effectiveFrom: string | undefined;
  entries: (Entry | undefined)[];
}

/**
 * Reads the shape of a list from plain JSON: closed objects, required members, forms of ids, dates and selectors.
 * What its words mean (whether a kind, unit or path exists) is left to lint.
 */
export function readList(value: unknown, remarks: Remark[]): ListShape | undefined {
  if (!isNegativeList(value)) {
    remarks.push({ code: 'not-a-list', pointer: '', params: {} });
    return undefined;
  }
  const list = readObject(value, '', MEMBERS, remarks);
  if (list === undefined) return undefined;
  for (const name of ['version', 'effectiveFrom', 'entries']) if (!(name in list)) missing(name, '', remarks);
  const items = 'entries' in list ? readArray(list.entries, '/entries', LIST_BOUNDS.entries, remarks) : undefined;
  refuseDuplicateIds(items ?? [], remarks);
  return {
    version: 'version' in list ? readWord(list.version, '/version', VERSION, remarks) : undefined,
    effectiveFrom: 'effectiveFrom' in list ? readDate(list.effectiveFrom, '/effectiveFrom', remarks) : undefined,
    entries: (items ?? []).map((entry, index) => readEntry(entry, `/entries/${index}`, remarks)),
  };
}

/** The list itself, if nothing in it was left unread. */
export function wholeList(shape: ListShape): NegativeList | undefined {
  const { version, effectiveFrom, entries } = shape;
  const whole = entries.filter((entry) => entry !== undefined);
  if (version === undefined || effectiveFrom === undefined || whole.length < entries.length) return undefined;
  return { version, effectiveFrom, entries: whole };
}

function isNegativeList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind } = value as Record<string, unknown>;
  return apiVersion === 'clearance/v1' && kind === 'NegativeList';
}

function refuseDuplicateIds(items: readonly unknown[], remarks: Remark[]): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    const id = (item as { id?: unknown } | null)?.id;
    if (typeof id !== 'string') return;
    if (seen.has(id)) remarks.push({ code: 'duplicate-id', pointer: `/entries/${index}/id`, params: { id } });
    seen.add(id);
  });
}
