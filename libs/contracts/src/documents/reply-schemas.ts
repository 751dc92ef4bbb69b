import { Type } from 'typebox';
import { CHECK_TYPES, RESULT_STATUSES } from '../codes/results.ts';
import { PROBLEM_CODES } from '../problem/problem.ts';
import { VIOLATION_CODES } from '../problem/violation-messages.ts';
import { RECOGNITION_REASONS } from '../recognition/reasons.ts';
import { RECOGNITION_OUTCOMES, RECOGNITION_STATES } from '../recognition/recognition.ts';
import { closed, containerNumber, itemNumber, itemQuantity, timestamp, unitId, uuid7 } from '../result/scalars.ts';
import { WithheldSchema } from '../wire/internal-messages.ts';
import { disclosedContentSchema } from './disclosed-content.ts';

// Replies are written by this mesh and not validated at run time: these schemas document them, and specs hold them
// equal to the types in use.

const version = () => Type.Integer({ minimum: 1 });
const status = () => Type.Enum([...RESULT_STATUSES]);

export const ResultReceiptSchema = Type.Object(
  {
    resultId: uuid7(),
    version: version(),
    status: status(),
    digest: Type.String({ pattern: '^sha-256:[A-Za-z0-9_-]{43}$' }),
    issuedAt: timestamp(),
  },
  closed,
);

const LocalizedSchema = Type.Object({ zh: Type.String(), en: Type.String() }, closed);

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ pattern: '^urn:clearance:problem:' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    code: Type.Enum([...PROBLEM_CODES]),
    errors: Type.Array(
      Type.Object({ pointer: Type.String(), code: Type.Enum([...VIOLATION_CODES]), message: LocalizedSchema }, closed),
    ),
    retryAfter: Type.Optional(Type.Integer({ minimum: 1, description: 'Seconds after which to try again.' })),
  },
  closed,
);

export const SubmitBatchReplySchema = Type.Object(
  { outcomes: Type.Array(Type.Union([ResultReceiptSchema, Type.Object({ error: ProblemSchema }, closed)])) },
  closed,
);

export const ResultViewSchema = Type.Object(
  {
    resultId: uuid7(),
    version: version(),
    status: status(),
    issuer: unitId(),
    issuedAt: timestamp(),
    content: Type.Unsafe<object>(disclosedContentSchema()),
    withheld: Type.Array(WithheldSchema),
    signature: Type.Object({ verified: Type.Boolean(), keyId: Type.String(), token: Type.String() }, closed),
  },
  closed,
);

const cursor = () => Type.Optional(Type.String());

export const FindResultsReplySchema = Type.Object({ results: Type.Array(ResultViewSchema), cursor: cursor() }, closed);

const CoverageSchema = Type.Object(
  {
    containers: Type.Array(containerNumber()),
    items: Type.Array(itemNumber()),
    quantities: Type.Optional(Type.Array(itemQuantity())),
  },
  closed,
);

const relied = { resultId: uuid7(), version: version(), issuer: unitId() };
const reliedOn = Type.Array(Type.Object({ ...relied, arrangement: Type.Optional(Type.String()) }, closed));
const evidence = Type.Optional(Type.Array(Type.Object(relied, closed)));

const reasons = Type.Array(
  Type.Object(
    { code: Type.Enum([...RECOGNITION_REASONS]), resultId: Type.Optional(uuid7()), message: LocalizedSchema },
    closed,
  ),
);

const CheckDecisionSchema = Type.Union([
  Type.Object(
    {
      type: Type.Enum([...CHECK_TYPES]),
      decision: Type.Literal('recognised'),
      by: reliedOn,
      evidence,
      arrangement: Type.Optional(Type.String()),
      validUntil: Type.Optional(timestamp()),
      covers: CoverageSchema,
      reasons: Type.Optional(reasons),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Enum([...CHECK_TYPES]),
      decision: Type.Literal('required'),
      reasons,
      by: Type.Optional(reliedOn),
      evidence,
      arrangement: Type.Optional(Type.String()),
      validUntil: Type.Optional(timestamp()),
      covers: Type.Optional(CoverageSchema),
      remaining: Type.Optional(CoverageSchema),
    },
    closed,
  ),
]);

export const RecognitionSchema = Type.Object(
  {
    recognitionId: uuid7(),
    reference: Type.String(),
    outcome: Type.Enum([...RECOGNITION_OUTCOMES]),
    state: Type.Enum([...RECOGNITION_STATES]),
    decidedAt: timestamp(),
    checks: Type.Array(CheckDecisionSchema),
    reopened: Type.Optional(
      Type.Object(
        {
          at: timestamp(),
          by: Type.Object(
            {
              resultId: uuid7(),
              version: version(),
              status: status(),
              code: Type.Optional(Type.Literal('signature-invalid')),
            },
            closed,
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const FindRecognitionsReplySchema = Type.Object(
  { recognitions: Type.Array(RecognitionSchema), cursor: cursor() },
  closed,
);
