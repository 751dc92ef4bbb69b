import type { CheckDecision, ReliedResult, ResultStatus } from '@clearance/contracts';

/** A result relied on. `arrangement` is given when one decision rests on several arrangements. */
export interface RelianceOnResult extends ReliedResult {
  arrangement?: string;
}

/**
 * The decision on one check. Beside what is relied on, `evidence` names results that are no examination but without
 * which the decision would not stand: an official resealing, an earlier record of the seal, a release that lifted a
 * control.
 */
export type DecidedCheck = CheckDecision & { by?: RelianceOnResult[]; evidence?: ReliedResult[] };

/** A decision on all checks of a request, in their order; a `RecognitionDecision` of the contract. */
export interface DecidedRecognition {
  outcome: 'recognised' | 'partial' | 'refused';
  checks: DecidedCheck[];
}

/** Names one version of a result. */
export interface ResultVersion {
  resultId: string;
  version: number;
}

/**
 * Every version of a result that a decision rests on, as examination or as evidence, each once, in the order of their
 * ids. To be kept with the decision, so that it can be reopened.
 */
export function reliesOn(decision: { checks: readonly DecidedCheck[] }): ResultVersion[] {
  const versions = new Map<string, ResultVersion>();
  for (const { by = [], evidence = [] } of decision.checks) {
    for (const { resultId, version } of [...by, ...evidence])
      versions.set(`${resultId} ${version}`, { resultId, version });
  }
  return [...versions.keys()].sort().flatMap((key) => versions.get(key) ?? []);
}

/**
 * Whether a version that has arrived takes the ground from a decision that relied on an earlier one: the same result,
 * later, amended or revoked. What relied on that version itself, or an old version that arrives late, stays.
 */
export function shouldReopen(relied: ResultVersion, arrived: ResultVersion & { status: ResultStatus }): boolean {
  return arrived.resultId === relied.resultId && arrived.version > relied.version && takesGroundAway(arrived.status);
}

function takesGroundAway(status: ResultStatus): boolean {
  switch (status) {
    case 'amended':
    case 'revoked':
      return true;
    case 'issued':
      return false;
    default:
      return status satisfies never;
  }
}
