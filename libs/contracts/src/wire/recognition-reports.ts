import { Type, type Static } from 'typebox';
import { CHECK_TYPES, RESULT_STATUSES } from '../codes/results.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { RECOGNITION_REASONS } from '../recognition/reasons.ts';
import { RECOGNITION_OUTCOMES, RECOGNITION_STATES } from '../recognition/recognition.ts';
import {
  closed,
  containerNumber,
  declarationNumber,
  referenceNumber,
  text,
  timestamp,
  unitId,
  unlocode,
  uuid,
  uuid7,
} from '../result/scalars.ts';

/** Recognitions in one report, at most: each names up to 500 containers and what they rest on. */
export const MAX_REPORTED = 8;

const version = () => Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const reasonCode = () => Type.Enum([...RECOGNITION_REASONS]);

const ReportedRecognitionSchema = Type.Object(
  {
    recognitionId: uuid7(),
    /** Where the goods were. */
    location: unlocode(),
    outcome: Type.Enum([...RECOGNITION_OUTCOMES]),
    state: Type.Enum([...RECOGNITION_STATES]),
    decidedAt: timestamp(),
    /** What was asked about. */
    consignment: Type.Object(
      {
        containers: Type.Optional(Type.Array(containerNumber(), { maxItems: 500 })),
        declarationNumber: Type.Optional(declarationNumber()),
        transportDocument: Type.Optional(referenceNumber(35)),
      },
      closed,
    ),
    checks: Type.Array(
      Type.Object(
        {
          type: Type.Enum([...CHECK_TYPES]),
          decision: Type.Enum(['recognised', 'required']),
          /** The versions that it rests on. */
          by: Type.Array(Type.Object({ resultId: uuid(), version: version(), issuer: unitId() }, closed), {
            maxItems: 10_000,
          }),
          /** Why it is required. */
          reasons: Type.Array(Type.Object({ code: reasonCode(), resultId: Type.Optional(uuid()) }, closed), {
            maxItems: 10_000,
          }),
        },
        closed,
      ),
      { maxItems: CHECK_TYPES.length },
    ),
    reopened: Type.Optional(
      Type.Object(
        { at: timestamp(), resultId: uuid(), version: version(), status: Type.Enum([...RESULT_STATUSES]) },
        closed,
      ),
    ),
    traceparent: Type.Optional(Type.String({ pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$', maxLength: 55 })),
  },
  closed,
);
/** A recognition as its unit tells the gateway of it, for the coordinators: what was decided on what, without seals and quantities. */
export type ReportedRecognition = Static<typeof ReportedRecognitionSchema>;

const ReportRecognitionsSchema = Type.Object(
  { recognitions: Type.Array(ReportedRecognitionSchema, { minItems: 1, maxItems: MAX_REPORTED }) },
  closed,
);
/** `statements.recognitions`: what a unit has decided, or reopened. */
export type ReportRecognitions = Static<typeof ReportRecognitionsSchema>;

const RecognitionsTakenSchema = Type.Object({ taken: Type.Literal(true) }, closed);
/** The gateway's reply: all of them are in its database. */
export type RecognitionsTaken = Static<typeof RecognitionsTakenSchema>;

/** Asks over HTTP that all that is kept for coordinators is made anew. */
export const RebuildRequestSchema = Type.Object({ reason: text(1_000) }, closed);
export type RebuildRequest = Static<typeof RebuildRequestSchema>;
export const validateRebuild: (input: unknown) => Checked<RebuildRequest> = validatorOf(RebuildRequestSchema);

export const validateReportRecognitions: (input: unknown) => Checked<ReportRecognitions> =
  validatorOf(ReportRecognitionsSchema);
export const validateRecognitionsTaken: (input: unknown) => Checked<RecognitionsTaken> =
  validatorOf(RecognitionsTakenSchema);
