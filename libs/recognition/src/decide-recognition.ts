import type { Arrangement, CheckType, Coverage, ItemQuantity, RecognitionRequest } from '@clearance/contracts';
import { arrangementsInForce, type DecisionContext } from './arrangements.ts';
import { assess, compareSupports, type Assessment, type Support } from './assess.ts';
import {
  hiddenBelongings,
  isAbout,
  targetName,
  targetsOf,
  type RequestedConsignment,
  type Target,
} from './consignment.ts';
import { controlsInForce, type Objection } from './controls.ts';
import { compareText, currentResults } from './current-results.ts';
import { remainingDecimal } from './decimal.ts';
import type { KnownResult } from './known-result.ts';
import type { ResultRecord } from './read-result.ts';
import { reasonsFrom, type TargetedObjection } from './reasons.ts';
import type { DecidedCheck, DecidedRecognition, RelianceOnResult } from './reliance.ts';
import { sealJudge } from './seals.ts';

/**
 * Decides which of the requested checks the unit may leave out because they were done before (监管互认): a check is
 * recognised when every container, item and quantity that the request names is covered by a conformant, verified,
 * unexpired check which an arrangement in force, or the unit's own earlier work, lets it rely on, while no control is
 * in force on the consignment. Otherwise it is required, with every reason; where a part is covered, `covers` and
 * `remaining` say which.
 *
 * Pure: the same arguments give the same decision, whatever the order of `known` and `arrangements`.
 * @param request a validated recognition request
 * @param known results that the unit holds: at least those about the consignment, and those that mention its containers;
 *   one that hides its declaration, waybill or containers may be about it and stands against reliance as if it were
 * @param arrangements those of the mesh, in force or not
 * @param context the relying unit, and the time of the decision in milliseconds since the epoch
 */
export function decideRecognition(
  request: RecognitionRequest,
  known: readonly KnownResult[],
  arrangements: readonly Arrangement[],
  context: DecisionContext,
): DecidedRecognition {
  const records = currentResults(known);
  const about = records.filter((record) => isAbout(record, request.consignment));
  const controls = controlsInForce(about, request.consignment);
  const unseen = hiddenBelongings(request.consignment, about).map(({ record: { resultId }, path }): Objection => {
    return { code: 'withheld', resultId, path };
  });
  const facts = {
    consignment: request.consignment,
    about,
    judgeSeals: sealJudge({ records, observed: request.sealsObserved ?? [] }),
    arrangements: arrangementsInForce(arrangements, context),
    context,
  };
  const checks = request.checks.map((type): DecidedCheck => {
    if (controls.objections.length > 0) {
      return { type, decision: 'required', reasons: reasonsFrom(type, controls.objections) };
    }
    const question = { ...facts, type };
    const findings = targetsOf(type, request.consignment, about).map((target) =>
      choose(target, assess({ ...question, target })),
    );
    // What belongs to the document is not known to its end: nobody could say what remains, so no part is relied on.
    if (unseen.length > 0) {
      const objections = [...findings.flatMap((finding) => objectionsTo(finding, request.consignment)), ...unseen];
      return { type, decision: 'required', reasons: reasonsFrom(type, objections) };
    }
    return decideCheck(type, findings, request.consignment, controls.liftedBy);
  });
  return { outcome: outcomeOf(checks), checks };
}

/** What was found for one target: the support chosen, if any, and what stands against covering it whole. */
interface TargetFinding {
  target: Target;
  support: Support | undefined;
  objections: TargetedObjection[];
}

function choose(target: Target, { supports, objections, notCovering }: Assessment): TargetFinding {
  const support = [...supports].sort(compareSupports)[0];
  // That other results do not cover the target only explains something when none of those that do was refused.
  const uncovered = objections.length === 0 || support?.extent.of === 'part' ? notCovering : [];
  const notCovered = uncovered.map((resultId): TargetedObjection => ({ code: 'not-covered', resultId }));
  return { target, support, objections: [...objections, ...notCovered] };
}

/** What stands against covering a target, with its name; nothing if it is covered whole. */
function objectionsTo(
  { target, support, objections }: TargetFinding,
  consignment: RequestedConsignment,
): TargetedObjection[] {
  if (support?.extent.of === 'whole') return [];
  return objections.map((objection) => ({ ...objection, target: targetName(target, consignment) }));
}

function decideCheck(
  type: CheckType,
  findings: readonly TargetFinding[],
  consignment: RequestedConsignment,
  liftedBy: readonly ResultRecord[],
): DecidedCheck {
  const supports = findings.flatMap(({ support }) => (support ? [support] : []));
  const reliance = supports.length > 0 ? describeReliance(supports, liftedBy) : undefined;
  const missing = findings.filter(({ support }) => support?.extent.of !== 'whole');
  if (missing.length === 0 && reliance) {
    return { type, decision: 'recognised', ...reliance, covers: coverage(findings, coveredPart) };
  }
  const objections = missing.flatMap((finding) => objectionsTo(finding, consignment));
  const reasons = reasonsFrom(type, objections.length > 0 ? objections : [{ code: 'no-result' }]);
  if (!reliance) return { type, decision: 'required', reasons };
  const covers = coverage(findings, coveredPart);
  return { type, decision: 'required', reasons, ...reliance, covers, remaining: coverage(missing, remainingPart) };
}

interface DescribedReliance {
  by: RelianceOnResult[];
  arrangement?: string;
  validUntil?: string;
  evidence?: { resultId: string; version: number; issuer: ResultRecord['issuer'] }[];
}

function describeReliance(supports: readonly Support[], liftedBy: readonly ResultRecord[]): DescribedReliance {
  const several = new Set(supports.map(({ arrangement }) => arrangement)).size > 1;
  const by = new Map<string, RelianceOnResult>();
  for (const { record, arrangement } of supports) {
    const named = several && arrangement !== undefined ? { arrangement } : {};
    by.set(`${record.resultId} ${several ? (arrangement ?? '') : ''}`, { ...nameResult(record), ...named });
  }
  // Of several arrangements the entry names the one that ends its validity; each result in `by` names its own.
  const limiting = [...supports]
    .filter(({ arrangement }) => arrangement !== undefined)
    .sort((a, b) =>
      a.validUntil === b.validUntil
        ? compareText(a.arrangement ?? '', b.arrangement ?? '')
        : a.validUntil - b.validUntil,
    )[0];
  const validUntil = Math.min(...supports.map((support) => support.validUntil));
  const relied = new Set(supports.map(({ record }) => record.resultId));
  const evidence = new Map(
    [...supports.flatMap((support) => support.evidence), ...liftedBy]
      .filter(({ resultId }) => !relied.has(resultId))
      .map((record) => [record.resultId, nameResult(record)]),
  );
  return {
    by: inOrder(by),
    ...(limiting?.arrangement === undefined ? {} : { arrangement: limiting.arrangement }),
    ...(Number.isFinite(validUntil) ? { validUntil: new Date(validUntil).toISOString() } : {}),
    ...(evidence.size > 0 ? { evidence: inOrder(evidence) } : {}),
  };
}

function nameResult({ resultId, version, issuer }: ResultRecord): Omit<RelianceOnResult, 'arrangement'> {
  return { resultId, version, issuer };
}

function inOrder<Value>(named: ReadonlyMap<string, Value>): Value[] {
  return [...named].sort(([a], [b]) => compareText(a, b)).map(([, value]) => value);
}

/** What a finding adds to a coverage. */
interface Part {
  containers?: readonly string[];
  items?: readonly number[];
  quantities?: readonly ItemQuantity[];
}

function coverage(findings: readonly TargetFinding[], part: (finding: TargetFinding) => Part): Coverage {
  const parts = findings.map(part);
  const quantities = parts.flatMap((each) => each.quantities ?? []);
  return {
    containers: [...new Set(parts.flatMap((each) => each.containers ?? []))],
    items: [...new Set(parts.flatMap((each) => each.items ?? []))],
    ...(quantities.length > 0 ? { quantities } : {}),
  };
}

function coveredPart({ target, support }: TargetFinding): Part {
  if (!support) return {};
  const { extent } = support;
  if (extent.of === 'part') {
    return target.kind === 'item'
      ? { quantities: [{ item: target.item, value: extent.value, unit: extent.unit }] }
      : {};
  }
  return wholeOf(target);
}

function remainingPart({ target, support }: TargetFinding): Part {
  if (support?.extent.of !== 'part' || target.kind !== 'item') return wholeOf(target);
  const { value, unit } = support.extent;
  const declared = support.record.goods.get(target.item)?.amounts ?? [];
  const whole = target.quantity ?? declared.find((amount) => amount.unit === unit);
  const rest = whole && remainingDecimal(whole.value, value);
  return {
    items: [target.item],
    ...(rest === undefined ? {} : { quantities: [{ item: target.item, value: rest, unit }] }),
  };
}

function wholeOf(target: Target): Part {
  switch (target.kind) {
    case 'container':
      return { containers: [target.container] };
    case 'item':
      return {
        items: [target.item],
        ...(target.quantity ? { quantities: [{ item: target.item, ...target.quantity }] } : {}),
      };
    case 'document':
      return { containers: target.containers, items: target.items };
    default:
      return target satisfies never;
  }
}

function outcomeOf(checks: readonly DecidedCheck[]): DecidedRecognition['outcome'] {
  if (checks.length > 0 && checks.every(({ decision }) => decision === 'recognised')) return 'recognised';
  return checks.some(({ by = [] }) => by.length > 0) ? 'partial' : 'refused';
}
