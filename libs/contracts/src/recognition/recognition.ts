import { Type, type Static } from 'typebox';
import { CHECK_TYPES, SEAL_CONDITIONS, type CheckType, type ResultStatus } from '../codes/results.ts';
import type { LocalizedText } from '../codes/localized-text.ts';
import type { UnitId } from '../codes/units.ts';
import {
  closed,
  containerNumber,
  declarationNumber,
  itemNumber,
  itemQuantity,
  referenceNumber,
  unlocode,
} from '../result/scalars.ts';
import type { RecognitionReasonCode } from './reasons.ts';

/** A seal as the requester found it. */
export const SealObservationSchema = Type.Object(
  { container: containerNumber(), number: referenceNumber(32), condition: Type.Enum([...SEAL_CONDITIONS]) },
  closed,
);
export type SealObservation = Static<typeof SealObservationSchema>;

/** What must be decided: the checks a unit would otherwise perform on this consignment, at this place. */
export const RecognitionRequestSchema = Type.Object(
  {
    reference: referenceNumber(64),
    location: unlocode(),
    checks: Type.Array(Type.Enum([...CHECK_TYPES]), { minItems: 1, maxItems: CHECK_TYPES.length, uniqueItems: true }),
    consignment: Type.Object(
      {
        containers: Type.Optional(Type.Array(containerNumber(), { maxItems: 500, uniqueItems: true })),
        declarationNumber: Type.Optional(declarationNumber()),
        transportDocument: Type.Optional(referenceNumber(35)),
        items: Type.Optional(Type.Array(itemNumber(), { maxItems: 999, uniqueItems: true })),
        quantities: Type.Optional(Type.Array(itemQuantity(), { maxItems: 999 })),
      },
      closed,
    ),
    sealsObserved: Type.Optional(Type.Array(SealObservationSchema, { maxItems: 2000 })),
  },
  closed,
);
export type RecognitionRequest = Static<typeof RecognitionRequestSchema>;

/** Quantity of one item; `value` is a decimal as text. */
export interface ItemQuantity {
  item: number;
  value: string;
  unit: string;
}

/** Part of a consignment: what is relied on, or what must still be examined. */
export interface Coverage {
  containers: string[];
  items: number[];
  quantities?: ItemQuantity[];
}

/** Which version of which result is relied on. */
export interface ReliedResult {
  resultId: string;
  version: number;
  issuer: UnitId;
  /** Under which arrangement; only where a check rests on several. */
  arrangement?: string;
}

/** Why a check is required, and which result was looked at. */
export interface RecognitionReason {
  code: RecognitionReasonCode;
  resultId?: string;
  message: LocalizedText;
}

/**
 * The decision on one check. `recognised` means that everything asked for is covered; `required` that it must be
 * performed, on `remaining` alone where that is given, while `by` then names what covers the rest.
 */
export type CheckDecision =
  | {
      type: CheckType;
      decision: 'recognised';
      by: ReliedResult[];
      /** What the decision rests on beside the examinations: a resealing, a release that lifted a control. */
      evidence?: ReliedResult[];
      /** Absent when the unit relies on its own results. */
      arrangement?: string;
      /** RFC 3339; absent when nothing limits it. */
      validUntil?: string;
      covers: Coverage;
      reasons?: RecognitionReason[];
    }
  | {
      type: CheckType;
      decision: 'required';
      reasons: RecognitionReason[];
      by?: ReliedResult[];
      evidence?: ReliedResult[];
      arrangement?: string;
      validUntil?: string;
      covers?: Coverage;
      remaining?: Coverage;
    };

export const RECOGNITION_OUTCOMES = ['recognised', 'partial', 'refused'] as const;
export type RecognitionOutcome = (typeof RECOGNITION_OUTCOMES)[number];

export const RECOGNITION_STATES = ['in-force', 'reopened'] as const;
export type RecognitionState = (typeof RECOGNITION_STATES)[number];

/** What is decided, before it is stored: the outcome over all checks, and each check in the order of the request. */
export interface RecognitionDecision {
  outcome: RecognitionOutcome;
  checks: CheckDecision[];
}

/**
 * What took the ground away: a later version (`amended`, `revoked`), or, with the code `signature-invalid`, that the key
 * which signed the very version relied on has been revoked.
 */
export interface ReopeningCause {
  resultId: string;
  version: number;
  status: ResultStatus;
  code?: 'signature-invalid';
}

/** A stored decision, as `recognitions.request` answers it. */
export interface Recognition extends RecognitionDecision {
  /** UUIDv7. */
  recognitionId: string;
  reference: string;
  state: RecognitionState;
  /** RFC 3339. */
  decidedAt: string;
  /** Why it was reopened. Only when `state` is `reopened`. */
  reopened?: { at: string; by: ReopeningCause };
}
