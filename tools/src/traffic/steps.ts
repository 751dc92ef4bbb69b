import type { RecognitionRequest, ResultContent, UnitId } from '@clearance/contracts';

interface StepBase {
  readonly unit: UnitId;
  /** Logical name within the scenario: of the result that is submitted, amended or revoked, or of the recognition. */
  readonly key: string;
  /**
   * Keys of the results that must be there first: accepted if they are the unit's own, else arrived at the unit as copies.
   * They are always keys of earlier steps of the same story.
   */
  readonly after: readonly string[];
  /** The story (one consignment, one ship's call, one shift) that the step belongs to. */
  readonly story: string;
  /** True at a story's last step: none of its keys is named again. */
  readonly ends: boolean;
}

export interface SubmitStep extends StepBase {
  readonly action: 'submit';
  readonly content: ResultContent;
}

export interface AmendStep extends StepBase {
  readonly action: 'amend';
  /** The whole corrected content. */
  readonly content: ResultContent;
}

export interface RevokeStep extends StepBase {
  readonly action: 'revoke';
  readonly reason: string;
}

export interface RecogniseStep extends StepBase {
  readonly action: 'recognise';
  readonly request: RecognitionRequest;
}

/** One thing that a unit's backend does. */
export type Step = SubmitStep | AmendStep | RevokeStep | RecogniseStep;

type Unplaced<T> = T extends Step ? Omit<T, 'story' | 'ends'> : never;

/** A step as a story writes it, before it is known which of the story's steps is the last. */
export type Draft = Unplaced<Step>;
