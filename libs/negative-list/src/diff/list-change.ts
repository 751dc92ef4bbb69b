import type { Agency, LocalizedText, ResultKind, UnitId } from '@clearance/contracts';
import type { EntryClass } from '../language/negative-list.ts';
import type { UnitTerms } from '../language/unit-sets.ts';

/**
 * What a change does to what units see: `stricter` — somewhere less is shown or fewer may ask, nowhere more; `looser` —
 * the other way round; `mixed` — it may be either, from result to result; `editorial` — nothing is shown otherwise.
 */
export type ChangeEffect = 'stricter' | 'looser' | 'mixed' | 'editorial';

/** Every kind of change, with its effect. One that can go both ways has two codes. */
export const CHANGE_EFFECTS = {
  'entry-added': 'stricter',
  'entry-removed': 'looser',
  'class-tightened': 'stricter',
  'class-loosened': 'looser',
  'kinds-added': 'stricter',
  'kinds-removed': 'looser',
  'kinds-reworded': 'editorial',
  'issuers-added': 'stricter',
  'issuers-removed': 'looser',
  'issuers-reworded': 'editorial',
  'paths-added': 'stricter',
  'paths-removed': 'looser',
  'path-broadened': 'stricter',
  'path-narrowed': 'looser',
  'paths-reworded': 'editorial',
  'consumers-added': 'stricter',
  'consumers-removed': 'looser',
  'consumers-reworded': 'editorial',
  'condition-added': 'looser',
  'condition-removed': 'stricter',
  'condition-narrowed': 'looser',
  'condition-widened': 'stricter',
  'condition-changed': 'mixed',
  'condition-reworded': 'editorial',
  'begins-earlier': 'stricter',
  'begins-later': 'looser',
  'ends-later': 'stricter',
  'ends-earlier': 'looser',
  'validity-reworded': 'editorial',
  'purposes-removed': 'stricter',
  'purposes-added': 'looser',
  'legal-basis-changed': 'editorial',
  'owner-changed': 'editorial',
  'title-changed': 'editorial',
  // Until then the list before it decides: what this one withholds is told by the changes of its entries.
  'effective-from-changed': 'editorial',
} as const satisfies Record<string, ChangeEffect>;

/** Stable code of a change. */
export type ChangeCode = keyof typeof CHANGE_EFFECTS;

/** What an entry does, to whom and when, as far as a message needs it. */
export interface EntryScope {
  class: EntryClass;
  /** Kinds as the entry names them: `customs.*`. */
  kinds: string[];
  /** From whom it withholds. */
  consumers: UnitTerms;
  /** CEL, absent if the entry has no condition. */
  when?: string;
}

/** An entry as a whole; `paths` hold '' for the whole result. */
export interface EntryDetails extends EntryScope {
  title: LocalizedText;
  paths: string[];
}

/** Paths that an entry takes out, or no longer takes out; '' is the whole result. */
export interface PathDetails {
  paths: string[];
  /** The kinds of result of which that is said, if not all that the entry is about and that have such fields. */
  kinds?: ResultKind[];
  scope: EntryScope;
}

/** A path that takes the place of some that lie below it, or the other way round. */
export interface PathReplaced {
  path: string;
  /** What it covers: before where it was broadened, afterwards where it was narrowed. */
  parts: string[];
  kinds?: ResultKind[];
  scope: EntryScope;
}

/** Units that a change is about. */
export interface UnitDetails {
  /** Those of them that the mesh has; none if only units that may yet join it are concerned. */
  units: UnitId[];
  /** The same, said shortly. */
  said: UnitTerms;
  scope: EntryScope;
  /** What is withheld, '' is the whole result. */
  paths: string[];
}

/** Two texts, before and after; absent where the list says nothing. */
export interface TextDetails {
  before?: string;
  after?: string;
}

interface KindDetails {
  kinds: ResultKind[];
  /** What is, or was, withheld of them. */
  paths: string[];
  scope: EntryScope;
}

interface WordDetails {
  before: string[];
  after: string[];
}

interface ConditionDetails {
  before: string;
  after: string;
}

interface PurposeDetails {
  /** Those that may now be stated, or no longer; none if any could or can. */
  purposes: string[];
  /** What may be stated now; absent if any known purpose. */
  after?: string[];
}

/** What a change tells besides its code. */
export interface ChangeDetails {
  'entry-added': EntryDetails;
  'entry-removed': EntryDetails;
  'class-tightened': { before: EntryClass; after: EntryClass };
  'class-loosened': { before: EntryClass; after: EntryClass };
  'kinds-added': KindDetails;
  'kinds-removed': KindDetails;
  'kinds-reworded': WordDetails;
  'issuers-added': UnitDetails;
  'issuers-removed': UnitDetails;
  'issuers-reworded': { before: UnitTerms; after: UnitTerms };
  'paths-added': PathDetails;
  'paths-removed': PathDetails;
  'path-broadened': PathReplaced;
  'path-narrowed': PathReplaced;
  'paths-reworded': WordDetails;
  'consumers-added': UnitDetails;
  'consumers-removed': UnitDetails;
  'consumers-reworded': { before: UnitTerms; after: UnitTerms };
  'condition-added': { after: string };
  'condition-removed': { before: string };
  'condition-narrowed': ConditionDetails;
  'condition-widened': ConditionDetails;
  'condition-changed': ConditionDetails;
  'condition-reworded': ConditionDetails;
  'begins-earlier': TextDetails;
  'begins-later': TextDetails;
  'ends-later': TextDetails;
  'ends-earlier': TextDetails;
  'validity-reworded': TextDetails;
  'purposes-removed': PurposeDetails;
  'purposes-added': PurposeDetails;
  'legal-basis-changed': { before: string; after: string };
  'owner-changed': { before: Agency; after: Agency };
  'title-changed': { before: LocalizedText; after: LocalizedText };
  'effective-from-changed': { before: string; after: string };
}

/** A change before it is put into words. */
export type BareChange = { [Code in ChangeCode]: { code: Code; details: ChangeDetails[Code] } }[ChangeCode];

/** One difference between two lists, as data and in words. */
export type ListChange = BareChange & {
  /** Id of the entry; absent where the list as a whole is meant. */
  entry?: string;
  effect: ChangeEffect;
  message: LocalizedText;
};
