import type { ResultKind, ResultStatus } from '../codes/results.ts';
import type { UnitId } from '../codes/units.ts';
import type { ResultContent } from './content.ts';

/** Whether what was taken out can be asked for. */
export const WITHHELD_ACCESS = ['on-request', 'none'] as const;
export type WithheldAccess = (typeof WITHHELD_ACCESS)[number];

/** One thing that the negative list took out of a copy. `path` is a JSON Pointer into the content; '' is all of it. */
export interface Withheld {
  path: string;
  /** Id of the entry that withholds it. */
  entry: string;
  legalBasis: string;
  access: WithheldAccess;
}

/** A content from which any member may have been taken out; what is there has the issuer's form. */
export type DisclosedContent = Partial<ResultContent>;

/** A result as one unit sees it: its own, or its copy of another's. */
export interface ResultView {
  /** UUIDv7. */
  resultId: string;
  /** Counts from 1; each amendment and a revocation add 1. */
  version: number;
  status: ResultStatus;
  issuer: UnitId;
  /** RFC 3339, of this version. */
  issuedAt: string;
  content: DisclosedContent;
  withheld: Withheld[];
  signature: {
    /** Whether this unit itself verified the issuer's signature. */
    verified: boolean;
    keyId: string;
    /** The SD-JWT (RFC 9901), with the disclosures that this unit may see. */
    token: string;
  };
}

/** Reply to `results.submit`, `results.amend` and `results.revoke`. */
export interface ResultReceipt {
  resultId: string;
  version: number;
  status: ResultStatus;
  /** `sha-256:` and base64url of SHA-256 over the content in canonical form (RFC 8785). */
  digest: string;
  /** RFC 3339. */
  issuedAt: string;
}

/** The part of a view that says which result it is about, without any content. */
export interface ResultHead {
  resultId: string;
  version: number;
  status: ResultStatus;
  kind: ResultKind;
  issuer: UnitId;
}
