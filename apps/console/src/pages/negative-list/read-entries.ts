import type { LocalizedText } from '@clearance/contracts/words';
import { parse } from 'yaml';
import type { UnitTerms } from '../../words/selectors.ts';

/** An entry as it is shown; what is missing in an unfinished draft is empty. */
export interface ShownEntry {
  id: string;
  title: LocalizedText;
  class: string;
  legalBasis: string;
  owner: string;
  kinds: readonly string[];
  issuers: UnitTerms;
  /** None: the whole result. */
  fields: readonly string[];
  /** From whom it is withheld, besides all that are not the issuer. */
  consumers: UnitTerms;
  when: string | undefined;
  purposes: readonly string[];
  /** As written: a day, or an instant. */
  validFrom: string | undefined;
  validUntil: string | undefined;
}

/** A list as it is shown. */
export interface ShownList {
  version: string;
  effectiveFrom: string;
  entries: readonly ShownEntry[];
}

/**
 * Reads a list for showing, forgivingly: whether it is right the gateway's lint says, and by which document is decided the
 * gateway alone.
 *
 * @param document YAML 1.2 or JSON
 * @returns undefined for what is no list at all
 */
export function readEntries(document: string): ShownList | undefined {
  let list: unknown;
  try {
    list = parse(document, { maxAliasCount: 0, logLevel: 'error' });
  } catch {
    return undefined;
  }
  const { version, effectiveFrom, entries } = membersOf(list);
  if (!Array.isArray(entries)) return undefined;
  return { version: text(version), effectiveFrom: text(effectiveFrom), entries: entries.map(entryOf) };
}

function entryOf(entry: unknown): ShownEntry {
  const members = membersOf(entry);
  const { zh, en } = membersOf(members['title']);
  const { kinds, issuers } = membersOf(members['match']);
  return {
    id: text(members['id']),
    title: { zh: text(zh), en: text(en) },
    class: text(members['class']),
    legalBasis: text(members['legalBasis']),
    owner: text(members['owner']),
    kinds: texts(kinds),
    issuers: termsOf(issuers),
    fields: texts(members['fields']),
    consumers: termsOf(members['consumers']),
    when: optional(members['when']),
    purposes: texts(members['purposes']),
    validFrom: optional(members['validFrom']),
    validUntil: optional(members['validUntil']),
  };
}

/** A selector as its units: `*` is everybody but nobody, a unit or several are these alone. */
function termsOf(selector: unknown): UnitTerms {
  if (selector === undefined || selector === '*') return { except: [] };
  const { only, except } = membersOf(selector);
  if (except !== undefined) return { except: texts(except) };
  return { only: texts(only ?? selector) };
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function texts(value: unknown): string[] {
  return [value].flat().flatMap((each) => (typeof each === 'string' ? [each] : []));
}

function optional(value: unknown): string | undefined {
  return text(value) === '' ? undefined : text(value);
}

/** Of entries the ones that have a text anywhere in what people read of them; all for an empty one. */
export function entriesWith(entries: readonly ShownEntry[], sought: string): readonly ShownEntry[] {
  const needle = sought.trim().toLowerCase();
  if (needle === '') return entries;
  return entries.filter(({ id, title, legalBasis, fields, kinds }) =>
    [id, title.zh, title.en, legalBasis, ...fields, ...kinds].some((part) => part.toLowerCase().includes(needle)),
  );
}
