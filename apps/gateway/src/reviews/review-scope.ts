import type { AccessScope, CatchUpRequest, UnitId } from '@clearance/contracts';
import type { ResultsOfKind } from '@clearance/negative-list';
import type { SqlValue } from '@clearance/platform';

/** Which versions a review is about: all conditions together; kinds with their issuers are alternatives. */
export interface ReviewScope {
  results?: readonly ResultsOfKind[];
  kinds?: readonly string[];
  issuers?: readonly string[];
  resultIds?: readonly string[];
  /** RFC 3339. */
  issuedSince?: string;
}

/** What a request for a catch-up is about. */
export function scopeOfRequest({ kinds, issuers, resultIds, issuedSince }: CatchUpRequest): ReviewScope {
  return {
    ...(kinds === undefined ? {} : { kinds }),
    ...(issuers === undefined ? {} : { issuers }),
    ...(resultIds === undefined ? {} : { resultIds }),
    ...(issuedSince === undefined ? {} : { issuedSince }),
  };
}

/** What a grant is about, or more: what of it is shown is decided for each version. */
export function scopeOfGrant(about: AccessScope): ReviewScope {
  if ('resultId' in about) return { resultIds: [about.resultId] };
  const { issuer, kinds, since } = about;
  return { results: kinds.map((kind) => ({ kind, issuers: [issuer as UnitId] })), issuedSince: since };
}

/**
 * A condition over `settlement s`.
 *
 * @param before parameters that stand before its own
 */
export function conditionOf(scope: ReviewScope, before: number): { sql: string; parameters: SqlValue[] } {
  const parameters: SqlValue[] = [];
  const parameter = (value: SqlValue): string => `$${before + parameters.push(value)}`;
  const conditions: string[] = [];
  if (scope.results !== undefined) {
    const kinds = scope.results.map(
      ({ kind, issuers }) => `(s.kind = ${parameter(kind)} and s.issuer = any(${parameter([...issuers])}::text[]))`,
    );
    conditions.push(kinds.length === 0 ? 'false' : `(${kinds.join(' or ')})`);
  }
  if (scope.kinds !== undefined) conditions.push(`s.kind = any(${parameter([...scope.kinds])}::text[])`);
  if (scope.issuers !== undefined) conditions.push(`s.issuer = any(${parameter([...scope.issuers])}::text[])`);
  if (scope.resultIds !== undefined) conditions.push(`s.result_id = any(${parameter([...scope.resultIds])}::uuid[])`);
  if (scope.issuedSince !== undefined) conditions.push(`s.issued_at >= ${parameter(scope.issuedSince)}::timestamptz`);
  return { sql: conditions.length === 0 ? 'true' : conditions.join(' and '), parameters };
}
