import type { Answer } from '../../api/answer.ts';

/** What happened to a consignment, as the gateway tells it. */
export type Timeline = Answer<'/api/v1/consignments/{id}/timeline'>;
export type Step = Timeline['steps'][number];
export type ResultVersion = Timeline['results'][number];

/** One version of a result on its way: when each step of it was, in milliseconds since the epoch. */
export interface Journey {
  resultId: string;
  version: number;
  unit: string;
  /** Null where it is withheld from somebody. */
  kind: string | null;
  status: ResultVersion['status'];
  traceId: string | null;
  examined: number | undefined;
  submitted: number;
  offered: number | undefined;
  decided: number | undefined;
  received: readonly { unit: string; at: number }[];
  settled: number | undefined;
}

/** A recognition that has to do with the consignment, and whether it was reopened. */
export interface RecognitionMark {
  recognitionId: string;
  unit: string;
  at: number;
  step: Step;
  reopened: Step | undefined;
}

/** Takes the steps of a timeline apart: by version, and by recognition; both in the order of their beginning. */
export function journeysOf({ results, steps }: Pick<Timeline, 'results' | 'steps'>): {
  journeys: Journey[];
  recognitions: RecognitionMark[];
} {
  const byVersion = Map.groupBy(
    steps.filter(({ recognitionId }) => recognitionId === undefined),
    ({ resultId, version }) => `${resultId}:${version}`,
  );
  const journeys = results.map((result) =>
    journeyOf(result, byVersion.get(`${result.resultId}:${result.version}`) ?? []),
  );
  const recognitions = steps
    .filter(({ step }) => step === 'recognised')
    .map((step): RecognitionMark => ({
      recognitionId: step.recognitionId!,
      unit: step.unit,
      at: Date.parse(step.at),
      step,
      reopened: steps.find((other) => other.step === 'reopened' && other.recognitionId === step.recognitionId),
    }));
  return { journeys: journeys.sort((one, other) => one.submitted - other.submitted), recognitions };
}

function journeyOf(result: ResultVersion, steps: readonly Step[]): Journey {
  const first = (name: Step['step']): number | undefined => {
    const found = steps.find(({ step }) => step === name);
    return found === undefined ? undefined : Date.parse(found.at);
  };
  const { resultId, version, issuer, kind, status, traceId, issuedAt } = result;
  return {
    ...{ resultId, version, unit: issuer, kind, status, traceId },
    examined: first('examined'),
    submitted: first('submitted') ?? Date.parse(issuedAt),
    offered: first('offered'),
    decided: first('decided'),
    received: steps.flatMap(({ step, unit, at }) => (step === 'received' ? [{ unit, at: Date.parse(at) }] : [])),
    settled: first('settled'),
  };
}

/** Seconds from the submission of a version until everybody had it; undefined while somebody has not. */
export function secondsToSettle({ submitted, settled }: Journey): number | undefined {
  return settled === undefined ? undefined : (settled - submitted) / 1_000;
}
