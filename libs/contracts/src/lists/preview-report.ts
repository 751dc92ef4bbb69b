import { Type, type Static } from 'typebox';
import type { CheckType } from '../codes/results.ts';
import type { LocalizedText } from '../codes/localized-text.ts';
import type { UnitId } from '../codes/units.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed, timestamp } from '../result/scalars.ts';

export const PreviewRequestSchema = Type.Object(
  {
    /** Traffic since then is replayed; the last seven days when neither this nor `results` is given. */
    since: Type.Optional(timestamp()),
    /** The last so many versions are replayed. */
    results: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  },
  closed,
);
/** Which traffic a draft is previewed with. */
export type PreviewRequest = Static<typeof PreviewRequestSchema>;
/** Checks a request for a preview. */
export const validatePreviewRequest: (input: unknown) => Checked<PreviewRequest> = validatorOf(PreviewRequestSchema);

/** How a field, or a whole result (`''`), would change for one consumer. */
export interface PreviewedField {
  /** With `*` for places in arrays; `''` is the whole result. */
  path: string;
  /** Versions of results in which it would. */
  results: number;
}

/** What one entry would change for one consumer. */
export interface PreviewedEntry {
  /** Of the draft for what it would withhold; of the list in force for what would be shown. */
  entry: string;
  consumer: UnitId;
  effect: 'withheld' | 'shown';
  /** Versions of results in which anything would. */
  results: number;
  fields: PreviewedField[];
  /** Some of them. */
  examples: { resultId: string; version: number; path: string }[];
}

/** Recognitions that one path of one entry would have made impossible by itself. */
export interface RecognitionCost {
  entry: string;
  path: string;
  /** Recognitions of which at least one check would not have been recognised. */
  recognitions: number;
  checks: { type: CheckType; count: number }[];
  /** The units that made them. */
  units: { unit: UnitId; count: number }[];
  examples: { recognitionId: string; unit: UnitId; checks: CheckType[] }[];
}

/** What a draft would have changed in traffic that was. */
export interface PreviewReport {
  draftId: string;
  revision: number;
  /** SHA-256 of the draft's text, base64url: what was previewed. */
  documentDigest: string;
  /** The list that it was compared with. */
  listInForce: string;
  /** RFC 3339, of the results' issue and the recognitions' decision; `to` is exclusive. */
  from: string;
  to: string;
  /** RFC 3339: both lists were asked as of this moment. */
  asOf: string;
  /** Versions of results that were decided by both lists. */
  results: number;
  /** Of these, how many somebody would see less, or more, of. */
  changed: { less: number; more: number };
  entries: PreviewedEntry[];
  recognitions: {
    /** Of which at least one check is recognised under the list in force. */
    made: number;
    /** Of these, how many would have lost at least one check. */
    lost: number;
    /** That would have had a check recognised that the list in force stands against. */
    gained: number;
    costs: RecognitionCost[];
    /** That the list in force does not reproduce as they were made: what is stored, or in force, is no longer the same. */
    notReproduced: number;
    /** That could not be weighed, since results that they rest on were not to be had. */
    notWeighed: number;
  };
  /** Units that did not answer: what they issued and decided is not in here. */
  unreachable: UnitId[];
  verdict: LocalizedText[];
}
