import { Type, type Static } from 'typebox';
import { CHECK_TYPES } from '../codes/results.ts';
import type { UnitId } from '../codes/units.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed, timestamp, unitId } from '../result/scalars.ts';

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

const unit = () => Type.Unsafe<UnitId>(unitId());
const checkType = () => Type.Enum([...CHECK_TYPES]);
const version = () => Type.Integer({ minimum: 1 });
const resultId = () => Type.String({ format: 'uuid' });
const count = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });

const PreviewedFieldSchema = Type.Object(
  {
    path: Type.String({ description: 'With `*` for places in arrays; empty: the whole result' }),
    results: count('Versions of results in which it would change'),
  },
  closed,
);

const PreviewedEntrySchema = Type.Object(
  {
    entry: Type.String({
      description: 'Of the draft for what it would withhold; of the list in force for what would be shown',
    }),
    consumer: unit(),
    effect: Type.Enum(['withheld', 'shown']),
    results: count('Versions of results in which anything would'),
    fields: Type.Array(PreviewedFieldSchema),
    examples: Type.Array(Type.Object({ resultId: resultId(), version: version(), path: Type.String() }, closed), {
      description: 'Some of them',
    }),
  },
  closed,
);
/** What one entry would change for one consumer. */
export type PreviewedEntry = Static<typeof PreviewedEntrySchema>;

const RecognitionCostSchema = Type.Object(
  {
    entry: Type.String(),
    path: Type.String(),
    recognitions: count('Recognitions of which at least one check would not have been recognised'),
    checks: Type.Array(Type.Object({ type: checkType(), count: count() }, closed)),
    units: Type.Array(Type.Object({ unit: unit(), count: count() }, closed), {
      description: 'The units that made them',
    }),
    examples: Type.Array(
      Type.Object({ recognitionId: resultId(), unit: unit(), checks: Type.Array(checkType()) }, closed),
    ),
  },
  closed,
);
/** Recognitions that one path of one entry would have made impossible by itself. */
export type RecognitionCost = Static<typeof RecognitionCostSchema>;

export const PreviewReportSchema = Type.Object(
  {
    draftId: resultId(),
    revision: version(),
    documentDigest: Type.String({
      pattern: '^[A-Za-z0-9_-]{43}$',
      description: 'SHA-256 of the draft’s text, base64url: what was previewed',
    }),
    listInForce: Type.String({ description: 'The list that it was compared with' }),
    from: Type.String({ format: 'date-time', description: 'Of the results’ issue and the recognitions’ decision' }),
    to: Type.String({ format: 'date-time', description: 'Exclusive' }),
    asOf: Type.String({ format: 'date-time', description: 'Both lists were asked as of this moment' }),
    results: count('Versions of results that were decided by both lists'),
    changed: Type.Object(
      { less: count(), more: count() },
      {
        ...closed,
        description: 'Of these, how many somebody would see less, or more, of',
      },
    ),
    entries: Type.Array(PreviewedEntrySchema),
    recognitions: Type.Object(
      {
        made: count('Of which at least one check is recognised under the list in force'),
        lost: count('Of these, how many would have lost at least one check'),
        gained: count('That would have had a check recognised that the list in force stands against'),
        costs: Type.Array(RecognitionCostSchema),
        notReproduced: count(
          'That the list in force does not reproduce as they were made: what is stored, or in force, is no longer the same',
        ),
        notWeighed: count('That could not be weighed, since results that they rest on were not to be had'),
      },
      closed,
    ),
    unreachable: Type.Array(unit(), {
      description: 'Units that did not answer: what they issued and decided is not in here',
    }),
    verdict: Type.Array(Type.Object({ zh: Type.String(), en: Type.String() }, closed)),
  },
  { ...closed, title: 'PreviewReport' },
);
/** What a draft would have changed in traffic that was. */
export type PreviewReport = Static<typeof PreviewReportSchema>;
