import type { Agency, CheckType, ResultContent, ResultKind, Violation } from '@clearance/contracts';

/** A rule across the fields of a result that only this agency knows; returns what it objects to. */
export type AgencyRule = (content: ResultContent) => Violation[];

/** What is an agency's own. Everything else in a unit's life is the same for the three of them. */
export interface AgencyProfile {
  agency: Agency;
  /** `customs-sync`: the name of the NATS service and of the process. */
  service: string;
  description: string;
  /** Kinds that units of this agency issue. */
  kinds: readonly ResultKind[];
  /** Checks that they may perform. */
  checks: readonly CheckType[];
  rules: readonly AgencyRule[];
}
