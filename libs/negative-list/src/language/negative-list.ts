import type { Agency, LocalizedText, Selector } from '@clearance/contracts';

/**
 * How an entry treats what it names (国发〔2016〕51号, art. 10): `conditional` 有条件共享 — taken out, but may be
 * asked for with a purpose; `withheld` 不予共享 — taken out, and cannot be asked for.
 */
export type EntryClass = 'conditional' | 'withheld';

/** What results an entry is about. */
export interface EntryMatch {
  /** Kinds of results: a kind, `customs.*` (every kind of an agency) or `*`. */
  kinds: string[];
  /** Units whose results are meant; every unit if absent. */
  issuers?: Selector;
}

/** One line of the negative list (条目). All conditions of an entry must hold together for it to hit. */
export interface Entry {
  /** Stable name that copies, ledger and access requests quote, for example `NL-001`. */
  id: string;
  title: LocalizedText;
  class: EntryClass;
  /** Law and article on which the entry rests, as it is quoted to whom a field is withheld from. */
  legalBasis: string;
  /** The agency of the issuing unit that may decide requests for access. */
  owner: Agency;
  match: EntryMatch;
  /** Paths into the content: JSON Pointers (RFC 6901) with `*` for every element of an array. Absent: the whole result. */
  fields?: string[];
  /** Units that do not see it; every unit but the issuer if absent. */
  consumers?: Selector;
  /** CEL condition over `content`, `kind`, `issuer`, `province`, `agency`. */
  when?: string;
  /** Purpose codes for which a conditional entry may be asked; any known purpose if absent. */
  purposes?: string[];
  /** First day (`YYYY-MM-DD`, Asia/Shanghai) or instant (RFC 3339 with offset) in force. */
  validFrom?: string;
  /** Last day (inclusive, Asia/Shanghai) or last instant (inclusive) in force. */
  validUntil?: string;
}

/** A version of the negative list (负面清单). Everything is shared unless one of its entries says otherwise. */
export interface NegativeList {
  version: string;
  /** Instant (or day, Asia/Shanghai) from which this version may be used; before it nothing at all is shared under it. */
  effectiveFrom: string;
  entries: Entry[];
}

/** Bounds of a list, so that none can be written that is too costly to read or to decide with. */
export const LIST_BOUNDS = {
  /** Characters (UTF-16 units) of the file. */
  characters: 512 * 1024,
  /** Nested collections; the language itself needs five. */
  depth: 16,
  /** Brackets, or block collections, open at once anywhere in the file, before it is even read. */
  brackets: 64,
  entries: 1000,
  /** Findings that are told at once. */
  findings: 1000,
  fieldsPerEntry: 100,
  selectorsPerEntry: 100,
  textLength: 1000,
  /** Characters of a CEL condition. */
  conditionLength: 1000,
  /** Brackets open at once in a condition. */
  conditionBrackets: 16,
  /** Nodes of a condition's syntax tree. */
  conditionNodes: 200,
  /** `exists`, `all`, `filter`, `map` inside one another. */
  conditionLoops: 2,
} as const;
