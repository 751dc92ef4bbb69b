import { Type, type Static } from 'typebox';
import { CHECK_TYPES, RESULT_STATUSES } from '../codes/results.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { RecognitionRequestSchema } from '../recognition/recognition.ts';
import { closed, timestamp, unitId, uuid } from '../result/scalars.ts';
import { exactTime, HoldingPlaceSchema } from './reconciliation.ts';

/** Results on one page, and in one request for contents, at most. */
export const MAX_REPLAYED = 500;
/** Recognitions on one page, at most. */
export const MAX_REPLAYED_RECOGNITIONS = 100;

const version = () => Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
/** Content as JSON text: the unit passes on what lies in its database, unread. */
const contentText = () => Type.String({ minLength: 2, maxLength: 4 * 1024 * 1024 });
const period = { from: timestamp(), to: timestamp() };

const ListIssuedSchema = Type.Object(
  {
    ...period,
    /** The page begins after this place. */
    after: Type.Optional(HoldingPlaceSchema),
    limit: Type.Integer({ minimum: 1, maximum: MAX_REPLAYED }),
  },
  closed,
);
/** `replay.results`: what a unit issued in a period, every version, page by page. `to` is exclusive. */
export type ListIssued = Static<typeof ListIssuedSchema>;

const IssuedPageSchema = Type.Object(
  {
    results: Type.Array(
      Type.Object({ issuedAt: exactTime(), resultId: uuid(), version: version(), content: contentText() }, closed),
      {
        maxItems: MAX_REPLAYED,
      },
    ),
    more: Type.Boolean(),
  },
  closed,
);
export type IssuedPage = Static<typeof IssuedPageSchema>;

const ReadContentsSchema = Type.Object(
  {
    results: Type.Array(Type.Object({ resultId: uuid(), version: version() }, closed), {
      minItems: 1,
      maxItems: MAX_REPLAYED,
    }),
  },
  closed,
);
/** `replay.contents`: own versions with what they contain. */
export type ReadContents = Static<typeof ReadContentsSchema>;

const ContentsReplySchema = Type.Object(
  {
    contents: Type.Array(
      Type.Object(
        {
          resultId: uuid(),
          version: version(),
          status: Type.Enum([...RESULT_STATUSES]),
          issuedAt: timestamp(),
          content: contentText(),
          /** Of its issuing, where the unit knows it still. */
          traceparent: Type.Optional(
            Type.String({ pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$', maxLength: 55 }),
          ),
        },
        closed,
      ),
      { maxItems: MAX_REPLAYED },
    ),
    /** Whether others of those asked for are there, and did not fit into one answer. */
    more: Type.Boolean(),
  },
  closed,
);
export type ContentsReply = Static<typeof ContentsReplySchema>;

const RecognitionPlaceSchema = Type.Object({ decidedAt: exactTime(), recognitionId: uuid() }, closed);

const ListRecognitionsSchema = Type.Object(
  {
    ...period,
    after: Type.Optional(RecognitionPlaceSchema),
    limit: Type.Integer({ minimum: 1, maximum: MAX_REPLAYED_RECOGNITIONS }),
  },
  closed,
);
/** `replay.recognitions`: what a unit decided in a period, and what it knew then. `to` is exclusive. */
export type ListRecognitions = Static<typeof ListRecognitionsSchema>;

const ReplayedRecognitionSchema = Type.Object(
  {
    ...RecognitionPlaceSchema.properties,
    request: RecognitionRequestSchema,
    /** The checks that were recognised. */
    recognised: Type.Array(Type.Enum([...CHECK_TYPES]), { maxItems: CHECK_TYPES.length }),
    /** The versions that were weighed, own ones among them. */
    known: Type.Array(Type.Object({ resultId: uuid(), version: version(), issuer: unitId() }, closed), {
      maxItems: 100_000,
    }),
  },
  closed,
);
export type ReplayedRecognition = Static<typeof ReplayedRecognitionSchema>;

const RecognitionsPageSchema = Type.Object(
  {
    recognitions: Type.Array(ReplayedRecognitionSchema, { maxItems: MAX_REPLAYED_RECOGNITIONS }),
    more: Type.Boolean(),
  },
  closed,
);
export type RecognitionsPage = Static<typeof RecognitionsPageSchema>;

const ReportAgainSchema = Type.Object({}, closed);
/** `replay.report-recognitions`: a unit is to report all its recognitions once more. */
export type ReportAgain = Static<typeof ReportAgainSchema>;
const ReportingAgainSchema = Type.Object({ noted: Type.Integer({ minimum: 0 }) }, closed);
/** How many it will report. */
export type ReportingAgain = Static<typeof ReportingAgainSchema>;

export const validateReportAgain: (input: unknown) => Checked<ReportAgain> = validatorOf(ReportAgainSchema);
export const validateReportingAgain: (input: unknown) => Checked<ReportingAgain> = validatorOf(ReportingAgainSchema);

/** Validators of what the gateway asks when it replays traffic, and of what units answer. */
export const validateListIssued: (input: unknown) => Checked<ListIssued> = validatorOf(ListIssuedSchema);
export const validateIssuedPage: (input: unknown) => Checked<IssuedPage> = validatorOf(IssuedPageSchema);
export const validateReadContents: (input: unknown) => Checked<ReadContents> = validatorOf(ReadContentsSchema);
export const validateContentsReply: (input: unknown) => Checked<ContentsReply> = validatorOf(ContentsReplySchema);
export const validateListRecognitions: (input: unknown) => Checked<ListRecognitions> =
  validatorOf(ListRecognitionsSchema);
export const validateRecognitionsPage: (input: unknown) => Checked<RecognitionsPage> =
  validatorOf(RecognitionsPageSchema);
