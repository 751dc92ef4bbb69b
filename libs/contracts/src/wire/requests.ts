import { Type, type Static } from 'typebox';
import { RECOGNITION_STATES } from '../recognition/recognition.ts';
import type { Recognition } from '../recognition/recognition.ts';
import {
  closed,
  containerNumber,
  declarationNumber,
  referenceNumber,
  text,
  timestamp,
  unitId,
  uuid,
} from '../result/scalars.ts';
import type { ResultReceipt, ResultView } from '../result/view.ts';
import type { Problem } from '../problem/problem.ts';

/** Contents in one `results.submit-batch`, at most. */
export const MAX_BATCH = 500;

/** Body of `results.submit-batch`. Its contents are validated one by one, so that a bad one does not stop the others. */
export interface SubmitBatchRequest {
  results: unknown[];
}

/** Reply to `results.submit-batch`: one outcome per content, in their order. */
export interface SubmitBatchReply {
  outcomes: (ResultReceipt | { error: Problem })[];
}

export const RevokeRequestSchema = Type.Object({ resultId: uuid(), reason: text(500) }, closed);
/** Body of `results.revoke`. */
export type RevokeRequest = Static<typeof RevokeRequestSchema>;

const limit = () => Type.Integer({ minimum: 1, maximum: 500 });
const cursor = () => Type.String({ minLength: 1, maxLength: 512, pattern: '^[A-Za-z0-9_-]+$' });

export const FindResultsRequestSchema = Type.Object(
  {
    resultId: Type.Optional(uuid()),
    reference: Type.Optional(referenceNumber(64)),
    declarationNumber: Type.Optional(declarationNumber()),
    container: Type.Optional(containerNumber()),
    transportDocument: Type.Optional(referenceNumber(35)),
    issuer: Type.Optional(unitId()),
    since: Type.Optional(timestamp()),
    limit: Type.Optional(limit()),
    cursor: Type.Optional(cursor()),
  },
  closed,
);
/** Body of `results.find`: what is named must all match. `since` is by time of receipt, `cursor` from an earlier reply. */
export type FindResultsRequest = Static<typeof FindResultsRequestSchema>;

/** Reply to `results.find`. A `cursor` is there when there is more. */
export interface FindResultsReply {
  results: ResultView[];
  cursor?: string;
}

export const FindRecognitionsRequestSchema = Type.Object(
  {
    recognitionId: Type.Optional(uuid()),
    reference: Type.Optional(referenceNumber(64)),
    resultId: Type.Optional(uuid()),
    state: Type.Optional(Type.Enum([...RECOGNITION_STATES])),
    limit: Type.Optional(limit()),
    cursor: Type.Optional(cursor()),
  },
  closed,
);
/** Body of `recognitions.find`. `resultId` finds the recognitions that rely on that result. */
export type FindRecognitionsRequest = Static<typeof FindRecognitionsRequestSchema>;

/** Reply to `recognitions.find`. */
export interface FindRecognitionsReply {
  recognitions: Recognition[];
  cursor?: string;
}
