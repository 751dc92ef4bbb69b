import { Type, type Static } from 'typebox';
import type { LocalizedText } from '../codes/localized-text.ts';
import type { UnitId } from '../codes/units.ts';
import { DURATION_PATTERN } from '../identifiers/duration.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed, date } from '../result/scalars.ts';
import type { DifferenceCode } from './differences.ts';

/** Body of `POST /api/v1/reconciliations`. Days are UTC, both inclusive. */
export const ReconcileRequestSchema = Type.Object(
  {
    /** Yesterday when absent. */
    from: Type.Optional(date()),
    /** Today when absent. */
    to: Type.Optional(date()),
    /** Whether what can be repaired is; otherwise it is only told. */
    repair: Type.Boolean(),
    /** ISO 8601 duration: what was issued or settled less long ago is left to the ordinary way. PT2M when absent. */
    olderThan: Type.Optional(Type.String({ pattern: DURATION_PATTERN, maxLength: 32 })),
  },
  closed,
);
export type ReconcileRequest = Static<typeof ReconcileRequestSchema>;

/** Checks `POST /api/v1/reconciliations`. */
export const validateReconcileRequest: (input: unknown) => Checked<ReconcileRequest> =
  validatorOf(ReconcileRequestSchema);

/** One kind of difference between an issuer and a receiver on one day. */
export interface DifferenceReport {
  code: DifferenceCode;
  message: LocalizedText;
  alarm: boolean;
  issuer: string;
  /** Null when the difference is one between issuer and gateway. */
  receiver: UnitId | null;
  /** UTC day on which the versions were issued. */
  day: string;
  count: number;
  /** Of these, how many were set going again. */
  repaired: number;
  /** Some of them, at most 20. */
  examples: { resultId: string; version: number }[];
}

/** Answer of `POST /api/v1/reconciliations`. */
export interface ReconciliationReport {
  /** UTC days, both inclusive. */
  from: string;
  to: string;
  /** Issuers × receivers × days of which both sides answered. */
  pairs: number;
  /** Versions that the gateway has disclosed of these days. */
  versions: number;
  differences: DifferenceReport[];
  repaired: number;
  /** Offers that the gateway has not got yet, and copies that a unit has not, which their issuer still offers: no difference. */
  onTheirWay: number;
  /** Units that did not answer, or not as they should; what concerns them was not compared. */
  unreachable: UnitId[];
}
