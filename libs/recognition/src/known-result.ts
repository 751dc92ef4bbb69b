import type { DisclosedContent, ResultStatus, UnitId, Withheld } from '@clearance/contracts';

/**
 * A result that the deciding unit holds: its own, or its copy of another unit's. A copy's content may lack any member,
 * at any depth; `withheld` names what the negative list took out.
 */
export interface KnownResult {
  resultId: string;
  /** Counts from 1. Of several versions of one result only the highest is looked at. */
  version: number;
  status: ResultStatus;
  issuer: UnitId;
  /** RFC 3339, of this version. */
  issuedAt: string;
  content: DisclosedContent;
  withheld: readonly Withheld[];
  /** Whether the deciding unit itself verified the issuer's signature. */
  verified: boolean;
}
