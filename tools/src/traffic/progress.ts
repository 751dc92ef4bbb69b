import type { UnitId } from '@clearance/contracts';
import type { Step } from './steps.ts';

/** Whether a step can be taken: `hopeless` when something it needs was refused or skipped. */
export type Readiness = 'ready' | 'waiting' | 'hopeless';

/** What has come of a scenario's results so far, as far as later steps depend on it. */
export interface Progress {
  readonly results: Map<
    string,
    { readonly unit: UnitId; readonly story: string; readonly resultId: string | undefined }
  >;
  /** Ids of the results that came to a unit as copies; the oldest are forgotten. */
  readonly arrivals: Map<UnitId, Set<string>>;
}

/** Copies that are remembered per unit: far more than lie between a result and the steps that wait for it. */
const REMEMBERED_ARRIVALS = 20_000;

/** Nothing has happened yet. */
export function noProgress(): Progress {
  return { results: new Map(), arrivals: new Map() };
}

/** Notes that a submitted result was accepted under an id, or (`undefined`) that it never will be. */
export function noteResult(progress: Progress, step: Step, resultId: string | undefined): void {
  progress.results.set(step.key, { unit: step.unit, story: step.story, resultId });
}

/** Notes that a copy of a result reached a unit. */
export function noteArrival(progress: Progress, unit: UnitId, resultId: string): void {
  let arrived = progress.arrivals.get(unit);
  if (arrived === undefined) progress.arrivals.set(unit, (arrived = new Set()));
  arrived.add(resultId);
  if (arrived.size > REMEMBERED_ARRIVALS) {
    for (const oldest of arrived) {
      arrived.delete(oldest);
      break;
    }
  }
}

/** Whether everything named by a step's `after` is there: own results accepted, others' arrived as copies. */
export function readiness(progress: Progress, step: Step): Readiness {
  let ready: Readiness = 'ready';
  for (const key of step.after) {
    const result = progress.results.get(key);
    if (result === undefined) ready = 'waiting';
    else if (result.resultId === undefined) return 'hopeless';
    else if (result.unit !== step.unit && !progress.arrivals.get(step.unit)?.has(result.resultId)) ready = 'waiting';
  }
  return ready;
}

/** Forgets a story's results: none of its keys is named again. */
export function forgetStory(progress: Progress, story: string): void {
  for (const [key, result] of progress.results) {
    if (result.story === story) progress.results.delete(key);
  }
}
