import type { RecognitionRequest } from '@clearance/contracts';
import type { Objection } from './controls.ts';
import { WITHHELD } from './disclosed.ts';
import { compareText } from './current-results.ts';
import type { Examination, RecordedSeal, ResultRecord } from './read-result.ts';

export type SealObservations = NonNullable<RecognitionRequest['sealsObserved']>;

/** What all questions about seals in one decision share. */
export interface SealFacts {
  /** All current results that the unit knows, about this consignment or not. */
  records: readonly ResultRecord[];
  observed: SealObservations;
}

/** What is asked of a container's seals since it was examined. */
export interface SealQuestion {
  container: string;
  examined: ResultRecord;
  check: Examination;
  /**
   * `proof`: nothing short of the same seal, intact, in every later record and in the request.
   * `no-contrary`: silence is accepted, a broken or another seal is not.
   */
  demand: 'proof' | 'no-contrary';
}

/** A question, with what was recorded and observed of its container. */
interface SealCase extends SealQuestion {
  /** Results that name the container or may do so, in the order of time. */
  records: readonly ResultRecord[];
  observed: SealObservations;
}

/**
 * Whether the seal held; `evidence` are the other results that this rests on: a resealing, an earlier record of the
 * seal.
 */
export interface SealJudgement {
  objections: Objection[];
  evidence: ResultRecord[];
}

/** Examinations for which a container is opened, so that breaking its seal is part of the work. */
const OPENING_CHECKS: ReadonlySet<string> = new Set(['physical', 'quarantine', 'laboratory', 'weighing']);
const OFFICIALS: ReadonlySet<string | undefined> = new Set(['customs', 'inspection']);

/**
 * Answers questions about seals within one decision. The records of a container are gathered and put in order once, and
 * a question asked again (for another target, check or arrangement) is answered from the first time.
 */
export function sealJudge({ records, observed }: SealFacts): (question: SealQuestion) => SealJudgement {
  // A result whose containers were taken out may speak of any.
  const recordsOf = remember((container: string) =>
    records
      .filter((record) => !record.revoked && (record.containers.has(container) || record.containersWithheld))
      .sort(bySeenAt),
  );
  const observedOn = remember((container: string) => observed.filter((seal) => seal.container === container));
  const judgements = new Map<string, SealJudgement>();
  return (question) => {
    const { container, examined, check, demand } = question;
    const key = `${container} ${examined.resultId} ${String(check.performedAt)} ${demand}`;
    const known = judgements.get(key);
    if (known) return known;
    const judgement = judgeSeals({ ...question, records: recordsOf(container), observed: observedOn(container) });
    judgements.set(key, judgement);
    return judgement;
  };
}

function remember<Value>(answer: (key: string) => Value): (key: string) => Value {
  const answers = new Map<string, Value>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const value = answer(key);
    answers.set(key, value);
    return value;
  };
}

/**
 * Seal continuity (施封状态连续): whether the container stayed shut from the examination until the requester looked at it.
 *
 * 1. The seals that hold are those which the examining result recorded intact, less those it replaced. If it recorded
 *    none, they are those of the last verified record before it (a scan does not touch the seal); if there is none
 *    either, nothing shows that the container stayed shut: `seal-not-observed`. If it recorded only seals that were not
 *    intact: `seal-broken`.
 * 2. Every record at or after the check, by the time of its last check, is followed in order. A seal that is not
 *    intact, or a `seal` check that is not conformant: `seal-broken`. The exception is an official opening: a verified
 *    record with a conformant check that opens the container, in which the broken seal is replaced by an intact one.
 * 3. A seal that `replaces` one of those that hold takes its place, if the record says that a unit affixed it, not the
 *    carrier or shipper, and verifies. A seal added while all the others are there and intact holds from then on. Any
 *    other number: `seal-mismatch`.
 * 4. What was taken out of a record of the container, and might say otherwise, stands against reliance: `withheld`.
 * 5. The requester must have found every seal that holds, intact. None or not all: `seal-not-observed`.
 */
function judgeSeals(question: SealCase): SealJudgement {
  const { container, examined, check, demand } = question;
  const start = typeof check.performedAt === 'number' ? check.performedAt : Number.NEGATIVE_INFINITY;
  const others = question.records.filter((record) => record !== examined);
  const later = others.filter((record) => record.seenAt >= start);
  // Where the examination recorded no seal, records before it count too.
  const looked = (examined.containers.get(container) ?? []).length > 0 ? later : others;
  const objections = [
    ...[examined, ...looked].flatMap((record) => hidden(record, question)),
    ...broken(later, container),
  ];

  const baseline = sealsAtExamination(examined, others, container, start);
  if (baseline === 'broken') return { objections: [...objections, at('seal-broken', examined)], evidence: [] };
  if (baseline === undefined) {
    if (demand === 'proof') objections.push(at('seal-not-observed', examined));
    return { objections: [...objections, ...observedBroken(question)], evidence: [] };
  }
  // Between the check and the end of the same result the examining unit may have resealed; its own record is the last
  // word.
  const from = baseline.recordedBy === examined ? Math.max(start, examined.seenAt) : start;
  const chain = followSeals(
    baseline.seals,
    later.filter((record) => record.seenAt >= from),
    container,
  );
  objections.push(...chain.objections, ...observedBroken(question));
  if (chain.objections.length === 0) objections.push(...compareObserved(chain.seals, question));
  const evidence = baseline.recordedBy === examined ? chain.evidence : [baseline.recordedBy, ...chain.evidence];
  return { objections, evidence };
}

function at(code: Objection['code'], record: ResultRecord, path?: string): Objection {
  return { code, resultId: record.resultId, ...(path === undefined ? {} : { path }) };
}

function bySeenAt(a: ResultRecord, b: ResultRecord): number {
  // Unreadable times are infinite; their difference would not be a number.
  return a.seenAt === b.seenAt ? compareText(a.resultId, b.resultId) : a.seenAt < b.seenAt ? -1 : 1;
}

/** What a result may say about the container's seals, but was taken out: it might be that one is broken. */
function hidden(record: ResultRecord, { container }: SealCase): Objection[] {
  if (record.containersWithheld) return [at('withheld', record, '/containers')];
  if (!record.containers.has(container)) return [];
  const sealChecks = record.checks.filter(({ type }) => type === 'seal');
  return [
    ...(record.sealsWithheld ? [at('withheld', record, '/containers/*/seals')] : []),
    ...(record.checksWithheld ? [at('withheld', record, '/checks')] : []),
    // In another order the same seals tell another story.
    ...(record.checks.some(({ performedAt }) => typeof performedAt !== 'number')
      ? [at('withheld', record, '/checks/*/performedAt')]
      : []),
    ...(sealChecks.some(({ outcome }) => outcome === WITHHELD) ? [at('withheld', record, '/checks/*/outcome')] : []),
    ...(sealChecks.some(({ coversWithheld }) => coversWithheld) ? [at('withheld', record, '/checks/*/covers')] : []),
  ];
}

function broken(later: readonly ResultRecord[], container: string): Objection[] {
  return later
    .filter((record) => {
      const seals = record.containers.get(container) ?? [];
      const open = seals.some(
        (seal) => seal.condition !== 'intact' && !isOfficialOpening(seal, seals, record, container),
      );
      return open || record.checks.some((check) => isFailedSealCheck(check, container));
    })
    .map((record) => at('seal-broken', record));
}

function isFailedSealCheck(check: Examination, container: string): boolean {
  return (
    check.type === 'seal' &&
    // One that names no container may be about any in its result.
    (check.containers.has(container) || check.containers.size === 0) &&
    check.outcome !== WITHHELD &&
    check.outcome !== 'conformant'
  );
}

function isOfficialOpening(
  seal: RecordedSeal,
  seals: readonly RecordedSeal[],
  record: ResultRecord,
  container: string,
): boolean {
  return (
    seal.condition === 'broken' &&
    record.verified &&
    seals.some((other) => other.replaces === seal.number && isOfficial(other)) &&
    record.checks.some(
      (check) => OPENING_CHECKS.has(check.type) && check.containers.has(container) && check.outcome === 'conformant',
    )
  );
}

/** An intact seal with a number, affixed by a unit; where nothing says by whom, it may have been the carrier. */
function isOfficial(seal: RecordedSeal): boolean {
  return seal.condition === 'intact' && seal.number !== '' && OFFICIALS.has(seal.affixedBy);
}

/** Numbers of the seals that a record leaves on the container, intact. */
function sealsLeft(seals: readonly RecordedSeal[]): ReadonlySet<string> {
  const replaced = new Set(seals.filter(isOfficial).map(({ replaces }) => replaces));
  return new Set(
    seals
      .filter(({ condition, number }) => condition === 'intact' && number !== '' && !replaced.has(number))
      .map(({ number }) => number),
  );
}

function sealsAtExamination(
  examined: ResultRecord,
  others: readonly ResultRecord[],
  container: string,
  start: number,
): { seals: ReadonlySet<string>; recordedBy: ResultRecord } | 'broken' | undefined {
  const recorded = examined.containers.get(container) ?? [];
  if (recorded.length > 0) {
    const seals = sealsLeft(recorded);
    return seals.size > 0 ? { seals, recordedBy: examined } : 'broken';
  }
  const before = others.findLast(
    (record) => record.seenAt < start && (record.containers.get(container) ?? []).length > 0,
  );
  const seals = sealsLeft(before?.containers.get(container) ?? []);
  return before?.verified && seals.size > 0 ? { seals, recordedBy: before } : undefined;
}

/** Follows the seals through later records, in the order of time, until one does not fit. */
function followSeals(
  baseline: ReadonlySet<string>,
  records: readonly ResultRecord[],
  container: string,
): { seals: ReadonlySet<string>; objections: Objection[]; evidence: ResultRecord[] } {
  let seals = baseline;
  const evidence: ResultRecord[] = [];
  for (const record of records) {
    const recorded = record.containers.get(container) ?? [];
    // Nothing recorded, or nothing but seals that are expected: by far the usual case.
    if (recorded.every((seal) => isAsExpected(seal, seals))) continue;
    const replaced = record.verified ? replaceSeals(seals, recorded) : seals;
    const left = sealsLeft(recorded);
    const added = [...left].filter((number) => !replaced.has(number));
    const allThere = [...replaced].every((number) => left.has(number));
    if (added.length > 0 && !(allThere && record.verified)) {
      return { seals, objections: [at('seal-mismatch', record)], evidence };
    }
    const next = added.length > 0 ? new Set([...replaced, ...added]) : replaced;
    if (next !== seals) evidence.push(record);
    seals = next;
  }
  return { seals, objections: [], evidence };
}

function isAsExpected({ number, condition, replaces }: RecordedSeal, seals: ReadonlySet<string>): boolean {
  return condition === 'intact' && replaces === undefined && seals.has(number);
}

/** The seals that hold after a record's official resealings; the same set if there are none. */
function replaceSeals(seals: ReadonlySet<string>, recorded: readonly RecordedSeal[]): ReadonlySet<string> {
  const links = recorded.filter((seal) => isOfficial(seal) && seal.replaces !== undefined && seals.has(seal.replaces));
  if (links.length === 0) return seals;
  const replaced = new Set(links.map(({ replaces }) => replaces));
  return new Set([...[...seals].filter((number) => !replaced.has(number)), ...links.map(({ number }) => number)]);
}

function observedBroken(question: SealCase): Objection[] {
  const isBroken = question.observed.some(({ condition }) => condition !== 'intact');
  return isBroken ? [at('seal-broken', question.examined)] : [];
}

function compareObserved(seals: ReadonlySet<string>, question: SealCase): Objection[] {
  const { observed } = question;
  const numbers = new Set(observed.map(({ number }) => number));
  if ([...seals].every((number) => numbers.has(number))) return [];
  if (observed.some(({ number }) => !seals.has(number))) return [at('seal-mismatch', question.examined)];
  return question.demand === 'proof' ? [at('seal-not-observed', question.examined)] : [];
}
