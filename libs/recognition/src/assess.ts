import type { Arrangement, CheckType } from '@clearance/contracts';
import { arrangementsFor, conditionsHold, type DecisionContext } from './arrangements.ts';
import { CHECKS_OF_DOCUMENTS, mayBeOtherLoad, type RequestedConsignment, type Target } from './consignment.ts';
import type { Objection } from './controls.ts';
import { compareText } from './current-results.ts';
import { compareDecimals } from './decimal.ts';
import { WITHHELD } from './disclosed.ts';
import { addDuration } from './duration.ts';
import { extentOf, mayConcern, type Extent } from './extent.ts';
import type { Examination, ResultRecord } from './read-result.ts';
import type { SealJudgement, SealQuestion } from './seals.ts';

/** A check that may be relied on for a target. */
export interface Support {
  record: ResultRecord;
  extent: Extract<Extent, { of: 'whole' | 'part' }>;
  /** Absent when the unit relies on itself. */
  arrangement?: string;
  /** Milliseconds since the epoch; Infinity when nothing limits it. */
  validUntil: number;
  /** Other results that the reliance rests on. */
  evidence: readonly ResultRecord[];
}

/** All that is asked about one target of one requested check. */
export interface Question {
  type: CheckType;
  target: Target;
  consignment: RequestedConsignment;
  /** Current results about the consignment. */
  about: readonly ResultRecord[];
  judgeSeals: (question: SealQuestion) => SealJudgement;
  /** Those in force for the unit. */
  arrangements: readonly Arrangement[];
  context: DecisionContext;
}

/** What speaks for and against relying on what is known, for one target. */
export interface Assessment {
  supports: Support[];
  objections: Objection[];
  /** Results with such a check which does not name the target, or names only a part of it. */
  notCovering: string[];
}

/** A check of the type asked for that looked at the target, or may have. */
interface Concerning {
  record: ResultRecord;
  check: Examination;
}

interface Candidate extends Concerning {
  extent: Extract<Extent, { of: 'whole' | 'part' | 'withheld' }>;
}

/** Weighs every known check of the type against one target. */
export function assess(question: Question): Assessment {
  const assessment: Assessment = { supports: [], objections: [], notCovering: [] };
  const concerning: Concerning[] = [];
  const candidates: Candidate[] = [];
  for (const record of question.about) {
    if (record.checksWithheld && !record.revoked) {
      assessment.objections.push({ code: 'withheld', resultId: record.resultId, path: '/checks' });
    }
    for (const check of record.checks) {
      if (check.type !== question.type) continue;
      // What was found on any of the target counts, even where it cannot be told how much of it was examined.
      if (mayConcern(question.target, record, check, question.consignment)) concerning.push({ record, check });
      const extent = extentOf(question.target, record, check, question.consignment);
      if (extent.of === 'none') assessment.notCovering.push(record.resultId);
      else candidates.push({ record, check, extent });
    }
  }
  const adverse = findAdverse(concerning, question.about);
  for (const candidate of candidates) {
    const objections = objectionsToCheck(candidate, adverse);
    if (objections.length > 0) {
      assessment.objections.push(...objections);
      continue;
    }
    const reliance = rely(candidate, question);
    if (reliance.support?.extent.of === 'part') assessment.notCovering.push(candidate.record.resultId);
    if (reliance.support) assessment.supports.push(reliance.support);
    else assessment.objections.push(...reliance.objections);
  }
  return assessment;
}

/** What stands against a check under any arrangement. */
function objectionsToCheck({ record, check, extent }: Candidate, adverse: readonly Adverse[]): Objection[] {
  const { resultId } = record;
  if (record.revoked) return [{ code: 'revoked', resultId }];
  if (!record.verified) return [{ code: 'signature-invalid', resultId }];
  if (record.checksWithheld) return [{ code: 'withheld', resultId, path: '/checks' }];
  if (extent.of === 'withheld') return [{ code: 'withheld', resultId, path: extent.path }];
  if (check.outcome === WITHHELD) return [{ code: 'withheld', resultId, path: '/checks/*/outcome' }];
  if (check.performedAt === WITHHELD) return [{ code: 'withheld', resultId, path: '/checks/*/performedAt' }];
  if (record.validUntil === WITHHELD) return [{ code: 'withheld', resultId, path: '/validUntil' }];
  if (check.outcome !== 'conformant') return [{ code: 'non-conformant', resultId }];
  return contradicted(check, adverse);
}

/** Something that outweighs conformant checks up to a time. */
interface Adverse {
  /** Milliseconds since the epoch. */
  until: number;
  objection: Objection;
}

/**
 * The latest word counts: a check of the same type, of the same target or perhaps of it, that was not conformant
 * outweighs those before it, and those of the same moment. So does what was taken out and may be such a check, up to
 * the time when its result was issued.
 */
function findAdverse(concerning: readonly Concerning[], about: readonly ResultRecord[]): Adverse[] {
  const hidden = about
    .filter((record) => record.checksWithheld && !record.revoked)
    .map(({ issuedAt, resultId }): Adverse => {
      return { until: issuedAt, objection: { code: 'withheld', resultId, path: '/checks' } };
    });
  const shown = concerning
    .filter(({ record, check }) => !record.revoked && check.outcome !== 'conformant')
    .map(({ record: { resultId, issuedAt }, check: { outcome, performedAt } }): Adverse => {
      const until = typeof performedAt === 'number' ? performedAt : issuedAt;
      if (outcome !== WITHHELD) return { until, objection: { code: 'non-conformant', resultId } };
      return { until, objection: { code: 'withheld', resultId, path: '/checks/*/outcome' } };
    });
  return [...hidden, ...shown];
}

function contradicted({ performedAt }: Examination, adverse: readonly Adverse[]): Objection[] {
  return adverse
    .filter(({ until }) => typeof performedAt !== 'number' || until >= performedAt)
    .map(({ objection }) => objection);
}

interface Reliance {
  support?: Support;
  objections: Objection[];
}

/** Looks for the ground on which the unit may rely on a sound check: itself, or the arrangement that lasts longest. */
function rely(candidate: Candidate, question: Question): Reliance {
  const { record } = candidate;
  if (record.issuer === question.context.unit) return relyUnder(undefined, candidate, question);
  const reliances: Reliance[] = [];
  for (const arrangement of arrangementsFor(question.arrangements, record.issuer, question.type)) {
    const condition = conditionsHold(arrangement, record, question.target);
    if (condition === 'met') reliances.push(relyUnder(arrangement, candidate, question));
    else if (condition !== 'not-met') {
      const objection: Objection = { code: 'withheld', resultId: record.resultId, path: condition.withheld };
      reliances.push({ objections: [objection] });
    }
  }
  if (reliances.length === 0) return { objections: [{ code: 'no-arrangement', resultId: record.resultId }] };
  const supports = reliances.flatMap(({ support }) => (support ? [support] : [])).sort(compareSupports);
  return supports[0]
    ? { support: supports[0], objections: [] }
    : { objections: reliances.flatMap(({ objections }) => objections) };
}

function relyUnder(arrangement: Arrangement | undefined, candidate: Candidate, question: Question): Reliance {
  const { record, check, extent } = candidate;
  const { resultId } = record;
  if (extent.of === 'withheld' || typeof check.performedAt !== 'number') return { objections: [] };
  const ends = [typeof record.validUntil === 'number' ? record.validUntil : Infinity];
  if (arrangement) {
    const end = addDuration(check.performedAt, arrangement.validFor);
    // A term that cannot be read is no agreement.
    if (end === undefined) return { objections: [{ code: 'no-arrangement', resultId }] };
    ends.push(end, Date.parse(arrangement.validUntil));
  }
  const validUntil = Math.min(...ends);
  const objections: Objection[] = [];
  if (validUntil <= question.context.now) {
    objections.push({ code: 'expired', resultId, at: new Date(validUntil).toISOString() });
  }
  const seals = sealsHold(arrangement, candidate, question);
  objections.push(...seals.objections);
  if (objections.length > 0) return { objections };
  return {
    support: {
      record,
      extent,
      validUntil,
      evidence: seals.evidence,
      ...(arrangement ? { arrangement: arrangement.id } : {}),
    },
    objections: [],
  };
}

/**
 * Whether the seals allow it. An arrangement asks for proof when it says `sealUnbroken`; so does a container known by
 * its number alone, whatever the arrangement, since it may hold another load. The unit's own examination of goods needs
 * no proof, but does not survive a seal known to be broken. Goods travel in all containers that the check names, or
 * else that the result names.
 */
function sealsHold(
  arrangement: Arrangement | undefined,
  { record, check }: Candidate,
  question: Question,
): SealJudgement {
  const { target } = question;
  const ask = (container: string, demand: SealQuestion['demand']) =>
    question.judgeSeals({ container, examined: record, check, demand });
  const otherLoad = target.kind === 'container' && mayBeOtherLoad(record, question.consignment);
  const agreedProof = arrangement?.conditions.sealUnbroken === true;
  if (target.kind === 'container' && otherLoad !== false && !agreedProof) {
    const judgement = ask(target.container, 'proof');
    if (judgement.objections.length === 0) return judgement;
    const objection: Objection =
      otherLoad === WITHHELD
        ? { code: 'withheld', resultId: record.resultId, path: '/declarationNumber' }
        : { code: 'not-covered', resultId: record.resultId };
    return { objections: [objection], evidence: [] };
  }
  if (arrangement && !agreedProof) return { objections: [], evidence: [] };
  if (!arrangement && CHECKS_OF_DOCUMENTS.has(question.type)) return { objections: [], evidence: [] };
  const named = check.containers.size > 0 ? [...check.containers] : [...record.containers.keys()];
  const containers = target.kind === 'container' ? [target.container] : named;
  if (containers.length === 0) {
    const { resultId, containersWithheld } = record;
    if (containersWithheld) return { objections: [{ code: 'withheld', resultId, path: '/containers' }], evidence: [] };
    return { objections: agreedProof ? [{ code: 'seal-not-observed', resultId }] : [], evidence: [] };
  }
  const judgements = containers.map((container) => ask(container, agreedProof ? 'proof' : 'no-contrary'));
  return {
    objections: judgements.flatMap(({ objections }) => objections),
    evidence: judgements.flatMap(({ evidence }) => evidence),
  };
}

/**
 * The better support first: whole before part, the larger part, the one valid longest, the smaller id; never by order
 * of arrival.
 */
export function compareSupports(a: Support, b: Support): number {
  return (
    comparePart(a.extent, b.extent) ||
    (a.validUntil === b.validUntil ? 0 : a.validUntil > b.validUntil ? -1 : 1) ||
    compareText(a.record.resultId, b.record.resultId) ||
    compareText(a.arrangement ?? '', b.arrangement ?? '')
  );
}

function comparePart(a: Support['extent'], b: Support['extent']): number {
  if (a.of === 'whole' || b.of === 'whole') return Number(b.of === 'whole') - Number(a.of === 'whole');
  return compareText(a.unit, b.unit) || (compareDecimals(b.value, a.value) ?? 0);
}
