import type { CheckType, RecognitionOutcome, ResultStatus, UnitId } from '@clearance/contracts';

/** What happens to the results of a consignment, in the order in which it happens to one of them. */
export const TIMELINE_STEPS = [
  'examined',
  'submitted',
  'offered',
  'decided',
  'received',
  'settled',
  'recognised',
  'reopened',
] as const;
export type TimelineStepName = (typeof TIMELINE_STEPS)[number];

/** A version of a result, as far as everybody may see it, and what became of it. Times are RFC 3339. */
export interface FollowedVersion {
  resultId: string;
  version: number;
  status: ResultStatus;
  issuer: UnitId;
  examinedAt: string | null;
  issuedAt: string;
  offeredAt: string | null;
  /** Each time that it was decided: for the first time, and when another view of it was given. */
  decisions: readonly {
    at: string;
    listVersion: string;
    consumers: readonly UnitId[];
    withheldFrom: readonly UnitId[];
  }[];
  /** By unit: when it confirmed that it has it. */
  receipts: Readonly<Record<string, string>>;
  settledAt: string | null;
  traceId: string | null;
}

/** A recognition that has to do with a consignment. */
export interface FollowedRecognition {
  recognitionId: string;
  unit: UnitId;
  location: string;
  outcome: RecognitionOutcome;
  decidedAt: string;
  /** The checks that need not be repeated. */
  recognised: readonly CheckType[];
  /** The checks that must be, each with why. */
  required: readonly { check: CheckType; reasons: readonly string[] }[];
  /** What it relies on. */
  by: readonly { resultId: string; version: number }[];
  reopened: { at: string; resultId: string; version: number } | null;
  traceId: string | null;
}

/** One thing that happened. */
export interface TimelineStep {
  step: TimelineStepName;
  /** RFC 3339. */
  at: string;
  /** Who did it, or to whom it happened; of a decision, whose result it is. */
  unit: UnitId;
  resultId?: string;
  version?: number;
  /** Seconds since the version was submitted; negative for what came before. */
  sinceSubmitted?: number;
  recognitionId?: string;
  /** Of a recognition: what was found, where. */
  outcome?: RecognitionOutcome;
  location?: string;
  recognised?: readonly CheckType[];
  required?: readonly { check: CheckType; reasons: readonly string[] }[];
  /** Of a decision: by which list, for whom, and from whom something is withheld. */
  listVersion?: string;
  consumers?: readonly UnitId[];
  withheldFrom?: readonly UnitId[];
  traceId?: string;
}

const ORDER = new Map(TIMELINE_STEPS.map((step, place) => [step, place]));

/** Everything that happened to the results of a consignment, in the order of its time, and of its nature at one moment. */
export function timelineOf(
  versions: readonly FollowedVersion[],
  recognitions: readonly FollowedRecognition[],
): TimelineStep[] {
  const steps = [...versions.flatMap(stepsOfVersion), ...recognitions.flatMap(stepsOfRecognition)];
  const name = ({ unit, resultId = '', version = 0, recognitionId = '' }: TimelineStep): string =>
    `${resultId} ${String(version).padStart(10, '0')} ${unit} ${recognitionId}`;
  return steps
    .map((step) => ({ step, at: Date.parse(step.at), place: ORDER.get(step.step)!, name: name(step) }))
    .sort((one, other) => one.at - other.at || one.place - other.place || (one.name < other.name ? -1 : 1))
    .map(({ step }) => step);
}

function stepsOfVersion(followed: FollowedVersion): TimelineStep[] {
  const { resultId, version, issuer, examinedAt, issuedAt, offeredAt, decisions, receipts, settledAt, traceId } =
    followed;
  const submitted = Date.parse(issuedAt);
  const step = (name: TimelineStepName, at: string, unit: UnitId, more: Partial<TimelineStep> = {}): TimelineStep => ({
    step: name,
    at,
    unit,
    resultId,
    version,
    sinceSubmitted: (Date.parse(at) - submitted) / 1_000,
    ...more,
    ...(traceId === null ? {} : { traceId }),
  });
  return [
    // A later version repeats the examination of the first.
    ...(examinedAt === null || version > 1 ? [] : [step('examined', examinedAt, issuer)]),
    step('submitted', issuedAt, issuer),
    ...(offeredAt === null ? [] : [step('offered', offeredAt, issuer)]),
    ...decisions.map(({ at, listVersion, consumers, withheldFrom }) =>
      step('decided', at, issuer, { listVersion, consumers, withheldFrom }),
    ),
    ...Object.entries(receipts).map(([unit, at]) => step('received', at, unit as UnitId)),
    ...(settledAt === null ? [] : [step('settled', settledAt, issuer)]),
  ];
}

function stepsOfRecognition(followed: FollowedRecognition): TimelineStep[] {
  const { recognitionId, unit, location, outcome, recognised, required, decidedAt, by, reopened, traceId } = followed;
  const common = { unit, recognitionId, ...(traceId === null ? {} : { traceId }) };
  const [relied] = by;
  return [
    {
      ...common,
      ...{ step: 'recognised', at: decidedAt, outcome, location, recognised, required },
      ...(relied === undefined ? {} : relied),
    } satisfies TimelineStep,
    ...(reopened === null
      ? []
      : [
          {
            ...common,
            ...{ step: 'reopened', at: reopened.at, resultId: reopened.resultId, version: reopened.version },
          } satisfies TimelineStep,
        ]),
  ];
}
