import { CHECK_TYPES, type CheckType, type ResultStatus, type UnitId } from '@clearance/contracts';
import type { CheckShown } from './facts-shown-to-all.ts';

/** The newest version of a result, as far as everybody may see it. */
export interface JudgedResult {
  resultId: string;
  version: number;
  status: ResultStatus;
  issuer: UnitId;
  containers: readonly string[];
  checks: readonly CheckShown[];
}

/** Who found what. */
export interface Finding {
  resultId: string;
  version: number;
  issuer: UnitId;
}

/** Units that made the same check of the same goods, and did not find the same. */
export interface Conflict {
  check: CheckType;
  /** Where it is known of which container; null: of the goods. */
  container: string | null;
  conformant: Finding[];
  nonConformant: Finding[];
}

/**
 * Where units contradict each other about the goods of one consignment: one found a check conformant, another found it not,
 * and both may have looked at the same. A check that names containers or items is about those alone; without them it is about
 * all of its result's. What is inconclusive contradicts nothing, and so does what is revoked. What one unit says twice is its
 * own affair.
 *
 * @returns in the order of check types, then of containers
 */
export function conflictsOf(results: readonly JudgedResult[]): Conflict[] {
  const looks = results.filter(({ status }) => status !== 'revoked').flatMap(looksOf);
  const conflicts = CHECK_TYPES.flatMap((check) => {
    const ofType = looks.filter(({ type }) => type === check);
    const bad = ofType.filter(({ outcome }) => outcome === 'non-conformant');
    if (bad.length === 0) return [];
    const good = ofType.filter(({ outcome }) => outcome === 'conformant');
    const pairs = bad.flatMap(
      (one) =>
      good.filter((other) => other.by.issuer !== one.by.issuer && overlap(one.items, other.items)).flatMap((other) => commonContainers(one.containers, other.containers).map((container) => ({ container, one, other }))), // prettier-ignore
    );
    return [...Map.groupBy(pairs, ({ container }) => container)]
      .sort(([one], [other]) => ((one ?? '') < (other ?? '') ? -1 : 1))
      .map(([container, of]) => ({
        check,
        container,
        conformant: distinct(of.map(({ other }) => other.by)),
        nonConformant: distinct(of.map(({ one }) => one.by)),
      }));
  });
  return conflicts;
}

interface Look extends Pick<CheckShown, 'type' | 'outcome'> {
  by: Finding;
  /** Empty: of everything. */
  containers: readonly string[];
  items: readonly number[];
}

function looksOf({ resultId, version, issuer, containers, checks }: JudgedResult): Look[] {
  return checks.map(({ type, outcome, containers: covered, items }) => ({
    ...{ type, outcome, items, by: { resultId, version, issuer } },
    containers: covered.length > 0 ? covered : containers,
  }));
}

/** Null stands for goods of which no container is known to both. */
function commonContainers(one: readonly string[], other: readonly string[]): (string | null)[] {
  if (one.length === 0 && other.length === 0) return [null];
  if (one.length === 0) return [...new Set(other)];
  if (other.length === 0) return [...new Set(one)];
  const among = new Set(other);
  return [...new Set(one)].filter((container) => among.has(container));
}

function overlap(one: readonly number[], other: readonly number[]): boolean {
  return one.length === 0 || other.length === 0 || one.some((item) => other.includes(item));
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((each) => [each.resultId, each])).values()].sort((one, other) =>
    one.resultId < other.resultId ? -1 : 1,
  );
}
