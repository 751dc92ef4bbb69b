import { Type } from 'typebox';
import type { Checked } from '../problem/violation.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import { closed, uuid } from '../result/scalars.ts';
import type { ResultContent } from '../result/content.ts';
import { validateContent } from '../result/validate-content.ts';
import {
  FindRecognitionsRequestSchema,
  FindResultsRequestSchema,
  MAX_BATCH,
  RevokeRequestSchema,
  type FindRecognitionsRequest,
  type FindResultsRequest,
  type RevokeRequest,
  type SubmitBatchRequest,
} from './requests.ts';

/** Body of `results.amend`: the whole new content of an own result. */
export interface AmendRequest {
  resultId: string;
  content: ResultContent;
}

export const SubmitBatchRequestSchema = Type.Object(
  { results: Type.Array(Type.Unknown(), { minItems: 1, maxItems: MAX_BATCH }) },
  closed,
);
const submitBatchShape = validatorOf<SubmitBatchRequest>(SubmitBatchRequestSchema);

/** The frame of `results.amend`: the content inside it has the schema of its kind. */
export const AmendFrameSchema = Type.Object(
  { resultId: uuid(), content: Type.Object({}, { additionalProperties: true }) },
  closed,
);
const amendShape = validatorOf<AmendRequest>(AmendFrameSchema);

/** Checks the frame of a batch only. Each of its contents is then validated by `validateContent`, on its own. */
export function validateSubmitBatch(input: unknown): Checked<SubmitBatchRequest> {
  return submitBatchShape(input);
}

/** Checks `results.amend` whole: the frame, and the content with pointers under `/content`. */
export function validateAmend(input: unknown): Checked<AmendRequest> {
  const frame = amendShape(input);
  const content: unknown =
    typeof input === 'object' && input !== null ? (input as { content?: unknown }).content : undefined;
  if (content === undefined) return frame;
  const checked = validateContent(content);
  if (checked.ok) return frame;
  const inside = checked.violations.map((found) => ({ ...found, pointer: `/content${found.pointer}` }));
  const outside = frame.ok ? [] : frame.violations.filter((found) => !found.pointer.startsWith('/content'));
  return { ok: false, violations: [...outside, ...inside] };
}

/** Checks `results.revoke`. */
export const validateRevoke: (input: unknown) => Checked<RevokeRequest> = validatorOf(RevokeRequestSchema);

/** Checks `results.find`. An empty object asks for everything, page by page. */
export const validateFindResults: (input: unknown) => Checked<FindResultsRequest> =
  validatorOf(FindResultsRequestSchema);

/** Checks `recognitions.find`. */
export const validateFindRecognitions: (input: unknown) => Checked<FindRecognitionsRequest> =
  validatorOf(FindRecognitionsRequestSchema);
